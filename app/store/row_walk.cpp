#include "app/store/row_walk.h"

#include <limits>

namespace lares::app {
namespace {

/// No id of ours is larger.
constexpr qint64 kMaxKey = std::numeric_limits<qint64>::max() / 4;

class RowWalk {
public:
    RowWalk(sqlite3_stmt* statement, const std::function<bool(sqlite3_stmt*)>& take)
        : m_statement(statement), m_take(take) {}

    void run() {
        while (!readFrom(m_last)) {
            // Twice as far each time, and then back to the nearest.
            qint64 readable = 1;
            while (m_last + readable < kMaxKey && !canReadFrom(m_last + readable)) readable *= 2;
            if (m_last + readable >= kMaxKey) return;
            qint64 failing = readable / 2;
            while (readable - failing > 1) {
                const qint64 middle = failing + (readable - failing) / 2;
                (canReadFrom(m_last + middle) ? readable : failing) = middle;
            }
            m_last += readable;
        }
    }

private:
    /// The row behind `key`, whole; no row is as good.
    bool canReadFrom(qint64 key) {
        bind(key);
        const int code = sqlite3_step(m_statement);
        const bool isNext = code == SQLITE_ROW && sqlite3_column_int64(m_statement, 0) > key;
        sqlite3_reset(m_statement);
        return code == SQLITE_DONE || isNext;
    }
    /// False: stopped by damage behind m_last.
    bool readFrom(qint64 key) {
        bind(key);
        int code = SQLITE_OK;
        while ((code = sqlite3_step(m_statement)) == SQLITE_ROW) {
            const qint64 found = sqlite3_column_int64(m_statement, 0);
            if (found <= m_last) break;  // pages that lead back to themselves
            m_last = found;
            if (!m_take(m_statement)) {
                code = SQLITE_DONE;
                break;
            }
        }
        sqlite3_reset(m_statement);
        return code == SQLITE_DONE;
    }
    void bind(qint64 key) { sqlite3_bind_int64(m_statement, 1, key); }

    sqlite3_stmt* const m_statement;
    const std::function<bool(sqlite3_stmt*)>& m_take;
    qint64 m_last = 0;
};

}  // namespace

void walkRows(sqlite3* database, const char* sql, const std::function<bool(sqlite3_stmt*)>& take) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(database, sql, -1, &prepared, nullptr) != SQLITE_OK) return;
    const UniqueStatement statement(prepared);
    RowWalk(statement.get(), take).run();
}

}  // namespace lares::app
