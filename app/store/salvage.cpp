#include "app/store/salvage.h"

#include "app/store/message_names.h"
#include "app/store/row_walk.h"
#include "app/store/store_errors.h"

#include <sqlite3.h>

#include <array>
#include <vector>

namespace lares::app {
namespace {

QString textOf(sqlite3_stmt* row, int column) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return QString::fromUtf8(bytes, sqlite3_column_bytes(row, column));
}

/// Nobody has made so many of anything: larger numbers are noise.
constexpr qint64 kMaxPlausibleId = qint64{1} << 40;

bool isId(qint64 id) {
    return id > 0 && id <= kMaxPlausibleId;
}

bool isMessage(sqlite3_stmt* row) {
    const QString role = textOf(row, 3);
    const QString state = textOf(row, 4);
    return isId(sqlite3_column_int64(row, 1)) && storedName(roleOf(role)) == role &&
           storedName(stateOf(state)) == state;
}

bool isPart(sqlite3_stmt* row) {
    const QString kind = textOf(row, 3);
    const QString call = textOf(row, 5);
    return storedName(partKindOf(kind)) == kind && storedName(callStateOf(call)) == call;
}

bool isAny(sqlite3_stmt*) {
    return true;
}

/// A table of rows in ascending order of a whole number, which is the first column that is read.
/// `write` takes the columns from `first` on.
struct Table {
    const char* read;
    const char* write;
    int first;
    bool (*isOurs)(sqlite3_stmt* row);
};

constexpr Table kConversations{
    "SELECT id, title, preview, persona, created_at, updated_at, is_pinned, active_leaf, "
    "deleted_at, parameters, folder FROM conversations WHERE id > ?1 ORDER BY id",
    "INSERT INTO conversations(id, title, preview, persona, created_at, updated_at, is_pinned, "
    "active_leaf, deleted_at, parameters, folder) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON "
    "CONFLICT(id) DO UPDATE SET title=excluded.title, preview=excluded.preview, "
    "persona=excluded.persona, updated_at=excluded.updated_at, is_pinned=excluded.is_pinned, "
    "active_leaf=excluded.active_leaf, deleted_at=excluded.deleted_at, "
    "parameters=excluded.parameters, folder=excluded.folder WHERE created_at IS "
    "excluded.created_at",
    0, isAny};

constexpr Table kMessages{
    "SELECT id, conversation, parent, role, state, persona, created_at, stats FROM messages WHERE "
    "id > ?1 ORDER BY id",
    "INSERT INTO messages(id, conversation, parent, role, state, persona, created_at, stats) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET state=excluded.state, "
    "stats=excluded.stats WHERE conversation = excluded.conversation AND created_at IS "
    "excluded.created_at",
    0, isMessage};

constexpr std::array kOthers = {
    // An answer goes on at the end of its last part.
    Table{"SELECT rowid, message, position, kind, tool_name, call_state, summary, duration_ms, "
          "data, text FROM parts WHERE rowid > ?1 ORDER BY rowid",
          "INSERT INTO parts(message, position, kind, tool_name, call_state, summary, duration_ms, "
          "data, text) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(message, position) DO UPDATE "
          "SET call_state=excluded.call_state, summary=excluded.summary, "
          "duration_ms=excluded.duration_ms, data=excluded.data, text=excluded.text WHERE kind = "
          "excluded.kind AND substr(excluded.text, 1, length(parts.text)) = parts.text",
          1, isPart},
    Table{"SELECT conversation, text FROM drafts WHERE conversation > ?1 ORDER BY conversation",
          "INSERT INTO drafts(conversation, text) VALUES(?, ?) ON CONFLICT(conversation) DO UPDATE "
          "SET text=excluded.text",
          0, isAny},
    Table{"SELECT rowid, conversation, position, data, text FROM draft_attachments WHERE rowid > "
          "?1 ORDER BY rowid",
          "INSERT OR IGNORE INTO draft_attachments(conversation, position, data, text) VALUES(?, "
          "?, ?, ?)",
          1, isAny},
    Table{"SELECT message, is_leaving_out, text FROM summaries WHERE message > ?1 ORDER BY message",
          "INSERT OR IGNORE INTO summaries(message, is_leaving_out, text) VALUES(?, ?, ?)", 0,
          isAny},
    Table{"SELECT id, persona, conversation, message, created_at, is_on FROM notes WHERE id > ?1 "
          "ORDER BY id",
          "INSERT OR IGNORE INTO notes(id, persona, conversation, message, created_at, is_on) "
          "VALUES(?, ?, ?, ?, ?, ?)",
          0, isAny},
    Table{"SELECT id, note, text FROM note_texts WHERE id > ?1 ORDER BY id",
          "INSERT OR IGNORE INTO note_texts(id, note, text) VALUES(?, ?, ?)", 0, isAny},
    Table{"SELECT conversation, texts FROM begun_notes WHERE conversation > ?1 ORDER BY "
          "conversation",
          "INSERT INTO begun_notes(conversation, texts) SELECT ?1, ?2 WHERE json_valid(?2) ON "
          "CONFLICT(conversation) DO UPDATE SET texts=excluded.texts",
          0, isAny},
};

/// Ordered by a text: what stands behind a damaged page is not found.
constexpr const char* kReadPersonas =
    "SELECT id, name, system, greeting, parameters, lore, updated_at FROM personas";
constexpr const char* kWritePersona =
    "INSERT INTO personas(id, name, system, greeting, parameters, lore, updated_at) VALUES(?, ?, "
    "?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET name=excluded.name, system=excluded.system, "
    "greeting=excluded.greeting, parameters=excluded.parameters, lore=excluded.lore, "
    "updated_at=excluded.updated_at "
    "WHERE excluded.updated_at > updated_at";
constexpr const char* kReadSettings = "SELECT key, value FROM settings";
constexpr const char* kWriteSetting =
    "INSERT INTO settings(key, value) SELECT ?1, ?2 WHERE json_valid(?2) ON CONFLICT(key) DO "
    "UPDATE SET value=excluded.value";

constexpr const char* kCountMessages = "SELECT count(*) FROM messages";
constexpr const char* kReadSequence =
    "SELECT rowid, name, seq FROM sqlite_sequence WHERE rowid > ?1 ORDER BY rowid";

constexpr const char* kMend = R"sql(
UPDATE conversations SET active_leaf = coalesce(
    (SELECT max(id) FROM messages WHERE conversation = conversations.id), 0)
    WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = active_leaf);
