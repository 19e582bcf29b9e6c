#include "tools/audit/audit_check.h"

#include "tools/audit/audit_database.h"
#include "tools/journal/sha256.h"

#include <array>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

namespace lares {
namespace {

using Kind = AuditEntry::Kind;

/// "2026-11-28 09:12:44 UTC"
std::string time_text(std::int64_t time_ms) {
    const auto seconds = static_cast<std::time_t>(time_ms / 1000);
    std::tm utc{};
#ifdef _WIN32
    if (::gmtime_s(&utc, &seconds) != 0) return "?";
#else
    if (!::gmtime_r(&seconds, &utc)) return "?";
#endif
    std::array<char, 40> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &utc);
    return text.data();
}

/// An object, or an empty one.
Json object_from(const std::string& text) {
    Result<Json> parsed = parse_json(text);
    return parsed && parsed->is_object() ? std::move(*parsed) : Json::object();
}

std::string text_in(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

EntryNumber number_in(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_number_integer() ? it->get<EntryNumber>() : 0;
}

std::string from_to(EntryNumber first, EntryNumber last) {
    return first == last
               ? "Entry " + std::to_string(first) + " is"
               : "Entries " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

/// Follows a chain, entry after entry; the first problem stays.
class Chain {
public:
    Chain(AuditHead cut, std::map<std::string, EntryNumber> forgotten)
        : m_cut(std::move(cut)), m_forgotten(std::move(forgotten)) {}

    void add(const AuditEntry& entry, const std::string& private_text) {
        if (m_report.n_entry == 0) {
            begin(entry);
        } else if (entry.number != m_last.number + 1) {
            complain(m_last.number + 1, from_to(m_last.number + 1, entry.number - 1) + " missing.");
        } else if (entry.kind == Kind::Begun) {
            complain(entry.number, "A new chain begins in the middle of the log, at entry " +
                                       std::to_string(entry.number) + ".");
        }
        if (hash_behind(m_last.hash, entry) != entry.hash)
            complain(entry.number, name_of(entry) +
                                       " is not as it was written, or does not belong behind the "
                                       "one before it.");
        check_private(entry, private_text);
        m_last = {entry.number, entry.hash};
        ++m_report.n_entry;
        m_report.last_ms = entry.time_ms;
    }

    void unknown_kind(EntryNumber number) {
        complain(number, "Entry " + std::to_string(number) + " is of no kind that Lares writes.");
        m_last.number = number;
    }

    AuditReport end(const AuditHead& head) {
        if (m_report.n_entry > 0) m_report.newest = m_last.number;
        m_report.head_hash = m_last.hash;
        if (head.number > m_last.number) {
            complain(m_last.number + 1, from_to(m_last.number + 1, head.number) +
                                            " missing: the end of the log was cut off.");
        } else if (head.number < m_last.number) {
            complain(head.number + 1, from_to(head.number + 1, m_last.number) +
                                          " not Lares': the head of the log does not know of it.");
        } else if (head.hash != m_last.hash) {
            complain(m_last.number,
                     "The newest entry is not the one that the head of the log names.");
        }
        if (!m_earlier.empty()) complain(0, m_earlier);
        return std::move(m_report);
    }

private:
    static std::string name_of(const AuditEntry& entry) {
        return "Entry " + std::to_string(entry.number) + " (" + time_text(entry.time_ms) + ")";
    }

    void complain(EntryNumber number, std::string sentence) {
        if (!m_report.problem.empty()) return;
        m_report.problem = std::move(sentence);
        m_report.problem_entry = number;
    }

    void begin(const AuditEntry& first) {
        m_report.first_ms = first.time_ms;
        m_report.oldest = first.kind;
        m_last = {first.number - 1, m_cut.hash};
        if (first.kind == Kind::Begun) {
            m_last.hash = first_hash();
            note_earlier(first);
        } else if (m_cut.number != first.number - 1) {
            complain(1, "The oldest entries are missing: the log begins with entry " +
                            std::to_string(first.number) + ", and nothing in it says why.");
        }
    }

    /// A log before this one that was lost does not become right by beginning anew.
    void note_earlier(const AuditEntry& first) {
        const Json details = object_from(first.details);
        const std::string why = text_in(details, "why");
        const std::string kept = text_in(details, "kept_as");
        const std::string when = time_text(first.time_ms);
        if (why == "damaged")
            m_earlier = "An earlier log was damaged: on " + when + " it was set aside as " + kept +
                        ". Look at it, then delete the log in Settings to begin anew.";
        if (why == "missing")
            m_earlier = "The log before this one, up to entry " +
                        std::to_string(number_in(details, "before")) + ", was gone on " + when +
                        ". Delete the log in Settings to begin anew.";
    }

    void check_private(const AuditEntry& entry, const std::string& private_text) {
        if (private_text.empty()) {
            if (entry.private_sha256.empty()) return;
            const auto it = m_forgotten.find(entry.conversation);
            if (it == m_forgotten.end() || it->second < entry.number)
                complain(entry.number,
                         "What " + name_of(entry) +
                             " was about was taken out by something else than Lares.");
            ++m_report.n_forgotten;
            return;
        }
        if (entry.private_sha256.empty() || sha256_hex(private_text) != entry.private_sha256)
            complain(entry.number,
                     "What " + name_of(entry) + " is about is not as it was written.");
    }

    const AuditHead m_cut;
    const std::map<std::string, EntryNumber> m_forgotten;
    AuditHead m_last;
    std::string m_earlier;
    AuditReport m_report;
};

/// The newest entry that says that the oldest were cut off: up to which one, and its hash.
Result<AuditHead> newest_cut(const SqliteFile& log) {
    ASSIGN_OR_RETURN(auto row, log.prepare("SELECT details FROM entries WHERE kind='cut' ORDER BY "
                                           "number DESC LIMIT 1"));
    ASSIGN_OR_RETURN(const bool has_row, row.step());
    if (!has_row) return AuditHead{};
    const Json details = object_from(row.text(0));
    return AuditHead{number_in(details, "through"), text_in(details, "hash")};
}

/// Conversations that lost what was private, and the newest entry that says so.
Result<std::map<std::string, EntryNumber>> forgotten_conversations(const SqliteFile& log) {
    ASSIGN_OR_RETURN(auto row, log.prepare("SELECT conversation, max(number) FROM entries WHERE "
                                           "kind='forgotten' GROUP BY conversation"));
    std::map<std::string, EntryNumber> forgotten;
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, row.step());
        if (!has_row) return forgotten;
        forgotten[row.text(0)] = row.integer(1);
    }
}

constexpr const char* kAllEntries =
    "SELECT number, time_ms, kind, conversation, turn, tool, details, private_sha256, hash, text "
    "FROM entries LEFT JOIN private USING(number) ORDER BY number";

}  // namespace

