#include "tools/audit/audit_entry.h"

#include "tools/journal/sha256.h"

#include <array>
#include <random>
#include <utility>

namespace lares {
namespace {

using Kind = AuditEntry::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 7> kKinds = {{
    {Kind::Begun, "begun"},
    {Kind::Decided, "decided"},
    {Kind::Ended, "ended"},
    {Kind::Undone, "undone"},
    {Kind::Revoked, "revoked"},
    {Kind::Forgotten, "forgotten"},
    {Kind::Cut, "cut"},
}};

/// 128 bits in hex.
std::string random_salt() {
    std::random_device device;
    std::string salt;
    for (int word = 0; word < 4; ++word) {
        const std::uint32_t bits = device();
        for (int shift = 28; shift >= 0; shift -= 4)
            salt.push_back("0123456789abcdef"[bits >> shift & 0xF]);
    }
    return salt;
}

/// "5:hello," (a netstring): two lists of fields never look alike.
void add_field(std::string& text, std::string_view field) {
    text.append(std::to_string(field.size())).append(":").append(field).append(",");
}

template <class Call>
NewEntry new_entry(Kind kind, const Call& call, const Json& details) {
    NewEntry entry;
    entry.entry.kind = kind;
    entry.entry.conversation = call.conversation;
    entry.entry.turn = call.turn;
    entry.entry.tool = call.tool;
    entry.entry.details = json_text(details);
    return entry;
}

}  // namespace

std::string_view to_string(DecidedBy by) {
    switch (by) {
        case DecidedBy::Rules:
            return "rules";
        case DecidedBy::Grant:
            return "grant";
        case DecidedBy::User:
            return "user";
        case DecidedBy::Nobody:
            break;
    }
    return "nobody";
}

std::string_view to_string(Kind kind) {
    for (const auto& [value, name] : kKinds)
        if (value == kind) return name;
    return "";
}

std::optional<Kind> kind_from(std::string_view name) {
    for (const auto& [value, text] : kKinds)
        if (text == name) return value;
    return std::nullopt;
}

std::string_view first_hash() {
    return "0000000000000000000000000000000000000000000000000000000000000000";
}

std::string hash_behind(std::string_view previous, const AuditEntry& entry) {
    std::string text;
    add_field(text, previous);
    add_field(text, std::to_string(entry.number));
    add_field(text, std::to_string(entry.time_ms));
    add_field(text, to_string(entry.kind));
    add_field(text, entry.conversation);
    add_field(text, entry.turn);
    add_field(text, entry.tool);
    add_field(text, entry.details);
    add_field(text, entry.private_sha256);
    return sha256_hex(text);
}

std::optional<AuditEntry> entry_from(const SqliteFile::Statement& row) {
    const auto kind = kind_from(row.text(2));
    if (!kind) return std::nullopt;
    return AuditEntry{row.integer(0), row.integer(1), *kind,       row.text(3), row.text(4),
                      row.text(5),    row.text(6),    row.text(7), row.text(8)};
}

NewEntry entry_of(const DecidedCall& call) {
    Json details = {
        {"effect", call.effect}, {"allowed", call.is_allowed}, {"by", to_string(call.by)}};
    if (!call.lasts.empty()) details["lasts"] = call.lasts;
    if (!call.grants.empty()) details["grants"] = call.grants;
    if (!call.is_allowed) details["code"] = to_string(call.code);
    NewEntry entry = new_entry(Kind::Decided, call, details);
    if (call.is_temporary) return entry;
    Json hidden = {{"salt", random_salt()}};
    if (call.tool.empty()) hidden["called"] = call.called;
    hidden["arguments"] = call.arguments;
    if (!call.paths.empty()) hidden["paths"] = call.paths;
    if (!call.folders.empty()) hidden["folders"] = call.folders;
    if (!call.reason.empty()) hidden["reason"] = call.reason;
    entry.private_text = json_text(hidden);
    return entry;
}

NewEntry entry_of(const EndedCall& call) {
    Json details = {{"decision", call.decision}, {"ok", !call.is_error}};
    if (call.is_error) details["code"] = to_string(call.code);
    details["duration_ms"] = call.duration.count();
    details["result_bytes"] = call.result_bytes;
    if (!call.changes.empty()) details["changes"] = call.changes;
    if (!call.layers.empty()) details["layers"] = call.layers;
    return new_entry(Kind::Ended, call, details);
}

NewEntry entry_of(const UndoneCalls& calls) {
    NewEntry entry;
    entry.entry.kind = Kind::Undone;
    entry.entry.conversation = calls.conversation;
    entry.entry.turn = calls.turn;
    entry.entry.details = json_text(Json{{"changes", calls.changes}, {"kept", calls.n_kept}});
    return entry;
}

NewEntry entry_of(const RevokedGrant& grant) {
    NewEntry entry;
    entry.entry.kind = Kind::Revoked;
    entry.entry.conversation = grant.conversation;
    entry.entry.details =
        json_text(Json{{"grant", grant.grant}, {"changes", grant.allows_changes}});
    if (grant.folder.empty()) return entry;
    entry.private_text =
        json_text(Json{{"salt", random_salt()}, {"folders", Json::array({grant.folder})}});
    return entry;
}

}  // namespace lares