UPDATE conversations SET updated_at = coalesce(
    (SELECT max(created_at) FROM messages WHERE conversation = conversations.id), created_at)
    WHERE updated_at IS NULL;
)sql";

class Salvage {
public:
    Salvage(Database& from, Database& to) : m_from(from), m_to(to) {}

    Result<qint64> run() {
        ASSIGN_OR_RETURN(const qint64 nBefore, m_to.number(kCountMessages));
        ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(m_to));
        RETURN_IF_ERROR(takeOver(kConversations));
        RETURN_IF_ERROR(takeOverMessages());
        for (const Table& table : kOthers) RETURN_IF_ERROR(takeOver(table));
        RETURN_IF_ERROR(markEmptyMessages());
        RETURN_IF_ERROR(takeOverAsFarAsItGoes(kReadPersonas, kWritePersona));
        RETURN_IF_ERROR(takeOverAsFarAsItGoes(kReadSettings, kWriteSetting));
        RETURN_IF_ERROR(giveNoIdAgain());
        RETURN_IF_ERROR(m_to.execute(kMend));
        RETURN_IF_ERROR(transaction.commit());
        ASSIGN_OR_RETURN(const qint64 nAfter, m_to.number(kCountMessages));
        return nAfter - nBefore;
    }

private:
    Result<UniqueStatement> prepare(const char* sql) {
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v2(m_to.connection(), sql, -1, &prepared, nullptr);
        UniqueStatement statement(prepared);
        if (code != SQLITE_OK) return m_to.lastError(code);
        return statement;
    }

    /// Writes the columns of a row from `first` on. A row that does not fit in (of another type, a
    /// part without its message) is passed over.
    Result<void> write(sqlite3_stmt* into, sqlite3_stmt* row, int first) {
        for (int i = first; i < sqlite3_column_count(row); ++i)
            sqlite3_bind_value(into, i - first + 1, sqlite3_column_value(row, i));
        const int code = sqlite3_step(into);
        sqlite3_reset(into);
        if (code == SQLITE_DONE || (code & 0xFF) == SQLITE_CONSTRAINT ||
            (code & 0xFF) == SQLITE_MISMATCH)
            return {};
        return m_to.lastError(code);
    }

    Result<void> takeOver(const Table& table) {
        ASSIGN_OR_RETURN(const UniqueStatement into, prepare(table.write));
        Result<void> done;
        walkRows(m_from.connection(), table.read, [&](sqlite3_stmt* row) {
            if (isId(sqlite3_column_int64(row, 0)) && table.isOurs(row))
                done = write(into.get(), row, table.first);
            return done.has_value();
        });
        return done;
    }

    Result<void> takeOverMessages() {
        ASSIGN_OR_RETURN(const UniqueStatement into, prepare(kMessages.write));
        ASSIGN_OR_RETURN(const UniqueStatement holder,
                         prepare("INSERT OR IGNORE INTO conversations(id, title, created_at) "
                                 "VALUES(?, ?, ?)"));
        const QByteArray title = recoveredTitle().toUtf8();
        Result<void> done;
        walkRows(m_from.connection(), kMessages.read, [&](sqlite3_stmt* row) {
            if (!isId(sqlite3_column_int64(row, 0)) || !isMessage(row)) return true;
            sqlite3_bind_int64(holder.get(), 1, sqlite3_column_int64(row, 1));
            sqlite3_bind_text(holder.get(), 2, title.constData(), int(title.size()), SQLITE_STATIC);
            sqlite3_bind_value(holder.get(), 3, sqlite3_column_value(row, 6));
            sqlite3_step(holder.get());  // where it fails, the message does not fit in either
            sqlite3_reset(holder.get());
            done = write(into.get(), row, kMessages.first);
            const bool isUser = textOf(row, 3) == storedName(Role::User);
            m_messages.push_back({sqlite3_column_int64(row, 0), isUser});
            return done.has_value();
        });
        return done;
    }

    /// What a message said may have lain on another page than the message.
    Result<void> markEmptyMessages() {
        ASSIGN_OR_RETURN(const UniqueStatement into,
                         prepare("INSERT INTO parts(message, position, kind, text) SELECT ?1, 0, "
                                 "?2, ?3 WHERE EXISTS (SELECT 1 FROM messages WHERE id = ?1) AND "
                                 "NOT EXISTS (SELECT 1 FROM parts WHERE message = ?1)"));
        const QByteArray sentence = lostTextSentence().toUtf8();
        for (const auto& [id, isUser] : m_messages) {
            const auto kind = storedName(isUser ? Part::Kind::Text : Part::Kind::Notice);
            sqlite3_bind_int64(into.get(), 1, id);
            sqlite3_bind_text(into.get(), 2, kind.data(), int(kind.size()), SQLITE_STATIC);
            sqlite3_bind_text(into.get(), 3, sentence.constData(), int(sentence.size()),
                              SQLITE_STATIC);
            const int code = sqlite3_step(into.get());
            sqlite3_reset(into.get());
            if (code != SQLITE_DONE) return m_to.lastError(code);
        }
        return {};
    }

    Result<void> takeOverAsFarAsItGoes(const char* read, const char* sql) {
        ASSIGN_OR_RETURN(const UniqueStatement into, prepare(sql));
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v2(m_from.connection(), read, -1, &prepared, nullptr) != SQLITE_OK)
            return {};
        const UniqueStatement rows(prepared);
        while (sqlite3_step(prepared) == SQLITE_ROW)
            RETURN_IF_ERROR(write(into.get(), prepared, 0));
        return {};
    }

    /// Not those of rows that are lost either.
    Result<void> giveNoIdAgain() {
        ASSIGN_OR_RETURN(const UniqueStatement larger,
                         prepare("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1"));
        ASSIGN_OR_RETURN(const UniqueStatement first,
                         prepare("INSERT INTO sqlite_sequence(name, seq) SELECT ?1, ?2 WHERE NOT "
                                 "EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)"));
        Result<void> done;
        walkRows(m_from.connection(), kReadSequence, [&](sqlite3_stmt* row) {
            if (!isId(sqlite3_column_int64(row, 2))) return true;
            done = write(larger.get(), row, 1);
            if (done) done = write(first.get(), row, 1);
            return done.has_value();
        });
        return done;
    }

    struct Message {
        qint64 id;
        bool isUser;
    };

    Database& m_from;
    Database& m_to;
    std::vector<Message> m_messages;  ///< that were read
};

}  // namespace

Result<qint64> salvage(Database& from, Database& to) {
    return Salvage(from, to).run();
}

}  // namespace lares::app
