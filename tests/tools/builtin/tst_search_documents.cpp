#include "tests/support/folder_tree.h"
#include "tools/builtin/search_documents/search_documents.h"

#include <QTest>

using namespace lares;
using lares::test::FolderTree;

namespace {

QString found(const FolderTree& tree, std::string_view query) {
    const FolderHandle grant = std::move(FolderHandle::open(tree.path("grant")).value());
    PassageSearch search(query);
    const auto error = search_files({grant, "", "~/Papers"}, search, {});
    return QString::fromStdString(error ? error->result : search.result().result);
}

}  // namespace

/// The texts of tools/registry/README.md, word for word.
class SearchDocumentsTest : public QObject {
    Q_OBJECT

private slots:
    void namesFileLineAndHeading() {
        const FolderTree tree;
        tree.file("grant/home/lease.md",
                  "# Lease\n\n## Rent\nThe rent is 900 a month.\n\nDue on the 1st.\n");
        tree.file("grant/list.txt", "Milk,\tbread.\n");
        QCOMPARE(found(tree, "How much are the rents?"),
                 QString("~/Papers/home/lease.md:4 (Lease > Rent)\n"
                         "The rent is 900 a month.\nDue on the 1st."));
        QCOMPARE(found(tree, "bread"), QString("~/Papers/list.txt:1\nMilk, bread."));
        QCOMPARE(found(tree, "zebra"), QString("(nothing found)"));
    }
    void ranksTheRightDocumentFirst() {
        const FolderTree tree;
        for (int i = 0; i < 60; ++i) {
            tree.file("grant/a" + std::to_string(i) + ".txt",
                      "What is the price of the thing, and when is the price of the other due? The "
                      "price is the price. Number " +
                          std::to_string(i) + " has no answer.");
        }
        tree.file("grant/z.txt", "The boiler was serviced by Mr Hämäläinen, at a price of 120.");
        QVERIFY(found(tree, "What is the price of the boiler service")
                    .startsWith("~/Papers/z.txt:1\n"));
        QVERIFY(found(tree, "hamalainen").startsWith("~/Papers/z.txt:1\n"));
    }
    void countsAFilesName() {
        const FolderTree tree;
        tree.file("grant/insurance.txt", "The sum is 300.");
        tree.file("grant/other.txt", "The sum is 900.");
        QVERIFY(found(tree, "sum of the insurance").startsWith("~/Papers/insurance.txt:1\n"));
    }
    void prefersTheShorterOfTwoThatHoldTheSame() {
        PassageSearch search("key");
        search.look("long.txt", "The key. " + std::string(300, 'x') +
                                    " and much more is said here, of other things.");
        search.look("short.txt", "The key.");
        QVERIFY(search.result().result.starts_with("short.txt:1\n"));
    }
    void namesPageAndPart() {
        PassageSearch search("zebra");
        std::string text = "— page 1 —\n";
        for (int i = 0; i < 900; ++i) text += "Nothing here.\n";  // 12,600 characters
        search.look_in_document("zoo.pdf", text + "— page 2 —\nA zebra.\n");
        QCOMPARE(QString::fromStdString(search.result().result),
                 QString("zoo.pdf, page 2, part 2\nA zebra."));
        QCOMPARE(search.result().sources, (std::vector<ToolSource>{{"zoo.pdf", "page 2"}}));
    }
    void takesAnyQueryAsPlainWords_data() {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("quotes") << QByteArray("\"needle");
        QTest::newRow("operators") << QByteArray("NOT needle AND ( OR NEAR(");
        QTest::newRow("column") << QByteArray("text:needle* ^needle");
        QTest::newRow("sql") << QByteArray("needle'; DROP TABLE x; --");
        QTest::newRow("NUL") << QByteArray("\0needle", 7);
        QTest::newRow("lines") << QByteArray("\r\nneedle\n\x1b[2J");
        QTest::newRow("10,000 words") << "needle " + QByteArray("no ").repeated(10'000);
        QByteArray many = "needle ";
        for (int i = 0; i < 10'000; ++i) many += "w" + QByteArray::number(i) + " ";
        QTest::newRow("10,000 different ones") << many;
    }
    void takesAnyQueryAsPlainWords() {
        QFETCH(QByteArray, query);
        const FolderTree tree;
        tree.file("grant/a.txt", "a needle");
        QCOMPARE(found(tree, query.toStdString()), QString("~/Papers/a.txt:1\na needle"));
    }
    void findsNothingWithoutWords() {
        const FolderTree tree;
        tree.file("grant/a.txt", "a needle *");
        QCOMPARE(found(tree, "*"), QString("(nothing found)"));
    }
    void showsAFewOfManyAndCountsTheRest() {
        PassageSearch search("needle");
        std::string text;
        for (int i = 0; i < 10; ++i) text += "needle " + std::string(995, 'x') + "\n";
        for (int i = 0; i < 9; ++i) search.look("f" + std::to_string(i) + ".txt", text);
        const ToolText result = search.result();
        QVERIFY(result.result.size() < 7000);
        QCOMPARE(QString::fromStdString(result.result).count("f0.txt:"), 3);
        QVERIFY2(result.result.find("\n\n... ") != std::string::npos, result.result.c_str());
    }
    void keepsTheBestOfMoreThanItKeeps() {
        PassageSearch search("needle rare");
        for (int i = 0; i < 5000; ++i) {
            const bool is_it = i == 100;
            search.look(std::to_string(i), is_it ? "a rare needle" : "a needle");
        }
        const std::string result = search.result().result;
        QVERIFY2(result.starts_with("100:1\na rare needle\n"), result.c_str());
        QVERIFY2(result.ends_with("\n... 4992 more"), result.c_str());
    }
    void writesOutWhatWouldBreakALine() {
        const FolderTree tree;
        tree.file("grant/a.txt", "needle \x1b[2J\x01 end");
        QCOMPARE(found(tree, "needle"), QString("~/Papers/a.txt:1\nneedle \\x1b[2J\\x01 end"));
    }
    void leavesOutWhatIsNoTextOrOutside() {
        const FolderTree tree;
        tree.file("grant/picture.png", std::string("needle\0needle", 13));
        tree.file("grant/.git/config", "needle");
        tree.file("outside.txt", "needle");
        if (FolderTree::kHasLinks) tree.link("grant/out.txt", "../outside.txt");
        QCOMPARE(found(tree, "needle"), QString("(nothing found)"));
    }
    void saysWhatWasLeftOut() {
        PassageSearch search("needle");
        search.look("a.txt", "needle");
        search.pass_over_document();
        search.stop("[stopped: out of time]");
        QCOMPARE(
            QString::fromStdString(search.result().result),
            QString("a.txt:1\nneedle\n\n[1 document not looked into]\n[stopped: out of time]"));
        QCOMPARE(QString::fromStdString(search.result().detail), QString("1 passage in 1 file"));
    }
};

QTEST_APPLESS_MAIN(SearchDocumentsTest)
#include "tst_search_documents.moc"
