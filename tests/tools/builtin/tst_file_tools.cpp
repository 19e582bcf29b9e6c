#include "tests/support/folder_tree.h"
#include "tools/builtin/find_files/find_files.h"
#include "tools/builtin/get_time/get_time.h"
#include "tools/builtin/list_folder/list_folder.h"
#include "tools/builtin/read_file/read_file.h"

#include <QTest>

#include <sys/stat.h>

using namespace lares;
using lares::test::FolderTree;

namespace {

FolderHandle opened(const FolderTree& tree) {
    return std::move(FolderHandle::open(tree.path("grant")).value());
}

QString text(const ToolText& result) {
    return QString::fromStdString(result.result);
}

std::string numbered(const char* format, int i) {
    return QString::asprintf(format, i).toStdString();
}

}  // namespace

/// The texts of tools/registry/README.md, word for word.
class FileToolsTest : public QObject {
    Q_OBJECT

private slots:
    void tellsTheTime() {
        QCOMPARE(text(get_time({2026, 11, 22, 0, 15, 58})),
                 QString("Sunday 22 November 2026, 15:58"));
        QCOMPARE(text(get_time({2027, 1, 1, 5, 0, 5})), QString("Friday 1 January 2027, 00:05"));
        QVERIFY(system_local_time().year >= 2024);
    }

