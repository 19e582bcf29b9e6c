#include "tools/sandbox/folded_text.h"
#include "tools/sandbox/path_parts.h"

#include <QTest>

using namespace lares;

namespace {

constexpr PathStyle kWindows = PathStyle::Windows;

}  // namespace

/// Paths and names as text, of both kinds of system on each of them.
class PathPartsTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheWayDown() {
        const auto below = [](const char* folder, const char* path) {
            return relative_to(folder, path, PathStyle::Posix).value_or("-");
        };
        QCOMPARE(below("/a/b", "/a/b/c/d"), std::string("c/d"));
        QCOMPARE(below("/a/b", "/a/b"), std::string());
        QCOMPARE(below("/", "/a"), std::string("a"));
        QCOMPARE(below("/a/b", "/a/bc"), std::string("-"));  // a twin by its first letters
        QCOMPARE(below("/a/b", "/a"), std::string("-"));
        QCOMPARE(below("", "/a"), std::string("-"));
        const auto holds = [](const char* folder, const char* path) {
            return is_in_folder(folder, path, PathStyle::Posix);
        };
        QVERIFY(holds("/a", "/a/b") && holds("/a", "/a"));
        QVERIFY(!holds("/a", "/ab") && !holds("/a/b", "/a"));
        QCOMPARE(parent_path("/a/b"), std::string("/a"));
        QCOMPARE(parent_path("/a"), std::string("/"));
        QCOMPARE(last_component("/a/b"), std::string("b"));
    }
    void upperAndLowerCaseAreOneFolder() {
        const auto below = [](const char* folder, const char* path) {
            return relative_to(folder, path, kWindows).value_or("-");
        };
        QCOMPARE(below("C:/Users/U/Docs", "c:/users/u/DOCS/A.txt"), std::string("A.txt"));
        QCOMPARE(below("C:/Users/U/Docs", "C:/USERS/u/docs"), std::string());
        QCOMPARE(below("C:/\u00c4pfel", "C:/\u00e4pfel/x/y"), std::string("x/y"));
        QCOMPARE(below("C:/", "c:/a"), std::string("a"));
        QCOMPARE(below("C:/", "D:/a"), std::string("-"));
        QCOMPARE(below("C:/a/b", "C:/a"), std::string("-"));
        QCOMPARE(below("C:/a", "C:/ab/c"), std::string("-"));  // a twin by its first letters
        QCOMPARE(below("C:/a/b", "C:/a/bc/d"), std::string("-"));
        QCOMPARE(below("", "C:/a"), std::string("-"));
        QVERIFY(!relative_to("/a/B", "/a/b/c", PathStyle::Posix));
    }
    void drivesAreRoots() {
        QCOMPARE(parent_path("C:/a/b"), std::string("C:/a"));
        QCOMPARE(parent_path("C:/a"), std::string("C:/"));
        QCOMPARE(parent_path("C:/"), std::string("C:/"));
        QCOMPARE(last_component("C:/a"), std::string("a"));
        QVERIFY(is_root_path("C:/") && is_root_path("/") && !is_root_path("C:/a"));
        QCOMPARE(path_in("C:/", "a"), std::string("C:/a"));
        QCOMPARE(path_in("C:/a", "b"), std::string("C:/a/b"));
        QCOMPARE(path_in("/", "b"), std::string("/b"));
    }
    void lettersAreFoldedInPlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("folded");
        const auto row = [](const char* text, const char* folded) {
            QTest::addRow("%s", text) << text << folded;
        };
        row("ABC xyz 1", "abc xyz 1");
        row("ÀÖØÞ ×÷ ß", "àöøþ ×÷ ß");
        row("ĀāĶķŸÿ", "āāķķÿÿ");
        row("ĹĺŹźŽž", "ĺĺźźžž");
        row("ΑΩω", "αωω");
        row("АЯЀЏя", "аяѐџя");
        row("日本 🦊", "日本 🦊");
    }
    /// What is found in the one is at the same byte in the other.
    void lettersAreFoldedInPlace() {
        QFETCH(QString, text);
        QFETCH(QString, folded);
        QCOMPARE(folded_text(text.toStdString()), folded.toStdString());
        QCOMPARE(folded_text(text.toStdString()).size(), text.toStdString().size());
        QCOMPARE(QString::fromStdU32String(folded_name(text.toStdString())), folded);
    }
    void bytesThatAreNoTextStayDifferent() {
        QVERIFY(folded_name("a\xFE") != folded_name("a\xFF"));
        QVERIFY(folded_name("a\xFE") == folded_name("A\xFE"));
    }
};

QTEST_GUILESS_MAIN(PathPartsTest)
#include "tst_path_parts.moc"
