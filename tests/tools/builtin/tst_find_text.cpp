#include "tests/support/folder_tree.h"
#include "tools/builtin/find_text/find_text.h"

#include <QTest>

using namespace lares;
using lares::test::FolderTree;

namespace {

FolderHandle opened(const FolderTree& tree) {
    return std::move(FolderHandle::open(tree.path("grant")).value());
}

QString searched(const FolderTree& tree, const std::string& wanted) {
    const FolderHandle grant = opened(tree);
    TextSearch search(wanted);
    const auto error = search_files({grant, "", "~/Documents"}, search, {});
    return QString::fromStdString(error ? error->result : search.result().result);
}

}  // namespace

/// The texts of tools/registry/README.md, word for word.
class FindTextTest : public QObject {
    Q_OBJECT

private slots:
    void namesFileAndLine() {
        const FolderTree tree;
        tree.file("grant/b.txt", "one\ntwo rivers\n\nRIVERS again, and rivers\n");
        tree.file("grant/a/deep.md", "\tThe rivers.  \r\n");
        tree.file("grant/none.txt", "nothing of it");
        QCOMPARE(searched(tree, "rivers"),
                 QString("~/Documents/a/deep.md:1: The rivers.\n"
                         "~/Documents/b.txt:2: two rivers\n"
                         "~/Documents/b.txt:4: RIVERS again, and rivers"));
        QCOMPARE(searched(tree, "lakes"), QString("(not found)"));
    }
    void knowsLettersBeyondAscii() {
        const FolderTree tree;
        tree.file("grant/a.txt", "über\nÜBER\nПривет\n");
        QCOMPARE(searched(tree, "Über").count('\n'), 1);
        QCOMPARE(searched(tree, "ПРИВЕТ"), QString("~/Documents/a.txt:3: Привет"));
        tree.file("grant/utf16.txt", std::string("\xFF\xFE\x61\x00\x7A\x00", 6));
        QCOMPARE(searched(tree, "AZ"), QString("~/Documents/utf16.txt:1: az"));
    }
    void showsWhatIsAroundInALongLine() {
        const FolderTree tree;
        tree.file("grant/min.js", std::string(500, 'a') + "needle" + std::string(500, 'b'));
        const QString shown = searched(tree, "needle");
        QCOMPARE(shown, QString("~/Documents/min.js:1: ..." + QString(80, 'a') + "needle" +
                                QString(154, 'b') + "..."));
        // Cut between characters, never within one.
        tree.file("grant/min.js", std::string(1, 'a') + std::string("ää") + "needle");
        QVERIFY(searched(tree, "needle").endsWith(": aääneedle"));
    }
    void leavesOutWhatIsNoText() {
        const FolderTree tree;
        tree.file("grant/picture.png", std::string("needle\0needle", 13));
        tree.file("grant/.git/config", "needle");
        tree.file("outside.txt", "needle");
        tree.file("grant/large.txt", std::string(16'000'001, ' ') + "needle");
        tree.file("grant/.hidden", "needle");
        if (FolderTree::kHasLinks) tree.link("grant/out.txt", "../outside.txt");
        QCOMPARE(searched(tree, "needle"), QString("~/Documents/.hidden:1: needle"));
    }
    void countsWhatIsTooMuch() {
        const FolderTree tree;
        for (int i = 0; i < 9; ++i) {
            std::string lines;
            for (int k = 0; k < 7; ++k) lines += "needle " + std::to_string(k) + "\n";
            tree.file("grant/" + std::to_string(i) + ".txt", lines);
        }
        const QStringList shown = searched(tree, "needle").split('\n');
        QCOMPARE(shown.size(), 31);
        QCOMPARE(shown.at(4), QString("~/Documents/0.txt:5: needle 4"));
        QCOMPARE(shown.at(5), QString("~/Documents/1.txt:1: needle 0"));
        QCOMPARE(shown.last(), QString("... 33 more"));
    }
    void writesOutWhatWouldBreakALine() {
        const FolderTree tree;
        tree.file("grant/a.txt", "needle \x1b[2J\x01 end");
        QCOMPARE(searched(tree, "needle"),
                 QString("~/Documents/a.txt:1: needle \\x1b[2J\\x01 end"));
    }
    void namesThePageOfADocument() {
        TextSearch search("rent");
        search.look_in_document("~/lease.pdf",
                                "Rent first\n— page 1 —\nnothing\n— page 2 —\nThe rent\nis due\n");
        search.pass_over_document();
        QCOMPARE(QString::fromStdString(search.result().result),
                 QString("~/lease.pdf: Rent first\n~/lease.pdf, page 2: The rent\n"
                         "[1 document not looked into]"));
        QCOMPARE(QString::fromStdString(search.result().detail), QString("2 lines in 1 file"));
    }
    void handsDocumentsOver() {
        const FolderTree tree;
        for (int i = 0; i < 70; ++i)
            tree.file("grant/" + std::to_string(i) + ".pdf", "%PDF-1.7 needle");
        const FolderHandle grant = opened(tree);
        TextSearch search("needle");
        std::vector<OpenedDocument> documents;
        QVERIFY(!search_files({grant, "", "."}, search, {},
                              [&](OpenedDocument one) { documents.push_back(std::move(one)); }));
        QCOMPARE(documents.size(), kMaxSearchedDocuments);
        QVERIFY(documents.front().as_called.starts_with("./"));
        QVERIFY(documents.front().family == DocumentFamily::Pdf);
        QCOMPARE(QString::fromStdString(search.result().result),
                 QString("(not found)\n[6 documents not looked into]"));
    }
    void keepsWhatItFoundWhenTimeRunsOut() {
        const FolderTree tree;
        tree.file("grant/a.txt", "needle");
        const FolderHandle grant = opened(tree);
        RunLimits limits;
        limits.deadline = std::chrono::steady_clock::now();
        TextSearch late("needle");
        QVERIFY(!search_files({grant, "", "."}, late, limits));
        QCOMPARE(QString::fromStdString(late.result().result),
                 QString("(not found)\n[stopped: out of time]"));
        std::stop_source stop;
        stop.request_stop();
        RunLimits stopped;
        stopped.stop = stop.get_token();
        TextSearch search("needle");
        const auto error = search_files({grant, "", "."}, search, stopped);
        QVERIFY(error);
        QCOMPARE(QString::fromStdString(error->result), QString("error: stopped by the user"));
    }
    void saysWhyNothingIsSearched() {
        const FolderTree tree;
        tree.file("grant/a.txt", "needle");
        const FolderHandle grant = opened(tree);
        TextSearch search("needle");
        QCOMPARE(QString::fromStdString(search_files({grant, "no", "no"}, search, {})->result),
                 QString("error: no such folder: no"));
        QCOMPARE(
            QString::fromStdString(search_files({grant, "a.txt", "a.txt"}, search, {})->result),
            QString("error: not a folder: a.txt"));
    }
};

QTEST_APPLESS_MAIN(FindTextTest)
#include "tst_find_text.moc"
