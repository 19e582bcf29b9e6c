// What is deleted for good is in no byte of the data folder, however often it was written before.
#include "app/store/conversation_store.h"
#include "tests/app/store/store_samples.h"
#include "tests/support/seeds.h"

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

ConversationInfo titled(ConversationId id) {
    ConversationInfo info = sampleConversation(id);
    info.title = wordOf(id);
    return info;
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
    addSeedRows(4);
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
            const ConversationId id = store->newConversationId();
            alive.push_back(id);
            if (below(3) > 0) continue;
            Attachment attached = sampleAttachment("a.txt");
            attached.text = QString(wordOf(id)).repeated(1 + below(3000));
            ConversationInfo info = titled(id);
            info.hasAttachedDraft = true;
            store->saveDraft(info, {attached});
        }
        for (int i = 0; i < 120; ++i) {
            // One after the other, so that they lie side by side.
            ConversationInfo info = titled(alive[std::size_t(below(int(alive.size())))]);
            const MessageId id = ++lastMessage;
            const int longest = below(4) > 0 ? 4 : 900;
            for (int length = 1 + below(4); length <= longest; length = length * 3 + below(40)) {
                const QString text = QString(wordOf(info.id) + ' ').repeated(length);
                store->save(userMessage(id, info.id, 0, text), info);
            }
            if (below(8) > 0) continue;
            info.draft = QString(wordOf(info.id)).repeated(1 + below(400));
            store->save(info);
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
    }
}

QTEST_GUILESS_MAIN(DeletedForGoodTest)
#include "tst_deleted_for_good.moc"
