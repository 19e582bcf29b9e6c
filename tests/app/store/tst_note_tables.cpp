#include "app/chat/note_text.h"
#include "app/store/database.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/test_data.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr const char* kMarker = "flamingo-4711";

Note noteOf(const QString& text) {
    Note note;
    note.text = text;
    note.personaId = "robin";
    note.conversation = 7;
    note.message = 11;
    note.createdAt = QDateTime::fromMSecsSinceEpoch(1'780'000'000'123);
    return note;
}

/// The files of the data folder that hold these bytes, the log among them.
QStringList filesWith(const StoreFolder& folder, const QByteArray& bytes) {
    QStringList found;
    QDirIterator files(QString::fromStdString(folder.path().string()), QDir::Files | QDir::Hidden,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            found << file.fileName();
    }
    return found;
}

}  // namespace

class NoteTablesTest : public QObject {
    Q_OBJECT

private slots:
    void keepsEveryField();
    void anEarlierWordingStaysWhereItIsRead();
    void anEarlierWordingThatNobodyReadsIsInNoFile();
    void whatIsForgottenIsInNoFile();
    void comesBackAsItWas();
    void goesWithItsConversation();
    void aDraftThatIsOverIsInNoFile();
    void refusesWhatIsBeyondTheBounds();
    void comesFromTheVersionBefore();
    void readsARecordedDatabase();
};

void NoteTablesTest::keepsEveryField() {
    const StoreFolder folder;
    Note note = noteOf("Two lines\nof a “note”, ä 🦩");
    Note other = noteOf("Off");
    other.isOn = false;
    other.personaId.clear();
    {
        const auto store = openStore(folder.path());
        note = answer(store->save(note)).value();
        other = answer(store->save(other)).value();
        QVERIFY(note.id != 0 && note.textId != 0 && other.id > note.id);
    }
    const auto store = openStore(folder.path());
    QCOMPARE(answer(store->notes()).value().notes, (std::vector{note, other}));
    Note off = note;
    off.isOn = false;
    QCOMPARE(answer(store->save(off)).value(), off);  // the same wording
    QCOMPARE(answer(store->notes()).value().notes, (std::vector{off, other}));
}

void NoteTablesTest::anEarlierWordingStaysWhereItIsRead() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->save(sampleConversation(7))));
    const Note first = answer(store->save(noteOf("I live in a flat."))).value();
    QVERIFY(answer(store->saveBegunNotes({7, {first.textId}})));
    Note changed = first;
    changed.text = "I live in a house.";
    changed = answer(store->save(changed)).value();
    QVERIFY(changed.textId > first.textId);
    const StoredNotes stored = answer(store->notes()).value();
    QCOMPARE(stored.notes, std::vector{changed});
    QCOMPARE(stored.texts, (std::vector{NoteText{first.textId, first.id, "I live in a flat."},
                                        NoteText{changed.textId, first.id, "I live in a house."}}));
    QCOMPARE(stored.begun, (std::vector{BegunNotes{7, {first.textId}}}));
}

/// However often it was changed, and also where it took more than a page.
void NoteTablesTest::aDraftThatIsOverIsInNoFile() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    for (const int n : {1, 400, 3, 900, 20}) {
        const QJsonObject draft{{"text", QString("%1 ").arg(kMarker).repeated(n)}};
        QVERIFY(answer(store->saveNoteDraft(draft)));
        QCOMPARE(answer(store->settings()).value()["noteDraft"].toObject(), draft);
    }
    QVERIFY(!filesWith(folder, kMarker).isEmpty());
    QVERIFY(answer(store->saveNoteDraft({})));
    QVERIFY(!answer(store->settings()).value().contains("noteDraft"));
    QCOMPARE(filesWith(folder, kMarker), QStringList());  // while the program runs
}

void NoteTablesTest::anEarlierWordingThatNobodyReadsIsInNoFile() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    Note note = answer(store->save(noteOf(kMarker))).value();
    QVERIFY(!filesWith(folder, kMarker).isEmpty());
    note.text = "Something else";
    QVERIFY(answer(store->save(note)));
    QCOMPARE(filesWith(folder, kMarker), QStringList());
}

