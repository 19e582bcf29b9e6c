#include "tools/builtin/tool_text.h"
#include "tools/policy/call_path.h"
#include "tools/policy/sensitive_names.h"

#include <QTest>

using namespace lares;

namespace {

constexpr PathStyle kWindows = PathStyle::Windows;

}  // namespace

/// What a call means by its path on Windows, and that other spellings of a name decide nothing.
class WindowsCallsTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhichPathACallMeans_data() {
        QTest::addColumn<QString>("called");
        QTest::addColumn<QString>("absolute");
        const auto row = [](const char* called, const char* absolute) {
            QTest::newRow(called) << QString(called) << QString(absolute);
        };
        row(R"(C:\Users\u\x.txt)", "C:/Users/u/x.txt");
        row("c:/Users/u/x.txt", "C:/Users/u/x.txt");
        row(R"(C:\Users/u\\x\..\y\)", "C:/Users/u/y");
        row("~", "C:/Users/u");
        row(R"(~\Documents)", "C:/Users/u/Documents");
        row("~/Documents", "C:/Users/u/Documents");
        row(R"(~\..\v)", "C:/Users/v");
        row("notes.txt", "D:/only/notes.txt");
        row(R"(a\b)", "D:/only/a/b");
        row(R"(..\x)", "D:/x");
        row(R"(C:\)", "C:/");
        for (const char* called : {"~other",
                                   R"(~other\x)",
                                   "/x",
                                   R"(\x)",
                                   "C:x",
                                   "C:",
                                   R"(\\server\share\x)",
                                   "//server/share/x",
                                   R"(\\?\C:\Users\u\x)",
                                   R"(\\.\PhysicalDrive0)",
                                   R"(\??\C:\x)",
                                   "nul",
                                   R"(C:\x\con)",
                                   R"(C:\x\aux.txt)",
                                   R"(C:\x.)",
                                   R"(C:\x )",
                                   R"(C:\a.txt:s)",
                                   "a.txt:s",
                                   R"(C:\GIT~1\x)",
                                   "GIT~1",
                                   R"(~\DOCUME~1\x)",
                                   "C:\\a\nb",
                                   ""})
            row(called, "");
    }
    void saysWhichPathACallMeans() {
        QFETCH(QString, called);
        QFETCH(QString, absolute);
        const auto path = absolute_path(called.toStdString(), R"(C:\Users\u)", "D:/only", kWindows);
        QCOMPARE(path.value_or(""), absolute.toStdString());
    }
    void aHomeMayHaveAShortNameInIt() {
        QCOMPARE(absolute_path(R"(~\x)", R"(C:\Users\ANNAMA~1)", "", kWindows).value_or(""),
                 std::string("C:/Users/ANNAMA~1/x"));
        QVERIFY(!absolute_path("~/x", R"(\\server\home)", "", kWindows));
        QVERIFY(!absolute_path("x", "", "", kWindows));
    }

    void pathsAreShownAsTheyWereCalled() {
        const auto in = [](const char* folder) { return path_as_called(folder, "x", kWindows); };
        QCOMPARE(in(R"(C:\a\)"), std::string(R"(C:\a\x)"));
        QCOMPARE(in(R"(C:\)"), std::string(R"(C:\x)"));
        QCOMPARE(in("C:/a"), std::string("C:/a/x"));
        QCOMPARE(in("~"), std::string("~/x"));
        QCOMPARE(in("a"), std::string("a/x"));
        const auto above = [](const char* path) { return folder_as_called(path, kWindows); };
        QCOMPARE(above(R"(C:\a\b)"), std::string(R"(C:\a)"));
        QCOMPARE(above(R"(C:\a)"), std::string(R"(C:\)"));
        QCOMPARE(above("a"), std::string("."));
        QCOMPARE(path_as_called("/", "x", PathStyle::Posix), std::string("/x"));
        QCOMPARE(path_as_called("/a//", "x", PathStyle::Posix), std::string("/a/x"));
        QCOMPARE(folder_as_called("/a:/b", PathStyle::Posix), std::string("/a:"));
    }

    void sensitiveNamesHaveNoOtherSpelling() {
        for (const char* path :
             {".git/config", ".GIT/config", ".g\u0131t/config", ".G\u0130T/hooks/x",
              ".\u017f\u017fh/x", "ma\u212aefile", "MAKEF\u0131LE", "a/RUN.BAT", "x.Dll",
              "setup.MSI", "a.hta", ".git./x", "run.bat. ", "x.settingcontent-ms"})
            QVERIFY2(is_sensitive_path(path), path);
        for (const char* path : {"a.txt", "git/config", "makefile.txt", "dll", "\u0131"})
            QVERIFY2(!is_sensitive_path(path), path);
    }
    void whatProgramsKeepInAHomeIsTheirs() {
        for (const char* path :
             {"AppData", "appdata/Roaming/x", "NTUSER.DAT", "ntuser.ini", ".ssh"})
            QVERIFY2(is_hidden_in_home(path, kWindows), path);
        for (const char* path : {"Documents", "AppData2", "ntuser", "x/AppData"})
            QVERIFY2(!is_hidden_in_home(path, kWindows), path);
        QVERIFY(!is_hidden_in_home("AppData", PathStyle::Posix));
    }
};

QTEST_GUILESS_MAIN(WindowsCallsTest)
#include "tst_windows_calls.moc"
