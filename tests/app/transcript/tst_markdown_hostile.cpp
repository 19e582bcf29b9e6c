#include "app/transcript/markdown_blocks.h"
#include "app/transcript/markdown_export.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <limits>

using namespace lares::app;

namespace {

/// Processor time, so that a busy machine does not count; -1 when the blocks outgrow the text.
qint64 fastest(const QString& text) {
    qint64 best = std::numeric_limits<qint64>::max();
    for (int i = 0; i < 5; ++i) {
        const std::clock_t begin = std::clock();
        const auto blocks = parseMarkdown(text);
        best = std::min(best, static_cast<qint64>(std::clock() - begin));
        if (blocks.size() > static_cast<std::size_t>(text.size()) + 1) return -1;
    }
    return best;
}

}  // namespace

/// Markdown that a hostile page or file could make the model repeat: it stays text, and takes no
/// more than some times what plain text of its size takes.
class MarkdownHostileTest : public QObject {
    Q_OBJECT

private slots:
    void takesTimeLikePlainText_data();
    void takesTimeLikePlainText();
    void capsNestingAndColumns();
    void offersOnlySafeLinks_data();
    void offersOnlySafeLinks();
    void fetchesAndRunsNothing();
};

void MarkdownHostileTest::takesTimeLikePlainText_data() {
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const QString& text) { QTest::newRow(name) << text; };
    const auto many = [](const char* text, int n) { return QString::fromUtf8(text).repeated(n); };
    row("one line of 1 MB", many("x", 1 << 20));
    row("10,000 nested quotes", many("> ", 10'000) + u'a');
    row("quotes, then lazy lines",
        many("> ", 10'000) + QStringLiteral("a\n") + many("b\n", 20'000));
    row("nested lists", many("- ", 10'000) + u'a');
    row("100,000 cells",
        many("|a|b|c|d|\n", 1) + many("|---|---|---|---|\n", 1) + many("|1|2|3|4|\n", 25'000));
    row("a table 100,000 wide", many("|a", 100'000) + u'\n' + many("|---", 100'000) + u'\n');
    row("brackets", many("[", 100'000));
    row("link openers", many("[a](", 30'000));
    row("image openers", many("![", 50'000));
    row("stars", many("*a **b ", 30'000));
    row("backticks", many("`a``b```c````", 10'000));
    row("angle brackets", many("<a ", 50'000));
    row("comments", many("<!-- ", 30'000));
    row("addresses", many("http://a.b/ ", 20'000));
    row("mail addresses", many("a@b.c", 30'000));
    row("definitions", many("[a]: b\n", 20'000));
    row("one long definition used often",
        QStringLiteral("[x]: ") + many("y", 20'000) + QStringLiteral("\n\n") + many("[x] ", 5'000));
    row("bidirectional overrides", many("\u202E", 100'000));
    row("zeros", QString(100'000, QChar(0)));
}

void MarkdownHostileTest::takesTimeLikePlainText() {
    QFETCH(QString, text);
    const qint64 taken = fastest(text);
    QVERIFY(taken >= 0);
    const QString plain = QStringLiteral("Words in a line of text, and more.\n")
                              .repeated(static_cast<int>(text.size() / 35 + 1000));
    const double ratio =
        static_cast<double>(taken) / static_cast<double>(std::max<qint64>(1, fastest(plain)));
    // Quadratic work shows as hundreds; memory for long names and links as tens.
    QVERIFY2(ratio < 150, qPrintable(QStringLiteral("%1 times").arg(ratio)));
}

void MarkdownHostileTest::capsNestingAndColumns() {
    for (const MarkdownBlock& block : parseMarkdown(QStringLiteral("> ").repeated(10'000) + u'a'))
        QVERIFY(static_cast<int>(block.containers.size()) <= kMaxNesting);
    const QString table = QStringLiteral("|a").repeated(500) + u'\n' +
                          QStringLiteral("|---").repeated(500) + QStringLiteral("\n|1|2\n");
    for (const MarkdownBlock& block : parseMarkdown(table))
        QVERIFY(static_cast<int>(block.columns.size()) <= kMaxColumns);
}

void MarkdownHostileTest::offersOnlySafeLinks_data() {
    QTest::addColumn<QString>("href");
    QTest::addColumn<bool>("isOpenable");
    for (const char* href :
         {"https://example.com/a?b=c", "http://example.com", "mailto:a@b.example"})
        QTest::newRow(href) << href << true;
    for (const char* href :
         {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "file:///etc/passwd", "data:text/html,x",
          "vbscript:x", "smb://host/share", "/relative", "", "//host/x", "ftp://host/", "http:"})
        QTest::newRow(href) << href << false;
}

void MarkdownHostileTest::offersOnlySafeLinks() {
    QFETCH(QString, href);
    QFETCH(bool, isOpenable);
    QCOMPARE(isOpenableLink(href), isOpenable);
    const QString html = toHtml(parseMarkdown(QStringLiteral("[x](<%1>)").arg(href)));
    QCOMPARE(html.contains(QStringLiteral("href=")), isOpenable);
}

void MarkdownHostileTest::fetchesAndRunsNothing() {
    const auto blocks = parseMarkdown(
        u"![x](http://tracker.example/pixel.png) <img src=http://tracker.example onerror=x()>\n\n"
        "<script>x()</script>\n\n<iframe src=file:///etc/passwd></iframe>\n\n`<b>`");
    const QString html = toHtml(blocks);
    for (const char* tag : {"<img", "<script", "<iframe", "<b>"})
        QVERIFY2(!html.contains(QLatin1String(tag)), qPrintable(html));
    QVERIFY(toPlainText(blocks).contains(QStringLiteral("[image: x]")));
}

QTEST_APPLESS_MAIN(MarkdownHostileTest)
#include "tst_markdown_hostile.moc"
