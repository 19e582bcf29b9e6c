#include "app/chat/conversation_list_model.h"
#include "app/chat/note_book.h"
#include "app/chat/note_text.h"
#include "tests/app/store/store_samples.h"
#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Branches, a call and an attachment, in a folder and pinned.
void fill(const QString& folder) {
    const auto store = openStore((folder + "/data").toStdString());
    ConversationInfo info = sampleConversation(1);
    info.isPinned = true;
    info.folder = "Work";
    info.activeLeaf = 2;
    ChatMessage question = userMessage(1, 1, 0, "What is here?");
    question.parts.push_back(partOf(sampleAttachment("costs.csv")));
    QVERIFY(answer(store->save(question, info)));
    QVERIFY(answer(store->save(fullAnswer(2, 1, 1), info)));
    QVERIFY(answer(store->save(fullAnswer(3, 1, 1), info)));
    QVERIFY(answer(store->saveDraft(info, {sampleAttachment("later.csv")})));
    QVERIFY(answer(store->save(userMessage(4, 2, 0, "Another."), sampleConversation(2))));
}

Persona personaOf(const Desk& desk, const QString& id) {
    for (const Persona& persona : desk.controller->personas()) {
        if (persona.id == id) return persona;
    }
    return {};
}

}  // namespace

class ConversationFilesTest : public QObject {
    Q_OBJECT

private slots:
    void bringsInWhatItTookOut() {
        QTemporaryDir here;
        QTemporaryDir there;
        fill(here.path());
        Desk first(kGreets, here.path());
        const QString file = here.filePath("all.json");
        QCOMPARE(waited(first.controller->exportAll(file)).value_or(-1), qint64{2});

        Desk second(kGreets, there.path());
        const auto report = waited(second.controller->importConversations(file));
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(sentenceOf(*report), QStringLiteral("Imported 2 conversations."));
        QCOMPARE(second.controller->conversations()->rowCount(), 2);
        QCOMPARE(second.controller->folders(), QStringList{"Work"});
        const QString again = there.filePath("again.json");
        QVERIFY(waited(second.controller->exportAll(again)));
        QCOMPARE(bytesOf(again), bytesOf(file));

        const auto twice = waited(second.controller->importConversations(file));
        QCOMPARE(sentenceOf(*twice),
                 QStringLiteral("2 were here already, so they were left as they are."));
        QCOMPARE(second.controller->conversations()->rowCount(), 2);
        QVERIFY(second.controller->grants().empty());
    }
    /// What the user wrote beside conversations: to a computer that has none of it, and to one
    /// that has its own.
    void personasAndNotesGoAlong() {
        QTemporaryDir here;
        Desk first(kGreets, here.path());
        Persona changed = first.controller->personas().front();
        changed.system = "You are brief.";
        LoreBook knows;
        knows.entries = {{"The Sea", {"sea"}, {}, "The sea is grey."}};
        QVERIFY(waited(first.controller->savePersona(changed)));
        const auto own =
            waited(first.controller->savePersona({{}, "Clerk", "You sort.", "Hi.", {}, knows}));
        QVERIFY(own);
        Note note;
        note.text = "Anna eats no meat.";
        note.personaId = own->id;
        note.isOn = false;
        QVERIFY(waited(first.controller->notes()->save(note)));
        const QString file = here.filePath("all.json");
        QCOMPARE(waited(first.controller->exportAll(file)).value_or(-1), qint64{0});

        QTemporaryDir there;
        Desk second(kGreets, there.path());
        const auto report = waited(second.controller->importConversations(file));
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(sentenceOf(*report), QStringLiteral("2 personas came along. 1 note came along."));
        QCOMPARE(personaOf(second, own->id), *own);
        QCOMPARE(personaOf(second, changed.id).system, changed.system);
        QCOMPARE(second.controller->notes()->notes().size(), std::size_t{1});
        const Note& got = second.controller->notes()->notes().front();
        QCOMPARE(got.text, note.text);
        QCOMPARE(got.personaId, own->id);
        QVERIFY(!got.isOn);
        QCOMPARE(got.createdAt, first.controller->notes()->notes().front().createdAt);
        const auto twice = waited(second.controller->importConversations(file));
        QCOMPARE(sentenceOf(*twice), QStringLiteral("There is nothing new in the file."));
        QCOMPARE(second.controller->notes()->notes().size(), std::size_t{1});

        QTemporaryDir elsewhere;
        Desk third(kGreets, elsewhere.path());
        Persona mine = changed;
        mine.system = "You are long.";
        QVERIFY(waited(third.controller->savePersona(mine)));
        const auto kept = waited(third.controller->importConversations(file));
        QCOMPARE(kept->personas, 1);
        QCOMPARE(kept->knownTexts, 1);
        QCOMPARE(personaOf(third, changed.id).system, mine.system);
    }
    /// The file of a stranger: what is no note is counted, what does not fit is said.
    void notesOfAFileAreBounded() {
        QTemporaryDir there;
        Desk desk(kGreets, there.path());
        QByteArray notes = R"({"text": 7}, {"text": ""}, {"text": "x", "persona": 1}, 5)";
        for (int i = 0; i < kMaxNotes + 2; ++i)
            notes += ", {\"text\": \"note " + QByteArray::number(i) + "\"}";
        const QString path = there.filePath("notes.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"format\": \"lares-conversations\", \"version\": 1, \"notes\": [" + notes +
                   "], \"personas\": [{\"id\": \"../x\"}], \"conversations\": []}");
        file.close();
        const auto report = waited(desk.controller->importConversations(path));
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->notes, kMaxNotes);
        QCOMPARE(report->brokenTexts, 5);
        QCOMPARE(report->refusals.size(), qsizetype{2});
        QVERIFY2(sentenceOf(*report).contains("there is room for no more"),
                 qPrintable(sentenceOf(*report)));
        QCOMPARE(desk.controller->notes()->notes().size(), std::size_t{kMaxNotes});
    }
    /// A copy says what the original says, and is another conversation all the same.
    void copiesComeAlong() {
        QTemporaryDir here;
        QTemporaryDir there;
        fill(here.path());
        Desk first(kGreets, here.path());
        QVERIFY(waited(first.controller->duplicateConversation(1)));
        const QString file = here.filePath("all.json");
        QCOMPARE(waited(first.controller->exportAll(file)).value_or(-1), qint64{3});
        Desk second(kGreets, there.path());
        QCOMPARE(waited(second.controller->importConversations(file))->added, 3);
        QCOMPARE(waited(second.controller->importConversations(file))->known, 3);
        QCOMPARE(second.controller->conversations()->rowCount(), 3);
    }
    void saysWhatItDoesNotKnow() {
        QTemporaryDir here;
        Desk desk(kGreets, here.path());
        const QString path = here.filePath("newer.json");
        writeFile(path.toStdString(),
                  R"({"format": "lares-conversations", "version": 1, "conversations": [],
                      "recipes": [{"a": 1}], "more": 3})");
        const auto report = waited(desk.controller->importConversations(path));
        QVERIFY(report);
        QCOMPARE(sentenceOf(*report),
                 QString::fromUtf8("Nothing was imported. Left out, because this version of Lares "
                                   "does not know it: “recipes”, “more”."));
    }
    /// Without any time it cannot be told from a copy, and is not brought in twice.
    void oneWithoutATimeIsKnown() {
        QTemporaryDir here;
        Desk desk(kGreets, here.path());
        const QString path = here.filePath("timeless.json");
        writeFile(path.toStdString(),
                  R"({"format": "lares-conversations", "version": 1, "conversations": [
                      {"messages": [{"number": 1, "parent": 0, "role": "user", "state": "complete",
                                     "parts": [{"kind": "text", "text": "Hello."}]}]}]})");
        QCOMPARE(waited(desk.controller->importConversations(path))->added, 1);
        QCOMPARE(waited(desk.controller->importConversations(path))->known, 1);
        QVERIFY(desk.controller->conversations()->at(0).createdAt.isValid());
    }
    /// An old file of a conversation that went on is no other conversation.
    void oneThatWentOnIsKnown() {
        QTemporaryDir here;
        fill(here.path());
        const QString file = here.filePath("all.json");
        {
            Desk desk(kGreets, here.path());
            QVERIFY(waited(desk.controller->exportAll(file)));
            QVERIFY(answer(desk.store->save(userMessage(50, 1, 2, "And then?"))));
            desk.controller->deleteConversation(2);  // what is in the trash is not here
            const auto report = waited(desk.controller->importConversations(file));
            QCOMPARE(report->known, 1);
            QCOMPARE(report->added, 1);
        }
    }
    void importsWhatIsWhole() {
        QTemporaryDir here;
        QTemporaryDir there;
        fill(here.path());
        Desk first(kGreets, here.path());
        const QString file = here.filePath("all.json");
        QVERIFY(waited(first.controller->exportAll(file)));
        QByteArray bytes = bytesOf(file);
        bytes.replace("\"role\":\"assistant\"", "\"role\":\"spy\"");
        QFile broken(file);
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write(bytes.chopped(4)) > 0);
        broken.close();
        Desk second(kGreets, there.path());
        const auto report = waited(second.controller->importConversations(file));
        QVERIFY(report);
        QCOMPARE(report->added, 1);
        QCOMPARE(report->broken, 1);
        QVERIFY(report->isCutOff);
        QVERIFY2(sentenceOf(*report).contains("“role” is “spy”"), qPrintable(sentenceOf(*report)));
        const auto none = waited(second.controller->importConversations(there.path()));
        QVERIFY(!none && QByteArray(none.error().message.c_str()).contains("it is no file"));
    }
    void aFullDiskLeavesTheOldFile() {
        QTemporaryDir here;
        fill(here.path());
        Desk desk(kGreets, here.path());
        const QString file = here.filePath("old.html");
        QFile old(file);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        const auto before = QDir(here.path()).entryList(QDir::Files);
        {
            const FileSizeLimit full(1000);
            const auto written =
                waited(desk.controller->exportConversation(1, file, exportChoices()[1]));
            QVERIFY(!written);
            const QByteArray sentence = written.error().message.c_str();
            QVERIFY2(sentence.contains("could not be written: ") &&
                         sentence.contains("make room") && !sentence.contains("Unknown"),
                     sentence);
        }
        QCOMPARE(bytesOf(file), QByteArray("old"));
        QCOMPARE(QDir(here.path()).entryList(QDir::Files), before);
        const auto nowhere = waited(desk.controller->exportConversation(
            1, here.filePath("no/such/folder.md"), exportChoices()[0]));
        QVERIFY(!nowhere);
        QVERIFY(waited(desk.controller->exportConversation(1, file, exportChoices()[1])));
        QVERIFY(bytesOf(file).startsWith("<!DOCTYPE html>"));
    }
    void duplicatesEverything() {
        QTemporaryDir here;
        fill(here.path());
        Desk desk(kGreets, here.path());
        const auto made = waited(desk.controller->duplicateConversation(1));
        QVERIFY(made);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.controller->isConversationLoading(), kPatienceMs);
        QCOMPARE(desk.model().info().id, *made);
        QCOMPARE(desk.model().info().title, QStringLiteral("Conversation 1 (copy)"));
        QVERIFY(!desk.model().info().isPinned);
        QCOMPARE(desk.model().info().folder, QStringLiteral("Work"));
        const auto copied = answer(desk.store->messages(*made));
        const auto original = answer(desk.store->messages(1));
        QCOMPARE(copied->size(), original->size());
        for (std::size_t i = 0; i < copied->size(); ++i) {
            QVERIFY((*copied)[i].id > 4);
            QVERIFY((*copied)[i].parts == (*original)[i].parts);
        }
        QCOMPARE(answer(desk.store->draftAttachments(*made))->size(), std::size_t{1});
    }
};

QTEST_MAIN(ConversationFilesTest)
#include "tst_conversation_files.moc"
