#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/windows_path.h"

#include <QTest>

using namespace lares;

/// Class I of the security design, as far as texts go: what Windows reads in another way than it
/// looks never reaches the system.
class WindowsPathTest : public QObject {
    Q_OBJECT

private slots:
    void knowsWhatIsAName_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("is_name");
        for (const char* name :
             {"a", "a.txt", ".git", "a b", " a", "con1", "console.txt", "com", "com10", "lpt",
              "nul-and-void", "aux_", "a~1", "na\u00efve", "\u00b9", "a.b.c", "~$doc.docx", "COM"})
            QTest::newRow(name) << QString(name) << true;
        for (const char* name : {"",
                                 ".",
                                 "..",
                                 "...",
                                 "a.",
                                 "a ",
                                 "a. ",
                                 "a .",
                                 "a:b",
                                 "a.txt:s",
                                 "a::$DATA",
                                 ":",
                                 "a*",
                                 "a?",
                                 "a<b",
                                 "a>b",
                                 "a|b",
                                 "a\"b",
                                 "a/b",
                                 "a\\b",
                                 "nul",
                                 "NUL",
                                 "Nul.txt",
                                 "nul .txt",
                                 "con",
                                 "CON.tar.gz",
                                 "prn",
                                 "aux.c",
                                 "com0",
                                 "COM1",
                                 "com9.txt",
                                 "lpt1",
                                 "LPT9.x",
                                 "conin$",
                                 "CONOUT$",
                                 "com\u00b9",
                                 "LPT\u00b3.txt",
                                 "a\nb",
                                 "\x01"})
            QTest::newRow(name) << QString(name) << false;
    }
    void knowsWhatIsAName() {
        QFETCH(QString, name);
        QFETCH(bool, is_name);
        QCOMPARE(is_windows_name(name.toStdString()), is_name);
    }

    void knowsShortNames_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("is_short");
        for (const char* name :
             {"GIT~1", "git~1", "PROGRA~1", "PROGRA~2.TXT", "A~12", "NTUSER~1.DAT"})
            QTest::newRow(name) << QString(name) << true;
        for (const char* name :
             {"a", "~1", "~$x", "a~", "a~b", "a~1b", "averylongname~1", "a~1.html", "a~1.b.c"})
            QTest::newRow(name) << QString(name) << false;
    }
    void knowsShortNames() {
        QFETCH(QString, name);
        QFETCH(bool, is_short);
        QCOMPARE(looks_like_short_name(name.toStdString()), is_short);
    }

    void takesPathsOnDrives_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("plain");
        const auto row = [](const char* path, const char* plain) {
            QTest::newRow(path) << QString(path) << QString(plain);
        };
        row(R"(C:\Users\Anna\x.txt)", "C:/Users/Anna/x.txt");
        row("C:/Users/Anna", "C:/Users/Anna");
        row(R"(c:\a/b\\c\)", "C:/a/b/c");
        row(R"(C:\)", "C:/");
        row(R"(C:\.)", "C:/");
        row(R"(C:\..\..\a)", "C:/a");
        row(R"(C:\a\..\b\.\c)", "C:/b/c");
        row(R"(C:\PROGRA~1\x)", "C:/PROGRA~1/x");  // a person may write those
        for (const char* path : {"",
                                 "a",
                                 R"(a\b)",
                                 R"(\a)",
                                 "/a",
                                 "C:",
                                 "C:a",
                                 R"(C:a\b)",
                                 R"(\\server\share\x)",
                                 "//server/share",
                                 R"(\\?\C:\a)",
                                 R"(\\.\COM1)",
                                 R"(\\.\C:\a)",
                                 R"(\??\C:\a)",
                                 R"(\\?\UNC\s\x)",
                                 R"(1:\a)",
                                 R"(CC:\a)",
                                 R"(C:\nul)",
                                 R"(C:\a\CON\b)",
                                 R"(C:\a.\b)",
                                 R"(C:\a \b)",
                                 R"(C:\a\x:s)",
                                 R"(C:\a\x::$DATA)",
                                 R"(C:\...\a)",
                                 R"(C:\a*)",
                                 R"(C:\C:\a)",
                                 R"(GLOBALROOT\Device)"})
            row(path, "");
    }
    void takesPathsOnDrives() {
        QFETCH(QString, path);
        QFETCH(QString, plain);
        QCOMPARE(normalised_windows_path(path.toStdString()).value_or(""), plain.toStdString());
    }

    void nothingOfThatIsAPlaceInAFolder() {
        for (const char* path : {"a.txt", "a/b.txt", "a/.git/b", "sub/n\u00e4me"})
            QVERIFY2(is_plain_relative(path, PathStyle::Windows), path);
        for (const char* path :
             {"nul",   "a/nul.txt",  "a./b",   "a /b",        "a/b.",           "a/b ", "a:b",
              "a/b:s", "a/b::$DATA", "GIT~1",  "GIT~1/hooks", "a/PROGRA~1.TXT", "a\\b", "..\\a",
              "C:",    "C:/a",       "a/C:/b", "a/COM1",      "con/a",          "*",    "a/?"}) {
            QVERIFY2(!is_plain_relative(path, PathStyle::Windows), path);
        }
        QVERIFY(is_plain_relative("a:b/GIT~1/nul", PathStyle::Posix));
    }
};

QTEST_GUILESS_MAIN(WindowsPathTest)
#include "tst_windows_path.moc"
