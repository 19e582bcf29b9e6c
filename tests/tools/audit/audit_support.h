#pragma once

#include "tools/audit/audit_database.h"
#include "tools/audit/audit_log.h"

#include <QTest>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace lares::test {

/// What these tests are about is no disk's speed.
inline void workInMemory() {
#ifndef _WIN32
    if (std::filesystem::exists("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
#endif
}

/// Null where it cannot be opened.
inline std::unique_ptr<AuditLog> openedLog(const std::string& folder,
                                           AuditLog::Options options = {}) {
    auto log = AuditLog::open(folder, options);
    return log ? std::move(*log) : nullptr;
}

inline DecidedCall sampleCall(const std::string& conversation, const std::string& path) {
    DecidedCall call;
    call.conversation = conversation;
    call.turn = conversation + "-turn";
    call.tool = "read_file";
    call.effect = "read";
    call.is_allowed = true;
    call.by = DecidedBy::Grant;
    call.grants = {3};
    call.arguments = R"({"path":")" + path + "\"}";
    call.paths = {path};
    call.folders = {"/granted"};
    return call;
}

inline EndedCall sampleEnd(EntryNumber decision) {
    EndedCall end;
    end.decision = decision;
    end.conversation = "1";
    end.tool = "read_file";
    end.duration = std::chrono::milliseconds(7);
    end.result_bytes = 120;
    end.changes = {4};
    end.layers = {"openat2", "landlock"};
    return end;
}

/// `n` calls with their ends: two entries each, behind the first of the chain.
inline bool addCalls(AuditLog& log, int n, const std::string& conversation = "1") {
    for (int i = 0; i < n; ++i) {
        const auto entry = log.decided(sampleCall(conversation, "/granted/" + std::to_string(i)));
        if (!entry || !log.ended(sampleEnd(*entry))) return false;
    }
    return true;
}

/// What a check of the log says: empty when it is intact.
inline QString problemOf(const std::string& folder) {
    const auto log = open_audit_files(folder);
    if (!log) return QString::fromStdString(log.error().message);
    const auto report = check_chain(*log);
    return QString::fromStdString(report ? report->problem : report.error().message);
}

inline AuditReport reportOf(const std::string& folder) {
    const auto log = open_audit_files(folder);
    return log ? check_chain(*log).value_or(AuditReport{}) : AuditReport{};
}

/// How many entries there are of a kind.
inline int entriesOf(const std::string& folder, AuditEntry::Kind kind) {
    const auto log = open_audit_files(folder);
    if (!log) return -1;
    auto row = log->prepare("SELECT count(*) FROM entries WHERE kind=?");
    if (!row || !row->bind(to_string(kind)).step().value_or(false)) return -1;
    return static_cast<int>(row->integer(0));
}

/// Runs SQL on the log as somebody would who is not Lares.
inline bool tamper(const std::string& folder, const char* sql) {
    auto log = open_audit_files(folder);
    return log && log->execute(sql);
}

}  // namespace lares::test
