#include "tools/journal/sha256.h"
#include "tools/policy/call_path.h"
#include "tools/sandbox/display_text.h"

#include <QCryptographicHash>
#include <QTest>

using namespace lares;

/// The texts that decisions are made from: paths, what a person reads, what a yes is bound to.
class CallPathTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhichPathACallMeans_data() {
        QTest::addColumn<QString>("called");
        QTest::addColumn<QString>("absolute");
        const auto row = [](const char* called, const char* absolute) {
            QTest::addRow("%s", called) << called << absolute;
        };
        row("/a/b", "/a/b");
        row("/a/b/", "/a/b");
        row("//a///b", "/a/b");
        row("/a/./b/.", "/a/b");
        row("/a/../b", "/b");
        row("/../../b", "/b");
        row("/", "/");
        row("~", "/home/u");
        row("~/", "/home/u");
        row("~/D", "/home/u/D");
        row("~/../x", "/home/x");
        row("notes.txt", "/only/notes.txt");
        row("a/../..", "/");
        row(".", "/only");
        row("~root", "");
        row("~root/x", "");
        row("", "");
        row("/a\nb", "");
        row("/a\x7f", "");
    }
    void saysWhichPathACallMeans() {
        QFETCH(QString, called);
        QFETCH(QString, absolute);
        const auto path = absolute_path(called.toStdString(), "/home/u", "/only");
        QCOMPARE(QString::fromStdString(path.value_or("")), absolute);
    }
    void withoutABeginningThereIsNoPath() {
        QVERIFY(!absolute_path("x", "/home/u", ""));
        QVERIFY(!absolute_path("~/x", "", "/only"));
        QVERIFY(!absolute_path("/" + std::string(5000, 'a'), "/home/u", ""));
        QVERIFY(!absolute_path(QString("/a").repeated(65).toStdString(), "/home/u", ""));
        QVERIFY(!absolute_path("/a\xff", "/home/u", ""));
        QVERIFY(!absolute_path(std::string_view("/a\0b", 4), "/home/u", ""));
    }
    void writesOutWhatOneCannotSee() {
        QCOMPARE(display_text("plain ü"), std::string("plain ü"));
        QCOMPARE(display_text("a\nb\x1b[31m"), std::string("a\\u{a}b\\u{1b}[31m"));
        QCOMPARE(display_text("report\u202Efdp.exe"), std::string("report\\u{202e}fdp.exe"));
        QCOMPARE(display_text("a\u200Bb\uFEFF"), std::string("a\\u{200b}b\\u{feff}"));
        QCOMPARE(display_text("\xff"), std::string("\\x{ff}"));
    }
    void hashesAsEveryoneElse() {
        for (const qsizetype n : {0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000}) {
            const QByteArray bytes = QByteArray(n, 'a') + (n % 2 ? "\x80" : "");
            QCOMPARE(QByteArray::fromStdString(sha256_hex(bytes.toStdString())),
                     QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
        }
    }
};

QTEST_GUILESS_MAIN(CallPathTest)
#include "tst_call_path.moc"