void NoteTablesTest::whatIsForgottenIsInNoFile() {
    const StoreFolder folder;
    {
        const auto store = openStore(folder.path());
        QVERIFY(answer(store->save(sampleConversation(7))));
        Note note = answer(store->save(noteOf(QString(kMarker) + " one"))).value();
        QVERIFY(answer(store->saveBegunNotes({7, {note.textId}})));
        note.text = QString(kMarker) + " two";
        note = answer(store->save(note)).value();
        QVERIFY(!filesWith(folder, kMarker).isEmpty());
        QVERIFY(answer(store->forgetNote(note.id)));
        QCOMPARE(filesWith(folder, kMarker), QStringList());  // while the program runs
        const StoredNotes stored = answer(store->notes()).value();
        QVERIFY(stored.notes.empty() && stored.texts.empty());
        // The conversation knows that there was something, and not what.
        QCOMPARE(stored.begun.size(), std::size_t{1});
        QVERIFY(answer(store->forgetNote(note.id)));
        // Its number is nobody else's.
        QVERIFY(answer(store->save(noteOf("Another"))).value().textId > note.textId);
    }
    QCOMPARE(filesWith(folder, kMarker), QStringList());
}

void NoteTablesTest::comesBackAsItWas() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->save(sampleConversation(7))));
    Note note = answer(store->save(noteOf("One"))).value();
    QVERIFY(answer(store->saveBegunNotes({7, {note.textId}})));
    note.text = "Two";
    note = answer(store->save(note)).value();
    const StoredNotes before = answer(store->notes()).value();
    QVERIFY(answer(store->forgetNote(note.id)));
    QVERIFY(answer(store->restoreNote({note, before.texts})));
    const StoredNotes after = answer(store->notes()).value();
    QCOMPARE(after.notes, before.notes);
    QCOMPARE(after.texts, before.texts);
    QCOMPARE(after.begun, before.begun);
}

void NoteTablesTest::goesWithItsConversation() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->saveBegunNotes({7, {1}})));  // never saved
    QVERIFY(answer(store->notes()).value().begun.empty());
    QVERIFY(answer(store->save(sampleConversation(7))));
    const Note note = answer(store->save(noteOf("One"))).value();
    QVERIFY(answer(store->saveBegunNotes({7, {note.textId}})));
    QVERIFY(answer(store->moveToTrash(7)));
    QVERIFY(answer(store->deleteForGood({7})));
    const StoredNotes stored = answer(store->notes()).value();
    QVERIFY(stored.begun.empty());
    QCOMPARE(stored.notes, std::vector{note});  // it is the user's, wherever it came from
}

void NoteTablesTest::refusesWhatIsBeyondTheBounds() {
    const StoreFolder folder;
    const auto store = openStore(folder.path());
    QCOMPARE(answer(store->save(noteOf(QString(kMaxNote + 1, 'x')))).error().code,
             ErrorCode::InvalidArgument);
    QCOMPARE(answer(store->save(noteOf({}))).error().code, ErrorCode::InvalidArgument);
    for (int i = 0; i < kMaxNotes; ++i) QVERIFY(answer(store->save(noteOf(QString::number(i)))));
    QCOMPARE(answer(store->save(noteOf("One more"))).error().code, ErrorCode::InvalidArgument);
    Note gone = noteOf("Gone");
    gone.id = 4000;
    QCOMPARE(answer(store->save(gone)).error().code, ErrorCode::NotFound);
}

void NoteTablesTest::comesFromTheVersionBefore() {
    const StoreFolder folder;
    {
        std::filesystem::create_directories(folder.path());
        auto database = Database::open(folder.database());
        QVERIFY(database->execute(read_file(data_file("store/version_4.sql")).c_str()));
    }
    const auto store = openStore(folder.path());
    QVERIFY(answer(store->notes()).value().begun.empty());
    const Note note = answer(store->save(noteOf("One"))).value();
    QVERIFY(answer(store->saveBegunNotes({7, {note.textId}})));
    QCOMPARE(answer(store->notes()).value().begun.size(), std::size_t{1});
    QCOMPARE(answer(store->messages(7)).value().size(), std::size_t{2});
}

void NoteTablesTest::readsARecordedDatabase() {
    const StoreFolder folder;
    {
        std::filesystem::create_directories(folder.path());
        auto database = Database::open(folder.database());
        QVERIFY(database->execute(read_file(data_file("store/version_5.sql")).c_str()));
    }
    const auto store = openStore(folder.path());
    const StoredNotes stored = answer(store->notes()).value();
    Note note = noteOf("I live in a house.");
    note.id = 2;
    note.textId = 5;
    QCOMPARE(stored.notes, std::vector{note});
    QCOMPARE(stored.texts, (std::vector{NoteText{4, 2, "I live in a small flat."},
                                        NoteText{5, 2, "I live in a house."}}));
    QCOMPARE(stored.begun, (std::vector{BegunNotes{7, {1, 4}}}));  // 1 was forgotten
}

QTEST_GUILESS_MAIN(NoteTablesTest)
#include "tst_note_tables.moc"
