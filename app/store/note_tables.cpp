#include "app/store/note_tables.h"

#include "app/chat/note_text.h"
#include "app/store/settings_tables.h"

#include <QStringList>

namespace lares::app {
namespace {

// An earlier wording that nobody reads: not the newest of its note, in no conversation's list.
constexpr const char* kUnusedTexts =
    "DELETE FROM note_texts WHERE id < (SELECT max(id) FROM note_texts t WHERE t.note = "
    "note_texts.note) AND id NOT IN (SELECT value FROM begun_notes, json_each(begun_notes.texts))";

QString jsonOf(const std::vector<NoteTextId>& ids) {
    QStringList numbers;
    for (const NoteTextId id : ids) numbers << QString::number(id);
    return '[' + numbers.join(',') + ']';
}

std::vector<NoteTextId> idsOf(const QString& json) {
    std::vector<NoteTextId> ids;
    for (const QString& number : json.mid(1, json.size() - 2).split(',', Qt::SkipEmptyParts))
        ids.push_back(number.toLongLong());
    return ids;
}

/// Runs `work` in one transaction.
template <class Work>
Result<void> together(Database& database, const Work& work) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    RETURN_IF_ERROR(work());
    return transaction.commit();
}

/// The same; the log, which would still have what is deleted, is emptied.
template <class Work>
Result<void> erasing(Database& database, const Work& work) {
    RETURN_IF_ERROR(together(database, work));
    return database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> pruneTexts(Database& database) {
    ASSIGN_OR_RETURN(Statement statement, database.prepare(kUnusedTexts));
    return statement.run();
}

Result<NoteTextId> putText(Database& database, NoteId note, const QString& text) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO note_texts(note, text) VALUES(?, ?) RETURNING id"));
    ASSIGN_OR_RETURN([[maybe_unused]] const bool hasRow, statement.bind(note).bind(text).step());
    return statement.integer(0);
}

Result<Note> insertNote(Database& database, Note note) {
    ASSIGN_OR_RETURN(const qint64 nNotes, database.number("SELECT count(*) FROM notes"));
    if (const QString fault = faultOfNote(note.text, static_cast<int>(nNotes)); !fault.isEmpty())
        return Error{ErrorCode::InvalidArgument, fault.toStdString()};
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("INSERT INTO notes(persona, conversation, message, "
                                          "created_at, is_on) VALUES(?, ?, ?, ?, ?) RETURNING id"));
        statement.bind(note.personaId).bind(note.conversation).bind(note.message);
        statement.bind(note.createdAt.toMSecsSinceEpoch()).bind(qint64{note.isOn});
        ASSIGN_OR_RETURN([[maybe_unused]] const bool hasRow, statement.step());
        note.id = statement.integer(0);
    }
    ASSIGN_OR_RETURN(note.textId, putText(database, note.id, note.text));
    RETURN_IF_ERROR(transaction.commit());
    return note;
}

struct Wording {
    NoteTextId id = 0;  ///< 0: there is no such note
    QString text;
};

Result<Wording> newestText(Database& database, NoteId note) {
    ASSIGN_OR_RETURN(Statement row,
                     database.prepare("SELECT id, text FROM note_texts WHERE note = ? ORDER BY id "
                                      "DESC LIMIT 1"));
    ASSIGN_OR_RETURN(const bool hasRow, row.bind(note).step());
    return hasRow ? Wording{row.integer(0), row.text(1)} : Wording{};
}

Result<void> updateNote(Database& database, const Note& note) {
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("UPDATE notes SET persona = ?, is_on = ? WHERE id = ?"));
    return statement.bind(note.personaId).bind(qint64{note.isOn}).bind(note.id).run();
}

Result<void> readNotes(Database& database, std::vector<Note>& notes) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT n.id, t.id, t.text, n.persona, n.conversation, n.message, "
                         "n.created_at, n.is_on FROM notes n JOIN note_texts t ON t.id = (SELECT "
                         "max(id) FROM note_texts WHERE note = n.id) ORDER BY n.id"));
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return {};
        notes.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), row.integer(4),
                         row.integer(5), QDateTime::fromMSecsSinceEpoch(row.integer(6)),
                         row.integer(7) != 0});
    }
}

