#include "app/export/export_documents.h"
#include "app/export/export_format.h"
#include "app/transcript/markdown_blocks.h"
#include "tests/app/store/store_samples.h"

#include <QRegularExpression>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// A question with an attachment, two answers to it, the first of which is shown.
ConversationContent sampleContent() {
    ConversationContent content;
    content.info = sampleConversation(1);
    content.info.title = "Files & <b>folders</b>";
    content.personas = {{"clerk", "Clerk", "Sort.", {}}};
    ChatMessage question = userMessage(1, 1, 0, "What is *here*?");
    question.parts.insert(question.parts.begin(), partOf(sampleAttachment("costs.csv")));
    ChatMessage other = userMessage(3, 1, 1, "The other version.");
    other.role = Role::Assistant;
    content.messages = {question, fullAnswer(2, 1, 1), other};
    content.info.activeLeaf = 2;
    return content;
}

QString answered(const QString& text) {
    ConversationContent content = sampleContent();
    content.messages[1].parts = {part(Part::Kind::Text, text)};
    ChatMessage next = userMessage(4, 1, 2, "The next question.");
    content.messages.push_back(next);
    content.info.activeLeaf = 4;
    return toMarkdownDocument(exportTurns(content, ExportThinking::LeftOut));
}

}  // namespace

class ExportDocumentsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("TZ", "UTC"); }

    void writesTheShownBranchAsMarkdown() {
        QCOMPARE(toMarkdownDocument(exportTurns(sampleContent(), ExportThinking::LeftOut)),
                 QString::fromUtf8(R"(# Files & \<b>folders\</b>

*Clerk · 2026-05-28 · 2 messages*

## You · 2026-05-28 20:27

**costs.csv**

```csv
month,sum
May,12.50
```

What is *here*?

## Clerk · 2026-05-28 20:28

Let me look.

> *List the folder Documents* · 15 ms · allowed once

There is **letter.txt**.

> You stopped this answer.
)"));
    }
    void writesItAsText() {
        QCOMPARE(toTextDocument(exportTurns(sampleContent(), ExportThinking::LeftOut)),
                 QString::fromUtf8(R"(Files & <b>folders</b>
Clerk · 2026-05-28 · 2 messages

--- You · 2026-05-28 20:27 ---

[costs.csv · 21 bytes · about 14 tokens]

What is *here*?

--- Clerk · 2026-05-28 20:28 ---

Let me look.

[List the folder Documents · 15 ms · allowed once]

There is letter.txt.

[You stopped this answer.]
)"));
    }
    void loreIsNamedAndNotTold() {
        ConversationContent content = sampleContent();
        Part lore;
        lore.kind = Part::Kind::Lore;
        lore.text = "The sea is grey.";
        lore.data = {{"title", "The Sea"}};
        content.messages[0].parts.push_back(lore);
        const ExportTurns turns = exportTurns(content, ExportThinking::LeftOut);
        QVERIFY(toMarkdownDocument(turns).contains("> Lore: The Sea\n"));
        QVERIFY(toTextDocument(turns).contains("[Lore: The Sea]\n"));
        QVERIFY(!toTextDocument(turns).contains("grey"));
    }
    void thinkingIsThereWhereItWasAskedFor() {
        const ExportTurns with = exportTurns(sampleContent(), ExportThinking::Included);
        QVERIFY(toMarkdownDocument(with).contains("> *Thought for 1 s*\n>\n> The user asks."));
        QVERIFY(toTextDocument(with).contains("[Thought for 1 s]\n  The user asks."));
        QVERIFY(toHtmlDocument(with).contains("The user asks."));
        const ExportTurns without = exportTurns(sampleContent(), ExportThinking::LeftOut);
        QVERIFY(!toHtmlDocument(without).contains("The user asks."));
    }
    void aPageHoldsNoMarkupOfAMessageAndFetchesNothing() {
        ConversationContent content = sampleContent();
        content.info.title = "</title><script>alert(1)</script>";
        content.personas[0].name = "<img src=x onerror=alert(2)>";
        content.messages[0].parts.push_back(
            part(Part::Kind::Text, "<script src='https://x.example/a.js'></script>"));
        content.messages[1].parts.push_back(
            part(Part::Kind::Text,
                 "<iframe src=//x.example></iframe> ![a](https://x.example/p.png) "
                 "[b](javascript:alert(3)) \u202Eflip"));
        content.messages[1].parts[2].summary = "</summary><script>";
        content.messages[1].parts[3].text = "</code></pre><script>";
        const QString page = toHtmlDocument(exportTurns(content, ExportThinking::Included));
        for (const char* forbidden : {"<script", "<iframe", "<img", "src=", "javascript:\"",
                                      "href=\"javascript", "url(", "@import", "<link"}) {
            QString found = page;
            found.remove("src=&quot;").remove(QRegularExpression("&lt;[^<]*"));
            QVERIFY2(!found.contains(forbidden), forbidden);
        }
        QVERIFY(page.contains("default-src 'none'"));
        QVERIFY(page.contains("[U+202E]"));
        QVERIFY(page.contains("prefers-color-scheme: dark"));
    }
    void anAnswerEndsWithItself_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("whole") << "One **word**.";
        QTest::newRow("an open fence") << "```cpp\nint main() {";
        QTest::newRow("an open comment") << "<!-- never closed";
        QTest::newRow("a script") << "<script>";
        QTest::newRow("a list") << "- one\n- two";
        QTest::newRow("a fence in a list") << "- one\n  ~~~~\n  two";
    }
    void anAnswerEndsWithItself() {
        QFETCH(QString, text);
        const QString document = answered(text);
        const auto blocks = parseMarkdown(document);
        // The heading of the next message, and its words.
        QCOMPARE(blocks.back().text, QStringLiteral("The next question."));
        QCOMPARE(blocks[blocks.size() - 2].kind, MarkdownBlock::Kind::Heading);
    }
    void writesNumberedPages() {
        ConversationContent content = sampleContent();
        for (int i = 0; i < 60; ++i)
            content.messages[1].parts.push_back(
                part(Part::Kind::Text,
                     "# Head\n\nSome words.\n\n```cpp\nint main();\n```\n\n| a | "
                     "b |\n|---|---|\n| 1 | 2 |"));
        const QByteArray pdf = toPdfDocument(exportTurns(content, ExportThinking::LeftOut));
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY(pdf.trimmed().endsWith("%%EOF"));
        QVERIFY(pdf.count("/Type /Page\n") > 3);
    }
    void namesEveryFileSystemTakes_data() {
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "Sort the invoices"
                               << "Sort the invoices";
        QTest::newRow("separators") << "a/b\\c: d?"
                                    << "a b c d";
        QTest::newRow("a device") << "CON"
                                  << "_CON";
        QTest::newRow("a device with an ending") << "lpt1.notes"
                                                 << "_lpt1.notes";
        QTest::newRow("no device") << "Console"
                                   << "Console";
        QTest::newRow("dots") << "..hidden.. "
                              << "hidden";
        QTest::newRow("nothing") << "???"
                                 << "Conversation";
        QTest::newRow("reversed") << QString::fromUtf8("a\u202Ecod.exe") << "acod.exe";
        QTest::newRow("half a character") << QString("a/b:" + QString(QChar(0xd83d))) << "a b";
        QTest::newRow("long") << QString(300, 'x') << QString(120, 'x');
        QTest::newRow("emoji") << QString::fromUtf8("🏺").repeated(40)
                               << QString::fromUtf8("🏺").repeated(30);
    }
    void namesEveryFileSystemTakes() {
        QFETCH(QString, title);
        QFETCH(QString, name);
        QCOMPARE(safeFileName(title, "Conversation"), name);
    }
    void theEndingThatIsTypedWins() {
        const auto choices = exportChoices();
        QCOMPARE(exportChoice("/a/b.md", choices[5].filter), choices[5]);
        QCOMPARE(exportChoice("/a/b.pdf", choices[0].filter), choices[2]);
        QCOMPARE(exportChoice("/a/b.PDF", choices[5].filter), choices[7]);
        QCOMPARE(exportChoice("/a/b.notes", choices[1].filter), choices[1]);
        QCOMPARE(exportChoice("/a/b.json", choices[0].filter), choices[4]);
    }
};

QTEST_MAIN(ExportDocumentsTest)
#include "tst_export_documents.moc"
