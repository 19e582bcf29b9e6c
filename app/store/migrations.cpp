#include "app/store/migrations.h"

#include "app/store/store_errors.h"

#include <array>
#include <string>

namespace lares::app {
namespace {

// Times are milliseconds since 1970, UTC. Enumerators are stored by name (message_names.cpp).
// AUTOINCREMENT: an id is never given out twice, even when its row is gone.
// `text` comes last in its row, so that reading the other columns skips its overflow pages.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE conversations(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL DEFAULT '',
    preview TEXT NOT NULL DEFAULT '',
    persona TEXT NOT NULL DEFAULT '',
    created_at INTEGER,
    updated_at INTEGER,
    is_pinned INTEGER NOT NULL DEFAULT 0,
    active_leaf INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER
) STRICT;
CREATE INDEX conversations_listed ON conversations(is_pinned, updated_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX conversations_in_trash ON conversations(deleted_at) WHERE deleted_at IS NOT NULL;

-- Apart from the conversation, since it is saved several times a second.
CREATE TABLE drafts(
    conversation INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;

-- parent: 0 is the beginning. No foreign key: an answer whose question could not be saved is worth
-- more than none.
CREATE TABLE messages(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    parent INTEGER NOT NULL DEFAULT 0,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    persona TEXT NOT NULL DEFAULT '',
    created_at INTEGER,
    stats TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX messages_of_conversation ON messages(conversation, id);

CREATE TABLE parts(
    message INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tool_name TEXT NOT NULL DEFAULT '',
    call_state TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    duration_ms INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(message, position)
) STRICT;

CREATE TABLE settings(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grants(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder TEXT NOT NULL,
    access TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    UNIQUE(folder, access)
) STRICT;

CREATE TABLE personas(
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    system TEXT NOT NULL,
    greeting TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// How the answers of a conversation are picked, where it is not as usual.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE conversations ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
)sql";

// What a persona picks its answers with, where a conversation is kept, and what is attached to a
// draft: apart from its text, since a row is written whole, and the text is saved at every pause.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE personas ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN folder TEXT NOT NULL DEFAULT '';
CREATE TABLE draft_attachments(
    conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    data TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY(conversation, position)
) STRICT;
)sql";

// What stands for a branch up to a message, when all of it is too long to be read.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE summaries(
    message INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
    is_leaving_out INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
)sql";

// What the user wants remembered, and what of it a conversation began with: ids of wordings, as a
// list of JSON. A wording that is gone was forgotten, so its id is never given out twice.
constexpr const char* kVersion5 = R"sql(
CREATE TABLE notes(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    persona TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    message INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    is_on INTEGER NOT NULL
) STRICT;
CREATE TABLE note_texts(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    note INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX note_texts_of_note ON note_texts(note, id);
CREATE TABLE begun_notes(
    conversation INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    texts TEXT NOT NULL
) STRICT;
)sql";

// What a persona knows. That messages have parts of its kind is of this version, too: an older
// Lares would show them as notices.
constexpr const char* kVersion6 = R"sql(
ALTER TABLE personas ADD COLUMN lore TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array kMigrations = {Migration{1, kVersion1}, Migration{2, kVersion2},
                                    Migration{3, kVersion3}, Migration{4, kVersion4},
                                    Migration{5, kVersion5}, Migration{6, kVersion6}};
static_assert(kMigrations.back().version == kStoreVersion);

}  // namespace

std::span<const Migration> storeMigrations() {
    return kMigrations;
}

Result<void> checkOrigin(Database& database, std::span<const Migration> steps) {
    ASSIGN_OR_RETURN(const qint64 application, database.number("PRAGMA application_id"));
    ASSIGN_OR_RETURN(const qint64 version, database.number("PRAGMA user_version"));
    ASSIGN_OR_RETURN(const qint64 tables, database.number("SELECT count(*) FROM sqlite_schema"));
    const bool isNew = application == 0 && version == 0 && tables == 0;
    if (!isNew && application != kApplicationId) return foreignDatabase(database.file());
    const int known = steps.back().version;
    if (version > known) return newerDatabase(database.file(), version, known);
    return {};
}

Result<void> migrate(Database& database, std::span<const Migration> steps) {
    RETURN_IF_ERROR(checkOrigin(database, steps));
    ASSIGN_OR_RETURN(const qint64 version, database.number("PRAGMA user_version"));
    for (const Migration& step : steps) {
        if (step.version <= version) continue;
        ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
        RETURN_IF_ERROR(database.execute(step.sql));
        const std::string marks = "PRAGMA application_id=" + std::to_string(kApplicationId) +
                                  "; PRAGMA user_version=" + std::to_string(step.version);
        RETURN_IF_ERROR(database.execute(marks.c_str()));
        RETURN_IF_ERROR(transaction.commit());
    }
    return {};
}

}  // namespace lares::app