Result<void> readTexts(Database& database, std::vector<NoteText>& texts) {
    ASSIGN_OR_RETURN(Statement row,
                     database.prepare("SELECT id, note, text FROM note_texts ORDER BY id"));
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return {};
        texts.push_back({row.integer(0), row.integer(1), row.text(2)});
    }
}

Result<void> readBegun(Database& database, std::vector<BegunNotes>& begun) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT conversation, texts FROM begun_notes ORDER BY conversation"));
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return {};
        begun.push_back({row.integer(0), idsOf(row.text(1))});
    }
}

}  // namespace

Result<StoredNotes> loadNotes(Database& database) {
    StoredNotes stored;
    ASSIGN_OR_RETURN(const qint64 nNotes, database.number("SELECT count(*) FROM notes"));
    if (nNotes > 0) RETURN_IF_ERROR(erasing(database, [&] { return pruneTexts(database); }));
    RETURN_IF_ERROR(readNotes(database, stored.notes));
    RETURN_IF_ERROR(readTexts(database, stored.texts));
    RETURN_IF_ERROR(readBegun(database, stored.begun));
    return stored;
}

Result<Note> saveNote(Database& database, const Note& note) {
    if (note.id == 0) return insertNote(database, note);
    if (const QString fault = faultOfNote(note.text, 0); !fault.isEmpty())
        return Error{ErrorCode::InvalidArgument, fault.toStdString()};
    ASSIGN_OR_RETURN(const Wording before, newestText(database, note.id));
    if (before.id == 0) return Error{ErrorCode::NotFound, "this note was forgotten"};
    Note saved = note;
    saved.textId = before.id;
    if (before.text == note.text) {
        RETURN_IF_ERROR(updateNote(database, note));
        return saved;
    }
    const Result<void> done = erasing(database, [&]() -> Result<void> {
        RETURN_IF_ERROR(updateNote(database, note));
        ASSIGN_OR_RETURN(saved.textId, putText(database, note.id, note.text));
        return pruneTexts(database);
    });
    RETURN_IF_ERROR(done);
    return saved;
}

Result<void> forgetNote(Database& database, NoteId id) {
    return erasing(database, [&]() -> Result<void> {
        ASSIGN_OR_RETURN(Statement statement, database.prepare("DELETE FROM notes WHERE id = ?"));
        return statement.bind(id).run();
    });
}

Result<void> restoreNote(Database& database, const ForgottenNote& forgotten) {
    const Note& note = forgotten.note;
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("INSERT INTO notes(id, persona, conversation, message, "
                                          "created_at, is_on) VALUES(?, ?, ?, ?, ?, ?)"));
        statement.bind(note.id).bind(note.personaId).bind(note.conversation).bind(note.message);
        statement.bind(note.createdAt.toMSecsSinceEpoch()).bind(qint64{note.isOn});
        RETURN_IF_ERROR(statement.run());
        ASSIGN_OR_RETURN(
            Statement wording,
            database.prepare("INSERT INTO note_texts(id, note, text) VALUES(?, ?, ?)"));
        for (const NoteText& text : forgotten.texts) {
            RETURN_IF_ERROR(wording.bind(text.id).bind(note.id).bind(text.text).run());
            wording.reset();
        }
    }
    return transaction.commit();
}

Result<void> saveNoteDraft(Database& database, const QJsonObject& draft) {
    const auto work = [&](const QJsonValue& value) {
        return [&database, value] { return saveSetting(database, kNoteDraftKey, value); };
    };
    // While it is written the log may have what it was a moment ago.
    return draft.isEmpty() ? erasing(database, work(QJsonValue(QJsonValue::Undefined)))
                           : together(database, work(draft));
}

Result<void> saveBegunNotes(Database& database, const BegunNotes& begun) {
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("INSERT INTO begun_notes(conversation, texts) SELECT ?1, ?2 "
                                      "WHERE EXISTS (SELECT 1 FROM conversations WHERE id = ?1) ON "
                                      "CONFLICT(conversation) DO UPDATE SET texts=excluded.texts"));
    return statement.bind(begun.conversation).bind(jsonOf(begun.texts)).run();
}

}  // namespace lares::app