Result<AuditReport> check_chain(const SqliteFile& log) {
    RETURN_IF_ERROR(log.check());
    ASSIGN_OR_RETURN(AuditHead cut, newest_cut(log));
    ASSIGN_OR_RETURN(auto forgotten, forgotten_conversations(log));
    Chain chain(std::move(cut), std::move(forgotten));
    ASSIGN_OR_RETURN(auto row, log.prepare(kAllEntries));
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, row.step());
        if (!has_row) break;
        if (const auto entry = entry_from(row)) {
            chain.add(*entry, row.text(9));
        } else {
            chain.unknown_kind(row.integer(0));
        }
    }
    ASSIGN_OR_RETURN(const AuditHead head, head_of(log));
    AuditReport report = chain.end(head);
    ASSIGN_OR_RETURN(const std::int64_t n_stray,
                     log.number("SELECT count(*) FROM private WHERE number NOT IN (SELECT number "
                                "FROM entries)"));
    if (report.is_intact() && n_stray > 0)
        report.problem = "There is something private in the log that belongs to no entry.";
    return report;
}

Json json_of(const AuditEntry& entry, const std::string& private_text) {
    Json json = {{"number", entry.number},
                 {"time", time_text(entry.time_ms)},
                 {"time_ms", entry.time_ms},
                 {"kind", to_string(entry.kind)}};
    if (!entry.conversation.empty()) json["conversation"] = entry.conversation;
    if (!entry.turn.empty()) json["turn"] = entry.turn;
    if (!entry.tool.empty()) json["tool"] = entry.tool;
    json["details"] = object_from(entry.details);
    if (!entry.private_sha256.empty()) {
        json["private"] = private_text.empty() ? Json() : object_from(private_text);
        json["private_sha256"] = entry.private_sha256;
    }
    json["hash"] = entry.hash;
    return json;
}

Result<void> for_each_entry(
    const SqliteFile& log,
    const std::function<Result<void>(const AuditEntry&, const std::string& private_text)>& take) {
    ASSIGN_OR_RETURN(auto row, log.prepare(kAllEntries));
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, row.step());
        if (!has_row) return {};
        if (const auto entry = entry_from(row)) RETURN_IF_ERROR(take(*entry, row.text(9)));
    }
}

}  // namespace lares
