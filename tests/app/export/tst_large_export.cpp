#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "app/export/export_format.h"
#include "tests/app/store/store_samples.h"
#include "tests/app/turns/desk.h"

#include <QBuffer>
#include <QDir>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

constexpr int kMessages = 5'000;

/// What people have: prose, code, lists and tables, questions of a line.
ConversationContent longContent(int n = kMessages) {
    ConversationContent content;
    content.info = sampleConversation(1);
    for (int i = 1; i <= n; ++i) {
        ChatMessage message = userMessage(i, 1, i - 1, QString("Question word%1?").arg(i));
        if (i % 2 == 0) {
            message.role = Role::Assistant;
            message.parts = {part(
                Part::Kind::Text,
                QString("Answer word%1, with **bold** words and `code` in a line of prose that is "
                        "long enough for two lines on the page.\n\n- one\n- two\n\n%2")
                    .arg(i)
                    .arg(i % 6 == 0   ? "```cpp\nint main() {\n    return 0;\n}\n```"
                         : i % 6 == 2 ? "| a | b |\n|---|---|\n| 1 | 2 |"
                                      : "The end."))};
        }
        content.messages.push_back(message);
    }
    content.info.activeLeaf = n;
    return content;
}

ExportChoice choiceOf(ExportFormat format) {
    for (const ExportChoice& choice : exportChoices()) {
        if (choice.format == format) return choice;
    }
    return {};
}

constexpr ExportFormat kFormats[] = {ExportFormat::Markdown, ExportFormat::Html, ExportFormat::Pdf,
                                     ExportFormat::Text, ExportFormat::Json};

}  // namespace

class LargeExportTest : public QObject {
    Q_OBJECT

private slots:
    void everyMessageIsThere() {
        const ConversationContent content = longContent();
        for (const ExportFormat format :
             {ExportFormat::Markdown, ExportFormat::Html, ExportFormat::Text}) {
            const auto bytes = exported(content, choiceOf(format));
            QVERIFY(bytes);
            static const QRegularExpression kWord("word(\\d+)");
            const QString text = QString::fromUtf8(*bytes);
            int expected = 1;
            auto found = kWord.globalMatch(text);
            while (found.hasNext()) {
                const int number = found.next().captured(1).toInt();
                if (number == expected) ++expected;
            }
            QCOMPARE(expected, kMessages + 1);
        }
        QByteArray json = exported(content, choiceOf(ExportFormat::Json)).value_or(QByteArray());
        QBuffer buffer(&json);
        buffer.open(QIODevice::ReadOnly);
        std::size_t n = 0;
        const auto scan = scanConversationFile(buffer, [&](ConversationOrigin, const auto& one) {
            const auto read = conversationFromJson(one);
            if (read) n += read->messages.size();
            return true;
        });
        QVERIFY(scan && scan->isWhole);
        QCOMPARE(n, std::size_t{kMessages});
    }
    void everyPageIsThere() {
        QElapsedTimer timer;
        timer.start();
        const auto bytes = exported(longContent(), choiceOf(ExportFormat::Pdf));
        qInfo("%d messages as PDF in %.1f s", kMessages, double(timer.elapsed()) / 1000);
        QVERIFY(bytes);
        QVERIFY(bytes->startsWith("%PDF-") && bytes->trimmed().endsWith("%%EOF"));
        // Ten times as many messages take about ten times as many pages.
        const auto few = exported(longContent(kMessages / 10), choiceOf(ExportFormat::Pdf));
        const auto pages = bytes->count("/Type /Page\n");
        const auto fewPages = few->count("/Type /Page\n");
        qInfo("%lld pages, %lld for a tenth", qint64(pages), qint64(fewPages));
        QVERIFY(fewPages > 20);
        QVERIFY(std::abs(double(pages) - 10.0 * double(fewPages)) < 0.06 * double(pages));
    }
    void whatIsStoppedGivesNothing() {
        const ConversationContent content = longContent(200);
        std::stop_source stop;
        stop.request_stop();
        for (const ExportFormat format : kFormats) {
            const auto bytes = exported(content, choiceOf(format), stop.get_token());
            QVERIFY(!bytes);
            QCOMPARE(bytes.error().code, ErrorCode::Cancelled);
        }
    }
    void endingDoesNotWaitAndLeavesNoFile() {
        QTemporaryDir here;
        {
            const auto store = openStore((here.path() + "/data").toStdString());
            const ConversationContent content = longContent();
            QVERIFY(
                *store->insert(content.info, content.messages, {}, ConversationStore::Known::Added)
                     .result());
        }
        const QString file = here.filePath("long.pdf");
        QFuture<Result<void>> written;
        {
            Desk desk(kGreets, here.path());
            written = desk.controller->exportConversation(1, file, choiceOf(ExportFormat::Pdf));
            QTest::qWait(300);  // it is in the middle of it
            QVERIFY(!written.isFinished());
        }
        QVERIFY(written.isFinished());
        QCOMPARE(written.result().error().code, ErrorCode::Cancelled);
        QCOMPARE(QDir(here.path()).entryList(QDir::Files), QStringList());
    }
};

QTEST_MAIN(LargeExportTest)
#include "tst_large_export.moc"
