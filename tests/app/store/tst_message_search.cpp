#include "tests/app/store/store_samples.h"

#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// All pages of a search, and how many there were.
std::vector<MessageHit> searched(ConversationStore& store,
                                 const QString& words,
                                 int* pages = nullptr) {
    std::vector<MessageHit> hits;
    MessageId before = 0;
    do {
        const auto page = answer(store.searchMessages(words, before));
        if (!page) return {};
        hits.insert(hits.end(), page->hits.begin(), page->hits.end());
        before = page->next;
        if (pages) ++*pages;
    } while (before != 0);
    return hits;
}

QString ids(const std::vector<MessageHit>& hits) {
    QStringList text;
    for (const MessageHit& hit : hits)
        text << QString("%1/%2").arg(hit.conversation).arg(hit.message);
    return text.join(' ');
}

}  // namespace

/// Words in all conversations.
class MessageSearchTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_store = openStore(m_folder->path());
        QVERIFY(m_store);
        for (const ConversationId id : {1, 2, 3})
            QVERIFY(answer(m_store->save(sampleConversation(id))));
        put(userMessage(1, 1, 0, "Where is the invoice of the plumber?"));
        put(userMessage(2, 2, 0, "Größe der Gläser, bitte"));
        put(userMessage(3, 2, 2, "The PLUMBER came; his invoice\nis in Papers."));
        put(userMessage(4, 3, 0, "100 % of_it \\ 'quoted' \"twice\" *"));
        put(userMessage(5, 3, 4, "Привет, Мир"));
        put(fullAnswer(6, 1, 1));
    }
    void cleanup() { m_store.reset(); }

    void findsWordsInWhatIsAttached() {
        ChatMessage message = userMessage(7, 2, 3, "What did we spend in May?");
        message.parts.insert(message.parts.begin(), partOf(sampleAttachment("costs\u202e.csv")));
        put(message);
        std::vector<MessageHit> hits = searched(*m_store, "12.50");
        QCOMPARE(ids(hits), QString("2/7"));
        QCOMPARE(hits[0].snippet, QString("costs\\u{202e}.csv: month,sum May,12.50 "));
        QCOMPARE(hits[0].snippet.mid(hits[0].matchStart, hits[0].matchLength), QString("12.50"));
        // One word in the message, another one in what goes with it: what was said is shown.
        hits = searched(*m_store, "spend 12.50");
        QCOMPARE(ids(hits), QString("2/7"));
        QCOMPARE(hits[0].snippet, QString("What did we spend in May?"));
        hits = searched(*m_store, "COSTS");
        QCOMPARE(ids(hits), QString("2/7"));
        QCOMPARE(hits[0].snippet, QString("costs\\u{202e}.csv"));
        QVERIFY(searched(*m_store, "12.51").empty());
    }

    void findsEveryWordInAnyOrder_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("found");
        QTest::newRow("newest first") << "plumber"
                                      << "2/3 1/1";
        QTest::newRow("two words") << "invoice PLUMBER"
                                   << "2/3 1/1";
        QTest::newRow("one of them is elsewhere") << "plumber papers"
                                                  << "2/3";
        QTest::newRow("part of a word") << "lumb"
                                        << "2/3 1/1";
        QTest::newRow("umlaut in capitals") << "GRÖSSE größe"
                                            << "";
        QTest::newRow("umlauts") << "GRÖßE glÄs"
                                 << "2/2";
        QTest::newRow("without the accents") << "glaser bitte"
                                             << "2/2";
        QTest::newRow("another script") << "мир ПРИВ"
                                        << "3/5";
        QTest::newRow("nothing special about %") << "100 %"
                                                 << "3/4";
        QTest::newRow("nor about _") << "of_it"
                                     << "3/4";
        QTest::newRow("nor about quotes") << "'quoted' \"twice\""
                                          << "3/4";
        QTest::newRow("nor about a backslash and a star") << "\\ *"
                                                          << "3/4";
        QTest::newRow("not there") << "electrician"
                                   << "";
        QTest::newRow("empty") << "  "
                               << "";
    }
    void findsEveryWordInAnyOrder() {
        QFETCH(QString, words);
        QFETCH(QString, found);
        QCOMPARE(ids(searched(*m_store, words)), found);
    }
    void looksAtWhatWasSaidAlone() {
        ChatMessage message = userMessage(7, 1, 6, "said aloud");
        for (const auto& [kind, text] :
             {std::pair{Part::Kind::Thinking, "pondered"},
              std::pair{Part::Kind::ToolCall, "called"},
              std::pair{Part::Kind::ToolResult, "returned"},
              std::pair{Part::Kind::Notice, "noticed"}, std::pair{Part::Kind::Text, "concluded"}})
            message.parts.push_back(part(kind, text));
        put(message);
        for (const char* word : {"aloud", "concluded", "said CONCLUDED"})
            QCOMPARE(ids(searched(*m_store, word)), QString("1/7"));
        for (const char* word : {"pondered", "called", "returned", "noticed"})
            QCOMPARE(ids(searched(*m_store, word)), QString());
    }
    void showsALineAroundTheFirstWord() {
        const std::vector<MessageHit> hits = searched(*m_store, "plumber");
        QCOMPARE(hits[0].snippet, QString("The PLUMBER came; his invoice is in Papers."));
        QCOMPARE(hits[0].snippet.mid(hits[0].matchStart, hits[0].matchLength), QString("PLUMBER"));
        put(userMessage(
            7, 3, 5, QString("word ").repeated(100) + "needle " + QString("word ").repeated(100)));
        const MessageHit hit = searched(*m_store, "needle").front();
        QVERIFY(hit.snippet.startsWith(QChar(0x2026)));
        QVERIFY(hit.snippet.size() < 200);
        QCOMPARE(hit.snippet.mid(hit.matchStart, hit.matchLength), QString("needle"));
    }
    void marksOfMarkdownAreNotShown() {
        put(userMessage(7, 3, 5, "## Rivers\nThe **Danube** is `long`, 2 * 3 times"));
        QCOMPARE(searched(*m_store, "danube").front().snippet,
                 QString("Rivers The Danube is long, 2  3 times"));
        const MessageHit hit = searched(*m_store, "**dan").front();
        QCOMPARE(hit.snippet.mid(hit.matchStart, hit.matchLength), QString("**Dan"));
    }
    void theTrashIsNotSearched() {
        QVERIFY(answer(m_store->moveToTrash(2)));
        QCOMPARE(ids(searched(*m_store, "plumber")), QString("1/1"));
        QVERIFY(answer(m_store->restoreFromTrash(2)));
        QCOMPARE(ids(searched(*m_store, "plumber")), QString("2/3 1/1"));
    }
    void readsInPartsSoThatASaveDoesNotWaitForAll() {
        const QString filler = QString("filler text ").repeated(20'000);
        for (MessageId id = 10; id < 30; ++id)
            put(userMessage(id, 3, id == 10 ? 5 : id - 1, filler + QString("needle%1").arg(id)));
        int pages = 0;
        QCOMPARE(searched(*m_store, "needle", &pages).size(), std::size_t{20});
        QVERIFY2(pages >= 4, qPrintable(QString::number(pages)));
        QCOMPARE(ids(searched(*m_store, "needle12")), QString("3/12"));
        QCOMPARE(ids(searched(*m_store, "plumber")), QString("2/3 1/1"));
    }

private:
    void put(const ChatMessage& message) { QVERIFY(answer(m_store->save(message))); }

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<ConversationStore> m_store;
};

QTEST_GUILESS_MAIN(MessageSearchTest)
#include "tst_message_search.moc"
