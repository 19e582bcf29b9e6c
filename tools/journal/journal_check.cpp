#include "tools/journal/journal_check.h"

#include "tools/journal/sha256.h"

namespace lares {
namespace {

/// The number of copies that are not what they were.
Result<std::int64_t> damaged_copies(const SqliteFile& journal) {
    ASSIGN_OR_RETURN(auto row, journal.prepare("SELECT sha256, bytes FROM kept"));
    std::int64_t n_damaged = 0;
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, row.step());
        if (!has_row) return n_damaged;
        if (sha256_hex(row.text(1)) != row.text(0)) ++n_damaged;
    }
}

}  // namespace

std::filesystem::path journal_file(const std::filesystem::path& folder) {
    return folder / "journal.db";
}

Result<JournalReport> check_journal(const SqliteFile& journal) {
    JournalReport report;
    RETURN_IF_ERROR(journal.check());
    ASSIGN_OR_RETURN(const std::int64_t n_table,
                     journal.number("SELECT count(*) FROM sqlite_schema WHERE type='table' AND "
                                    "name IN ('changes', 'kept')"));
    if (n_table == 0) return report;
    ASSIGN_OR_RETURN(report.n_change, journal.number("SELECT count(*) FROM changes"));
    ASSIGN_OR_RETURN(report.n_under_way,
                     journal.number("SELECT count(*) FROM changes WHERE state IN ('intent', "
                                    "'undoing')"));
    ASSIGN_OR_RETURN(report.n_kept, journal.number("SELECT count(*) FROM kept"));
    ASSIGN_OR_RETURN(report.kept_bytes, journal.number("SELECT total(length(bytes)) FROM kept"));
    ASSIGN_OR_RETURN(const std::int64_t n_lost,
                     journal.number("SELECT count(*) FROM changes WHERE state = 'done' AND "
                                    "old_sha256 <> '' AND old_sha256 NOT IN (SELECT sha256 FROM "
                                    "kept)"));
    ASSIGN_OR_RETURN(const std::int64_t n_damaged, damaged_copies(journal));
    if (n_lost + n_damaged > 0)
        report.problem = std::to_string(n_lost + n_damaged) +
                         " copies of files that were replaced are damaged or gone: those changes "
                         "cannot be undone.";
    return report;
}

}  // namespace lares
