// "Export everything" of any store, into one that is empty, has a part of it, or breaks off: all of
// it is there then, nothing twice, and what was there stays. LARES_SEED=N plays other stores.
#include "app/chat/conversation_list_model.h"
#include "app/chat/note_book.h"
#include "app/chat/note_text.h"
#include "app/export/conversation_file.h"
#include "tests/app/export/random_conversation.h"
#include "tests/app/personas/random_persona.h"
#include "tests/app/store/store_samples.h"
#include "tests/app/turns/desk.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/seeds.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <map>

using namespace lares;
using namespace lares::test;

namespace {

QByteArray readAll(const QString& path) {
    return bytesOf(std::filesystem::path(path.toStdString()));
}

/// All that a store has, as it is on the disk.
struct Kept {
    std::map<ConversationId, ConversationContent> conversations;
    std::vector<Persona> personas;
    std::vector<Note> notes;
};

Kept keptIn(ConversationStore& store) {
    Kept kept;
    const auto infos = answer(store.conversations());
    for (const ConversationInfo& info : *infos) {
        ConversationContent& content = kept.conversations[info.id];
        content.info = info;
        content.messages = *answer(store.messages(info.id));
        content.draftAttachments = *answer(store.draftAttachments(info.id));
    }
    kept.personas = *answer(store.personas());
    kept.notes = answer(store.notes())->notes;
    return kept;
}

Kept keptIn(const QString& folder) {
    return keptIn(*openStore((folder + "/data").toStdString()));
}

/// By when they began, which is how one tells a copy.
std::vector<ConversationContent> histories(const Kept& kept) {
    std::vector<ConversationContent> all;
    for (const auto& [id, content] : kept.conversations) all.push_back(asHistory(content));
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.info.createdAt < b.info.createdAt; });
    return all;
}

QString difference(const std::vector<ConversationContent>& a,
                   const std::vector<ConversationContent>& b) {
    if (a.size() != b.size()) return QString("%1 and %2 conversations").arg(a.size()).arg(b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (const QString what = lares::test::difference(a[i], b[i]); !what.isEmpty()) return what;
    }
    return {};
}

/// A note but for what is this database's alone.
Note plain(Note note) {
    note.id = note.textId = note.conversation = note.message = 0;
    return note;
}

std::vector<Note> plain(std::vector<Note> notes) {
    for (Note& note : notes) note = plain(note);
    return notes;
}

/// A desk with all kinds of things on it, and the file of all of them.
class RandomStore {
public:
    explicit RandomStore(RandomTexts& texts) : m_texts(texts) {
        for (const char* id : {"lares", "robin", "own-1", "own-2"})
            m_personas.push_back(randomPersona(texts, id));
        putConversations();
        Desk desk(kGreets, m_folder.path());
        putTexts(desk);
        desk.controller->newTemporaryConversation();
        desk.controller->saveDraft("Nobody keeps this.");
        const auto written = waited(desk.controller->exportAll(file()));
        QVERIFY2(written, written ? "" : written.error().message.c_str());
        m_nWritten = *written;
    }
    /// As it is on the disk afterwards.
    [[nodiscard]] Kept kept() const { return keptIn(m_folder.path()); }
    [[nodiscard]] QString file() const { return m_folder.filePath("all.json"); }
    [[nodiscard]] qint64 nWritten() const { return m_nWritten; }

private:
    void putConversations() {
        const auto store = openStore((m_folder.path() + "/data").toStdString());
        const auto put = [&](ConversationContent content) {
            renumber(content, store->newConversationId(), [&] { return store->newMessageId(); });
            QVERIFY(answer(store->insert(content.info, content.messages, content.draftAttachments,
                                         ConversationStore::Known::Added)));
            if (m_texts.oneIn(6)) QVERIFY(answer(store->moveToTrash(content.info.id)));
        };
        for (int n = 2 + m_texts.below(5); n > 0; --n) {
            ConversationContent content = randomConversation(m_texts, m_personas);
            put(content);
            if (!m_texts.oneIn(3)) continue;
            // A copy, as "Duplicate" makes it, which may have gone on.
            content.info.title = "The same (copy)";
            content.info.createdAt = content.info.createdAt.addSecs(100 + m_texts.below(10'000));
            content.info.updatedAt = content.info.createdAt;
            if (m_texts.oneIn(2)) {
                content.messages.push_back(content.messages.front());
                content.messages.back().id = MessageId(content.messages.size());
                content.messages.back().parts.front().text = m_texts.text();
            }
            put(content);
        }
    }
    void putTexts(Desk& desk) {
        for (const Persona& persona : m_personas) {
            if (persona.id.startsWith("own") || m_texts.oneIn(2))
                QVERIFY(waited(desk.controller->savePersona(persona)));
        }
        for (int n = m_texts.below(5); n > 0; --n) {
            Note note;
            note.text = m_texts.text(3).left(kMaxNote);
            if (m_texts.oneIn(2)) note.personaId = "own-1";
            note.isOn = !m_texts.oneIn(3);
            QVERIFY(waited(desk.controller->notes()->save(note)));
        }
    }

    RandomTexts& m_texts;
    QTemporaryDir m_folder;
    std::vector<Persona> m_personas;
    qint64 m_nWritten = -1;
};

ImportReport imported(Desk& desk, const QString& file) {
    const auto report = waited(desk.controller->importConversations(file));
    if (report) return *report;
    ImportReport refused;
    refused.failure = QString::fromStdString(report.error().message);
    return refused;
}

/// Some of them as a file of their own.
void writePart(const QString& path, const std::vector<ConversationContent>& some) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    ConversationFileWriter writer(file);
    for (const ConversationContent& content : some) writer.add(content);
    writer.finish();
}

}  // namespace

class ExportRandomTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everythingIsThereOnceInAnotherStore_data() { addSeedRows(2); }
    void everythingIsThereOnceInAnotherStore();
    void whatIsThereStaysAndTheRestIsAdded_data() { addSeedRows(2); }
    void whatIsThereStaysAndTheRestIsAdded();
    void aBrokenFileBringsWholeConversations_data() { addSeedRows(1); }
    void aBrokenFileBringsWholeConversations();
    void aFullDiskKeepsWhatIsWhole_data() { addSeedRows(2); }
    void aFullDiskKeepsWhatIsWhole();
};

void ExportRandomTest::initTestCase() {
    // Documents of a person who runs the tests are nobody's business.
    static QTemporaryDir home;
    qputenv("HOME", home.path().toLocal8Bit());
}

void ExportRandomTest::everythingIsThereOnceInAnotherStore() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    const RandomStore first(texts);
    const Kept here = first.kept();
    QCOMPARE(first.nWritten(), qint64(here.conversations.size()));
    QTemporaryDir folder;
    {
        Desk second(kGreets, folder.path());
        const ImportReport report = imported(second, first.file());
        QVERIFY2(report.failure.isEmpty(), qPrintable(report.failure));
        QCOMPARE(report.added, int(here.conversations.size()));
        QCOMPARE(report.personas, int(here.personas.size()));
        QCOMPARE(report.notes, int(here.notes.size()));
        QCOMPARE(report.known + report.broken + report.brokenTexts, 0);
        QVERIFY(report.refusals.isEmpty() && report.unknown.isEmpty() && !report.isCutOff);
        const ImportReport again = imported(second, first.file());
        QCOMPARE(again.added + again.personas + again.notes, 0);
        QCOMPARE(again.known, report.added);
        const QString out = folder.filePath("again.json");
        QVERIFY(waited(second.controller->exportAll(out)));
        QCOMPARE(readAll(out), readAll(first.file()));
    }
    const Kept there = keptIn(folder.path());
    const QString what = difference(histories(there), histories(here));
    QVERIFY2(what.isEmpty(), qPrintable(what));
    QVERIFY(there.personas == here.personas);
    QVERIFY(plain(there.notes) == plain(here.notes));
}

void ExportRandomTest::whatIsThereStaysAndTheRestIsAdded() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    const RandomStore first(texts);
    const Kept here = first.kept();
    std::vector<ConversationContent> some;
    std::vector<ConversationContent> missing;
    for (const auto& [id, content] : here.conversations)
        (texts.oneIn(2) ? some : missing).push_back(content);
    QTemporaryDir folder;
    writePart(folder.filePath("part.json"), some);
    {
        Desk second(kGreets, folder.path());
        QCOMPARE(imported(second, folder.filePath("part.json")).added, int(some.size()));
        ChatController& chat = *second.controller;
        const ConversationListModel& list = *chat.conversations();
        for (int row = 0; row < list.rowCount(); ++row) {
            const ConversationInfo info = list.at(row);
            if (texts.oneIn(3)) chat.renameConversation(info.id, texts.line());
            if (texts.oneIn(3)) chat.moveToFolder(info.id, "Elsewhere");
            if (!texts.oneIn(3)) continue;
            const auto messages = answer(second.store->messages(info.id));
            const MessageId end = messages->back().id;
            QVERIFY(answer(second.store->save(
                userMessage(second.store->newMessageId(), info.id, end, texts.text()))));
        }
        Persona mine = randomPersona(texts, "own-1");
        QVERIFY(waited(chat.savePersona(mine)));
        Note note;
        note.text = "Mine.";
        QVERIFY(waited(chat.notes()->save(note)));
        if (!here.notes.empty()) QVERIFY(waited(chat.notes()->save(plain(here.notes.front()))));
    }
    const Kept before = keptIn(folder.path());
    {
        Desk second(kGreets, folder.path());
        const ImportReport report = imported(second, first.file());
        QVERIFY2(report.failure.isEmpty(), qPrintable(report.failure));
        QCOMPARE(report.added, int(missing.size()));
        QCOMPARE(report.known, int(some.size()));
        QCOMPARE(second.controller->conversations()->rowCount(), int(here.conversations.size()));
    }
    Kept after = keptIn(folder.path());
    for (const auto& [id, content] : before.conversations) {
        const QString what = lares::test::difference(after.conversations[id], content);
        QVERIFY2(what.isEmpty(), qPrintable(what));
        after.conversations.erase(id);
    }
    Kept expected;
    for (const ConversationContent& content : missing)
        expected.conversations[content.info.id] = content;
    const QString what = difference(histories(after), histories(expected));
    QVERIFY2(what.isEmpty(), qPrintable(what));
    for (const Persona& persona : before.personas)
        QVERIFY(std::find(after.personas.begin(), after.personas.end(), persona) !=
                after.personas.end());
    QCOMPARE(after.personas.size(), here.personas.size());
    QVERIFY(std::equal(before.notes.begin(), before.notes.end(), after.notes.begin()));
    QCOMPARE(after.notes.size(), here.notes.size() + 1);
}