    void listsFoldersFirstThenFilesByName() {
        const FolderTree tree;
        tree.file("grant/notes.txt", std::string(4100, 'x'));
        tree.file("grant/Zebra.txt");
        tree.file("grant/apple.txt", "812 bytes, nearly");
        tree.folder("grant/taxes");
        tree.folder("grant/Photos");
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(list_folder({grant, "", "~/Documents"}, {})),
                 QString("Photos/\ntaxes/\napple.txt (17 B)\nnotes.txt (4.1 kB)\nZebra.txt (0 B)"));
    }
    void listsOddEntries() {
        const FolderTree tree;
        tree.file("outside", "secret");
        tree.file("grant/a\nb.txt");
        tree.file("grant/\xff.txt");
        tree.file("grant/file.txt", "12345");
        tree.link("grant/inside", "file.txt");
        tree.link("grant/outside", "../outside");
        QCOMPARE(::mkfifo(tree.path("grant/pipe").c_str(), 0600), 0);
        const FolderHandle grant = opened(tree);
        const QString listing = text(list_folder({grant, "", "."}, {}));
        QVERIFY2(listing.contains("a\\x0ab.txt\n"), qPrintable(listing));
        QVERIFY(listing.contains("\\xff.txt"));
        QVERIFY(listing.contains("outside (link)"));
        QVERIFY(listing.contains("pipe (not a file)"));
        if (sandbox_layer() == "openat2") QVERIFY(listing.contains("inside (5 B)"));
    }
    void listsAtMostFiftyLines() {
        const FolderTree tree;
        for (int i = 0; i < 262; ++i) tree.file("grant/" + numbered("f%03d", i));
        const FolderHandle grant = opened(tree);
        const QStringList lines = text(list_folder({grant, "", "."}, {})).split('\n');
        QCOMPARE(lines.size(), 51);
        QCOMPARE(lines.first(), QString("f000 (0 B)"));
        QCOMPARE(lines[49], QString("f049 (0 B)"));
        QCOMPARE(lines.last(), QString("... 212 more"));
    }
    void listingErrors() {
        const FolderTree tree;
        tree.file("grant/a.txt");
        tree.folder("grant/empty");
        tree.link("grant/out", "/");
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(list_folder({grant, "empty", "~/x"}, {})), QString("(empty folder)"));
        QCOMPARE(text(list_folder({grant, "none", "~/x"}, {})),
                 QString("error: no such folder: ~/x"));
        QCOMPARE(text(list_folder({grant, "a.txt", "~/x"}, {})),
                 QString("error: not a folder: ~/x"));
        QCOMPARE(text(list_folder({grant, "out", "~/x"}, {})),
                 QString("error: permission denied: ~/x"));
    }

    void readsText() {
        const FolderTree tree;
        tree.file("grant/a.txt", "one\r\ntwo\n\n");
        tree.file("grant/empty.txt");
        tree.file("grant/breaks.txt", "\n\n");
        tree.file("grant/utf16.txt", std::string("\xFF\xFEh\0i\0", 6));
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {}, {})), QString("one\ntwo"));
        QCOMPARE(text(read_file({grant, "empty.txt", "x"}, {}, {})), QString("(empty file)"));
        QCOMPARE(text(read_file({grant, "breaks.txt", "x"}, {}, {})), QString("(empty file)"));
        QCOMPARE(text(read_file({grant, "utf16.txt", "x"}, {}, {})), QString("hi"));
    }
    void readsAtMostEightThousandCharacters() {
        const FolderTree tree;
        tree.file("grant/a.txt", QString("ü").repeated(18230).toStdString());
        std::string ends_with_a_line(8001, 'x');
        ends_with_a_line.back() = '\n';
        tree.file("grant/b.txt", ends_with_a_line);
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {}, {})),
                 QString("ü").repeated(8000) + "\n[trimmed: 8000 of 18230 characters shown]");
        QCOMPARE(text(read_file({grant, "b.txt", "x"}, {}, {})), QString(8000, 'x'));
    }
    void readsALongFileInParts() {
        const FolderTree tree;
        tree.file(
            "grant/a.txt",
            (QString("ü").repeated(8000) + QString("y").repeated(8000) + "z\n").toStdString());
        tree.file("grant/empty.txt");
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {2}, {})),
                 QString("y").repeated(8000) + "\n[part 2 of 3]");
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {3}, {})), QString("z\n[part 3 of 3]"));
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {4}, {})),
                 QString("error: no such part: x has 3"));
        QCOMPARE(text(read_file({grant, "empty.txt", "x"}, {2}, {})),
                 QString("error: no such part: x has 1"));
        QCOMPARE(text_part("")->number, std::size_t{1});
        QCOMPARE(text_part("12")->number, std::size_t{12});
        for (const char* wrong : {"0", "-1", "two", "2x", " 2", "2.0", "99999999999999999999"})
            QVERIFY2(!text_part(wrong), wrong);
    }
    void readingErrors() {
        const FolderTree tree;
        tree.file("grant/picture.png", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
        tree.file("grant/large.txt", std::string(16'000'001, 'x'));
        tree.folder("grant/sub");
        tree.link("grant/out", "/etc/passwd");
        QCOMPARE(::mkfifo(tree.path("grant/pipe").c_str(), 0600), 0);
        const FolderHandle grant = opened(tree);
        const auto read = [&](const char* name) {
            return text(read_file({grant, name, "~/x"}, {}, {}));
        };
        QCOMPARE(read("none"), QString("error: no such file: ~/x"));
        QCOMPARE(read("picture.png/x"), QString("error: no such file: ~/x"));
        QCOMPARE(read("picture.png"), QString("error: not a text file: ~/x"));
        QCOMPARE(read("sub"), QString("error: not a text file: ~/x"));
        QCOMPARE(read("pipe"), QString("error: not a text file: ~/x"));
        QCOMPARE(read("out"), QString("error: permission denied: ~/x"));
        QCOMPARE(read("large.txt"), QString("error: file too large: ~/x (16 MB at most)"));
    }

    void findsFiles() {
        const FolderTree tree;
        tree.file("grant/b.PDF");
        tree.file("grant/a/deep/x.pdf");
        tree.file("grant/a/x.txt");
        tree.folder("grant/folder.pdf");
        tree.file("outside/secret.pdf");
        tree.link("grant/out", "../outside");
        tree.link("grant/link.pdf", "../outside/secret.pdf");
        const FolderHandle grant = opened(tree);
        QCOMPARE(text(find_files({grant, "", "~/D"}, "*.pdf", {})),
                 QString("~/D/a/deep/x.pdf\n~/D/b.PDF"));
        QCOMPARE(text(find_files({grant, "a", "~/D/a/"}, "*", {})),
                 QString("~/D/a/deep/x.pdf\n~/D/a/x.txt"));
        QCOMPARE(text(find_files({grant, "", "~/D"}, "*.doc", {})), QString("(no files found)"));
        QCOMPARE(text(find_files({grant, "none", "~/x"}, "*", {})),
                 QString("error: no such folder: ~/x"));
        QCOMPARE(text(find_files({grant, "b.PDF", "~/x"}, "*", {})),
                 QString("error: not a folder: ~/x"));
        QCOMPARE(text(find_files({grant, "out", "~/x"}, "*", {})),
                 QString("error: permission denied: ~/x"));
    }
    void showsAtMostThirtyPaths() {
        const FolderTree tree;
        for (int i = 0; i < 242; ++i) tree.file("grant/" + numbered("%03d.txt", i));
        const FolderHandle grant = opened(tree);
        const QStringList lines = text(find_files({grant, "", "/g"}, "*.txt", {})).split('\n');
        QCOMPARE(lines.size(), 31);
        QCOMPARE(lines[29], QString("/g/029.txt"));
        QCOMPARE(lines.last(), QString("... 212 more"));
    }

    void givesUpWhenTheTimeIsOver() {
        const FolderTree tree;
        tree.file("grant/a.txt", "x");
        const FolderHandle grant = opened(tree);
        RunLimits late;
        late.deadline = std::chrono::steady_clock::now();
        QCOMPARE(text(list_folder({grant, "", "x"}, late)), QString("error: timed out"));
        QCOMPARE(text(read_file({grant, "a.txt", "x"}, {}, late)), QString("error: timed out"));
        QCOMPARE(text(find_files({grant, "", "x"}, "*", late)), QString("error: timed out"));
        std::stop_source source;
        source.request_stop();
        RunLimits stopped;
        stopped.stop = source.get_token();
        QCOMPARE(text(find_files({grant, "", "x"}, "*", stopped)),
                 QString("error: stopped by the user"));
    }

    void writesSizes() {
        const auto size = [](std::uint64_t bytes) {
            return QString::fromStdString(size_text(bytes));
        };
        QCOMPARE(size(0), QString("0 B"));
        QCOMPARE(size(812), QString("812 B"));
        QCOMPARE(size(999), QString("999 B"));
        QCOMPARE(size(1000), QString("1.0 kB"));
        QCOMPARE(size(4100), QString("4.1 kB"));
        QCOMPARE(size(9960), QString("10 kB"));
        QCOMPARE(size(48'200), QString("48 kB"));
        QCOMPARE(size(999'700), QString("1.0 MB"));
        QCOMPARE(size(2'900'000'000), QString("2.9 GB"));
    }
};

QTEST_GUILESS_MAIN(FileToolsTest)
#include "tst_file_tools.moc"
