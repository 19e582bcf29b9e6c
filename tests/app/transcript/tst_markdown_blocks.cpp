#include "app/transcript/markdown_blocks.h"
#include "app/transcript/markdown_stream.h"
#include "tests/support/test_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace lares::app;

namespace {

const QString kAnswer = QStringLiteral(
    "Three invoices are in `Downloads`:\n\n"
    "1. **First**, from 2 May\n2. Second\n\n   with a paragraph\n\n- a\n- b\n  - c\n\n"
    "Then the code:\n\n```python\ndef f():\n\n    return 1\n\ntext = 'after a blank line'\n```\n\n"
    "| File | Size |\n|---|--:|\n| a.txt | 12 |\n\nNow a quote:\n\n> said\n>\n> twice\n\n"
    "## Heading\n\n**Bold** start, *x* and ~~gone~~.\n\n* list\n\n    still in the list\n\n"
    "Setext\n======\n\n<div>\n\nhtml\n\n</div>\n\n---\n\n- [x] done\n- [ ] open\n\n1986\\. A "
    "year.\n\n"
    "12\n\nEnd https://example.com/a_b.\n");

QStringList corpus() {
    QStringList texts = {
        kAnswer, kAnswer + kAnswer,
        QStringLiteral("See [the page].\n\nMore.\n\n[the page]: https://x.example\n"),
        QStringLiteral("- a\n\n```\nb\n\nc\n```\n\nd\n\n- e\n"),
        QStringLiteral("a\n\n-\n\nb\n\n1\n\n2\n\n1.\n\n3. x\n")};
    return texts;
}

}  // namespace

class MarkdownBlocksTest : public QObject {
    Q_OBJECT

private slots:
    void aTextAreaIsRawUntilItsEnd();
    void knowsListsTasksAndTightness();
    void knowsSpansAndLinks();
    void readsTablesAsCells();
    void showsHtmlAndImagesAsText();
    void namesWhatShowsNothing();
    void keepsEmptyItems();
    void growsToWhatTheWholeTextGives();
    void growsThroughEveryExampleOfTheSpecification();
    void parsesOnlyTheTailOfALongAnswer();
    void startsAnewWhenTheTextWasReplaced();
};

void MarkdownBlocksTest::knowsListsTasksAndTightness() {
    const auto blocks = parseMarkdown(u"3. a\n4. b\n   - [x] c\n\n- d\n\n- e\n");
    QCOMPARE(blocks.size(), std::size_t{5});
    QCOMPARE(blocks[0].containers.size(), std::size_t{1});
    QCOMPARE(blocks[0].containers[0].number, 3);
    QCOMPARE(blocks[1].containers[0].number, 4);
    QCOMPARE(blocks[1].containers[0].list, blocks[0].containers[0].list);
    QVERIFY(blocks[1].containers[0].isTight);
    QCOMPARE(blocks[2].containers.size(), std::size_t{2});
    QCOMPARE(blocks[2].containers[1].task, MarkdownContainer::Task::Done);
    QVERIFY(!blocks[3].containers[0].isTight);
}

void MarkdownBlocksTest::knowsSpansAndLinks() {
    const auto blocks = parseMarkdown(u"a **b *c*** `d` [e](http://x.example/?a=1&amp;b) ~~f~~");
    QCOMPARE(blocks.size(), std::size_t{1});
    const MarkdownBlock& block = blocks[0];
    QCOMPARE(block.text, QStringLiteral("a b c d e f"));
    QCOMPARE(block.links, QStringList{QStringLiteral("http://x.example/?a=1&b")});
    std::vector<InlineSpan> expected = {{2, 2, InlineSpan::Strong, -1},
                                        {4, 1, InlineSpan::Strong | InlineSpan::Emphasis, -1},
                                        {6, 1, InlineSpan::Code, -1},
                                        {8, 1, InlineSpan::Link, 0},
                                        {10, 1, InlineSpan::Strike, -1}};
    QVERIFY(block.spans == expected);
}

void MarkdownBlocksTest::readsTablesAsCells() {
    const auto blocks = parseMarkdown(u"| a | b |\n|:-:|--:|\n| 1<br>2 | `x|y` |\n| 3 |\n");
    QCOMPARE(blocks.size(), std::size_t{1});
    const MarkdownBlock& table = blocks[0];
    QCOMPARE(table.kind, MarkdownBlock::Kind::Table);
    QCOMPARE(table.columns.size(), std::size_t{2});
    QCOMPARE(table.columns[1], MarkdownBlock::Align::Right);
    QCOMPARE(table.cells.size(), std::size_t{6});
    QVERIFY(table.text.startsWith(QStringLiteral("a\tb\n1\u20282\t")));
}

