#include "tools/policy/line_diff.h"

#include <QTest>

#include <random>

using namespace lares;

namespace {

QString drawn(const LineDiff& diff) {
    QStringList lines;
    for (const DiffLine& line : diff.lines) {
        const QString text = QString::fromStdString(line.text);
        switch (line.kind) {
            case DiffLine::Kind::Same:
                lines << " " + text;
                break;
            case DiffLine::Kind::Removed:
                lines << "-" + text;
                break;
            case DiffLine::Kind::Added:
                lines << "+" + text;
                break;
            case DiffLine::Kind::Gap:
                lines << "~";
                break;
        }
    }
    return lines.join('\n');
}

/// The length of the longest common subsequence, by the textbook.
std::size_t longest_common(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> best(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t k = 1; k <= b.size(); ++k)
            best[i][k] = a[i - 1] == b[k - 1] ? best[i - 1][k - 1] + 1
                                              : std::max(best[i - 1][k], best[i][k - 1]);
    }
    return best[a.size()][b.size()];
}

std::string as_lines(const std::string& letters) {
    std::string text;
    for (const char letter : letters) text += std::string(1, letter) + "\n";
    return text;
}

}  // namespace

class LineDiffTest : public QObject {
    Q_OBJECT

private slots:
    void showsWhatChangesAndTwoLinesAround() {
        QCOMPARE(drawn(line_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\nfour\n5\n6\n7\n8\n")),
                 QString(" 2\n 3\n-4\n+four\n 5\n 6"));
        QCOMPARE(drawn(line_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n")),
                 QString("-a\n+A\n 1\n 2\n~\n 5\n 6\n-b\n+B"));
    }
    void anEmptyTextHasNoLines() {
        QCOMPARE(drawn(line_diff("", "new\nfile")), QString("+new\n+file"));
        QCOMPARE(drawn(line_diff("old\n", "")), QString("-old"));
        QVERIFY(line_diff("", "").lines.empty());
        QVERIFY(line_diff("same\n", "same\n").lines.empty());
        QVERIFY(line_diff("a\r\nb\r\n", "a\nb\n").lines.empty());
    }
    void isTheShortestAndRight() {
        std::mt19937 random(1);
        for (int round = 0; round < 3000; ++round) {
            const auto letters = [&] {
                std::string text(random() % 12, 'a');
                for (char& letter : text) letter = static_cast<char>('a' + random() % 3);
                return text;
            };
            const std::string a = letters();
            const std::string b = letters();
            // Lines far from any change are not in it, so it is put together from the changes.
            std::string removed;
            std::string added;
            std::size_t n = 0;
            for (const DiffLine& line : line_diff(as_lines(a), as_lines(b)).lines) {
                if (line.kind == DiffLine::Kind::Removed) removed += line.text;
                if (line.kind == DiffLine::Kind::Added) added += line.text;
                n += line.kind == DiffLine::Kind::Removed || line.kind == DiffLine::Kind::Added;
            }
            QCOMPARE(n, a.size() + b.size() - 2 * longest_common(a, b));
            // What stays is the same on both sides: counted letter by letter.
            for (const char letter : {'a', 'b', 'c'}) {
                const auto count = [letter](const std::string& text) {
                    return std::count(text.begin(), text.end(), letter);
                };
                QCOMPARE(count(a) - count(removed), count(b) - count(added));
            }
        }
    }
    void textsWithLittleInCommonAreReplaced() {
        std::string before;
        std::string after;
        for (int i = 0; i < 1000; ++i) {
            before += "old " + std::to_string(i) + "\n";
            after += "new " + std::to_string(i) + "\nsame\n";
        }
        const LineDiff diff = line_diff(before, after);
        QCOMPARE(diff.lines.size(), kMaxDiffLines);
        QCOMPARE(diff.n_left_out, std::size_t{3000 - kMaxDiffLines});
        QCOMPARE(diff.lines.back().text, std::string("old 399"));
    }
    void isSafeToLookAt() {
        const LineDiff diff =
            line_diff("", "\tif\n\x1b[2Jx\u202E\n" + std::string(299, 'x') + "ä\n");
        QCOMPARE(diff.lines[0].text, std::string("    if"));
        QCOMPARE(diff.lines[1].text, std::string("\\u{1b}[2Jx\\u{202e}"));
        QCOMPARE(diff.lines[2].text, std::string(299, 'x') + "...");
    }
};

QTEST_APPLESS_MAIN(LineDiffTest)
#include "tst_line_diff.moc"
