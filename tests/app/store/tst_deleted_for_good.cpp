// What is deleted for good is in no byte of the data folder, however often it was written before.
#include "app/store/conversation_store.h"
#include "tests/app/store/store_samples.h"

#include <QTest>

#include <random>

using namespace lares;
using namespace lares::app;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

/// In all that a conversation says, and nowhere else.
QString wordOf(ConversationId id) {
    return QString("quagga%1quagga").arg(id);
}

QStringList filesWith(const fs::path& folder, const QByteArray& bytes) {
    QStringList files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && bytesOf(entry.path()).contains(bytes))
            files << QString::fromStdString(entry.path().filename().string());
    }
    return files;
}

}  // namespace

class DeletedForGoodTest : public QObject {
    Q_OBJECT

private slots:
    void isInNoFile_data();
    void isInNoFile();
};

void DeletedForGoodTest::isInNoFile_data() {
    QTest::addColumn<unsigned>("seed");
    const unsigned first = static_cast<unsigned>(qEnvironmentVariableIntValue("LARES_SEED"));
    for (unsigned seed = first; seed < first + 4; ++seed) QTest::addRow("%u", seed) << seed;
}

/// Answers grow while they are written, drafts and titles change, conversations come and go.
void DeletedForGoodTest::isInNoFile() {
    QFETCH(const unsigned, seed);
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    const StoreFolder folder;
    auto store = openStore(folder.path());
    std::vector<ConversationId> alive;
    std::vector<ConversationId> gone;
    MessageId lastMessage = 0;
    for (int round = 0; round < 12; ++round) {
        for (int i = 0; i < 6; ++i) {
            ConversationInfo info = sampleConversation(store->newConversationId());
            info.title = wordOf(info.id);
            alive.push_back(info.id);
            MessageId parent = 0;
            for (int n = below(6); n >= 0; --n) {
                const MessageId id = ++lastMessage;
                for (int length = 1 + below(30); length < 900; length = length * 3 + below(40)) {
                    const QString text = QString(wordOf(info.id) + ' ').repeated(length);
                    store->save(userMessage(id, info.id, parent, text), info);
                    if (below(3) == 0) {
                        info.draft = QString(wordOf(info.id)).repeated(1 + below(400));
                        store->save(info);
                    }
                }
                parent = id;
            }
            if (below(3) == 0) {
                Attachment attached = sampleAttachment("a.txt");
                attached.text = QString(wordOf(info.id)).repeated(1 + below(3000));
                info.hasAttachedDraft = true;
                store->saveDraft(info, {attached});
            }
        }
        std::vector<ConversationId> deleted;
        for (int n = below(8); n > 0 && !alive.empty(); --n) {
            const auto at = alive.begin() + below(static_cast<int>(alive.size()));
            store->moveToTrash(*at);
            deleted.push_back(*at);
            alive.erase(at);
        }
        QVERIFY(answer(store->deleteForGood(deleted)));
        gone.insert(gone.end(), deleted.begin(), deleted.end());
        if (below(4) == 0) {
            store.reset();
            store = openStore(folder.path());
        }
        for (const ConversationId id : gone) {
            const QStringList files = filesWith(folder.path(), wordOf(id).toUtf8());
            QVERIFY2(files.isEmpty(), qPrintable(wordOf(id) + ": " + files.join(' ')));
        }
        for (const ConversationId id : alive)
            QVERIFY(!filesWith(folder.path(), wordOf(id).toUtf8()).isEmpty());
    }
}

QTEST_GUILESS_MAIN(DeletedForGoodTest)
#include "tst_deleted_for_good.moc"