void MarkdownBlocksTest::showsHtmlAndImagesAsText() {
    const auto blocks =
        parseMarkdown(u"<script>x</script>\n\ntext <b>bold</b> ![a cat](http://x.example/cat.png)");
    QCOMPARE(blocks.size(), std::size_t{2});
    QCOMPARE(blocks[0].kind, MarkdownBlock::Kind::Html);
    QCOMPARE(blocks[0].text, QStringLiteral("<script>x</script>"));
    QCOMPARE(blocks[1].text, QStringLiteral("text <b>bold</b> [image: a cat]"));
    QVERIFY(blocks[1].links.isEmpty());
}

void MarkdownBlocksTest::namesWhatShowsNothing() {
    const auto blocks = parseMarkdown(u"a\u202Etxt.exe\u200B \U000E0041 `\u0007`");
    QCOMPARE(blocks[0].text, QStringLiteral("a[U+202E]txt.exe[U+200B] [U+E0041] [U+0007]"));
    QVERIFY(blocks[0].spans.front().styles & InlineSpan::Hidden);
    const QString nul = QStringLiteral("a") + QChar(0) + QStringLiteral("b");
    QCOMPARE(parseMarkdown(nul)[0].text, QStringLiteral("a\uFFFDb"));
}

void MarkdownBlocksTest::keepsEmptyItems() {
    const auto blocks = parseMarkdown(u"- a\n-\n- c\n\n>\n");
    QCOMPARE(blocks.size(), std::size_t{4});
    QCOMPARE(blocks[1].text, QString());
    QCOMPARE(blocks[3].containers[0].kind, MarkdownContainer::Kind::Quote);
}

void MarkdownBlocksTest::growsToWhatTheWholeTextGives() {
    for (const QString& text : corpus()) {
        MarkdownStream stream;
        for (qsizetype length = 0; length <= text.size(); ++length) {
            stream.update(text.left(length));
            if (stream.blocks() != parseMarkdown(QStringView(text).left(length)))
                QFAIL(qPrintable(
                    QStringLiteral("differs at %1:\n%2").arg(length).arg(text.left(length))));
        }
    }
}

void MarkdownBlocksTest::growsThroughEveryExampleOfTheSpecification() {
    const std::string json =
        lares::test::read_file(lares::test::data_file("markdown/commonmark_0_31_2.json"));
    QString text;
    MarkdownStream stream;
    for (const auto& value : QJsonDocument::fromJson(QByteArray::fromStdString(json)).array()) {
        const QString example = value.toObject()["markdown"].toString();
        // Alone behind a paragraph, at every cut; definitions are among them.
        text =
            QStringLiteral("Before.\n\nOn.\n\n") + example + QStringLiteral("\n\nAfter.\n\n1. x\n");
        stream = {};
        for (qsizetype length = 1; length <= text.size(); ++length) {
            stream.update(text.left(length));
            if (stream.blocks() != parseMarkdown(QStringView(text).left(length)))
                QFAIL(qPrintable(
                    QStringLiteral("differs at %1:\n%2").arg(length).arg(text.left(length))));
        }
    }
}

void MarkdownBlocksTest::parsesOnlyTheTailOfALongAnswer() {
    QString text;
    MarkdownStream stream;
    for (int i = 0; i < 300; ++i) {
        text += QStringLiteral("Paragraph %1 of a long answer.\n\n").arg(i);
        stream.update(text);
    }
    QVERIFY2(stream.parsed() < 200, qPrintable(QString::number(stream.parsed())));
    const std::size_t changed = stream.update(text + u'x');
    QCOMPARE(changed, stream.blocks().size() - 1);
}

void MarkdownBlocksTest::startsAnewWhenTheTextWasReplaced() {
    MarkdownStream stream;
    stream.update(kAnswer);
    stream.update(QStringLiteral("Something else.\n\nWholly."));
    QVERIFY(stream.blocks() == parseMarkdown(u"Something else.\n\nWholly."));
}

/// md4c 0.4.8 ends it at the first blank line.
void MarkdownBlocksTest::aTextAreaIsRawUntilItsEnd() {
    const QString raw = "<TextArea\nname=a>\n\n*foo* </textare\n\n</textarea> x";
    const auto blocks = parseMarkdown(QString(raw + "\n\n*bar*"));
    QCOMPARE(blocks.size(), std::size_t{2});
    QCOMPARE(blocks[0].kind, MarkdownBlock::Kind::Html);
    QCOMPARE(blocks[0].text.trimmed(), raw);
    QCOMPARE(blocks[1].text, QString("bar"));
    // Elsewhere the word means nothing.
    QCOMPARE(parseMarkdown(QString("```\n<textarea>\n```"))[0].text.trimmed(),
             QString("<textarea>"));
    QCOMPARE(parseMarkdown(QString("a </textarea> b\n\nc")).size(), std::size_t{2});
    QCOMPARE(parseMarkdown(QString("<textareas>\n\n*a*")).size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(MarkdownBlocksTest)
#include "tst_markdown_blocks.moc"