void ExportRandomTest::aBrokenFileBringsWholeConversations() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    const RandomStore first(texts);
    const QByteArray whole = readAll(first.file());
    QTemporaryDir folder;
    int nAdded = 0;
    std::vector<ConversationContent> readable;
    {
        Desk second(kGreets, folder.path());
        for (int i = 0; i < 12; ++i) {
            QByteArray bytes = whole;
            const int at = texts.below(int(bytes.size()));
            if (i % 2 == 0)
                bytes.truncate(at);
            else
                bytes[at] = static_cast<char>(texts.below(256));
            const QString path = folder.filePath("broken.json");
            writeFile(path.toStdString(), bytes);
            int nReadable = 0;
            QBuffer buffer(&bytes);
            buffer.open(QIODevice::ReadOnly);
            const auto scan =
                scanConversationFile(buffer, [&](ConversationOrigin origin, const auto& json) {
                    auto read = readConversation(origin, json);
                    nReadable += read.has_value() ? 1 : 0;
                    if (read) readable.push_back(std::move(read->content));
                    return true;
                });
            const ImportReport report = imported(second, path);
            QVERIFY(!sentenceOf(report).isEmpty());
            QCOMPARE(report.added + report.known, nReadable);
            QCOMPARE(!report.failure.isEmpty(), !scan);
            nAdded += report.added;
        }
        QCOMPARE(second.controller->conversations()->rowCount(), nAdded);
    }
    const Kept kept = keptIn(folder.path());
    QCOMPARE(int(kept.conversations.size()), nAdded);
    for (const auto& [id, content] : kept.conversations) {
        const ConversationContent there = asHistory(content);
        const bool isOneOf =
            std::any_of(readable.begin(), readable.end(), [&](ConversationContent one) {
                if (!one.info.createdAt.isValid()) one.info.createdAt = there.info.createdAt;
                if (!one.info.updatedAt.isValid()) one.info.updatedAt = one.info.createdAt;
                one.personas.clear();
                return lares::test::difference(one, there).isEmpty();
            });
        QVERIFY2(isOneOf, qPrintable(there.info.title));
    }
}

void ExportRandomTest::aFullDiskKeepsWhatIsWhole() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    const RandomStore first(texts);
    const Kept here = first.kept();
    const auto all = histories(here);
    QTemporaryDir folder;
    {
        Desk second(kGreets, folder.path());
        const auto size = QFileInfo(first.file()).size();
        {
            const FileSizeLimit full(20'000 + std::uintmax_t(texts.below(int(2 * size + 200'000))));
            const ImportReport report = imported(second, first.file());
            const bool isAll = report.added == int(here.conversations.size()) &&
                               report.personas == int(here.personas.size()) &&
                               report.notes == int(here.notes.size());
            QVERIFY2(isAll || !report.failure.isEmpty() || !report.refusals.isEmpty(),
                     qPrintable(sentenceOf(report)));
            if (!report.failure.isEmpty())
                QVERIFY2(report.failure.contains("It stopped at"), qPrintable(report.failure));
            QCOMPARE(second.controller->conversations()->rowCount(), report.added);
        }
        const auto soFar = histories(keptIn(*second.store));
        for (const ConversationContent& there : soFar) {
            QVERIFY(std::any_of(all.begin(), all.end(), [&](const auto& one) {
                return lares::test::difference(one, there).isEmpty();
            }));
        }
        const ImportReport rest = imported(second, first.file());
        QVERIFY2(rest.failure.isEmpty(), qPrintable(rest.failure));
        QCOMPARE(rest.added + rest.known, int(all.size()));
        for (const bool isThere : {false, true}) {
            const QString out = folder.filePath("out.json");
            if (isThere) writeFile(out.toStdString(), "old");
            const auto before = QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden);
            const FileSizeLimit full(std::uintmax_t(texts.below(int(size))));
            const auto written = waited(second.controller->exportAll(out));
            QVERIFY(!written);
            const QString sentence = QString::fromStdString(written.error().message);
            QVERIFY2(sentence.contains("could not be written"), qPrintable(sentence));
            QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden), before);
            QCOMPARE(readAll(out), isThere ? QByteArray("old") : QByteArray());
        }
    }
    const Kept there = keptIn(folder.path());
    const QString what = difference(histories(there), all);
    QVERIFY2(what.isEmpty(), qPrintable(what));
    QVERIFY(there.personas == here.personas);
    QVERIFY(plain(there.notes) == plain(here.notes));
}

QTEST_MAIN(ExportRandomTest)
#include "tst_export_random.moc"
