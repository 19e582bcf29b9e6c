#include "tools/builtin/find_files/name_pattern.h"

#include <QElapsedTimer>
#include <QTest>

using namespace lares;

class NamePatternTest : public QObject {
    Q_OBJECT

private slots:
    void matches_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char* pattern, const char* name, bool fits) {
            QTest::addRow("%s %s", pattern, name) << pattern << name << fits;
        };
        row("*.pdf", "a.pdf", true);
        row("*.pdf", "A.PDF", true);
        row("*.pdf", "a.pdf.txt", false);
        row("*tax*", "My Taxes 2024.ods", true);
        row("report-2024.txt", "Report-2024.txt", true);
        row("report-2024.txt", "report-2024.txt~", false);
        row("?.txt", "ü.txt", true);
        row("?.txt", "üb.txt", false);
        row("*", "", true);
        row("", "", true);
        row("", "a", false);
        row("ÜBER*", "über.txt", true);
        row("отчёт*", "ОТЧЁТ.pdf", true);
        row("*a*b*c*", "xxaxxbxxcxx", true);
        row("*a*b*c*", "xxaxxcxxbxx", false);
        row("**", "anything", true);
        row("[a-z].txt", "b.txt", false);
        row("[a-z].txt", "[a-z].txt", true);
        row("a\\*", "a\\b", true);
    }
    void matches() {
        QFETCH(QString, pattern);
        QFETCH(QString, name);
        QFETCH(bool, fits);
        QCOMPARE(NamePattern(pattern.toStdString()).matches(name.toStdString()), fits);
    }
    void manyStarsTakeNoTime() {
        QElapsedTimer timer;
        timer.start();
        const NamePattern pattern(QString("a*").repeated(120).toStdString() + "b");
        for (int i = 0; i < 100; ++i) QVERIFY(!pattern.matches(std::string(255, 'a')));
        QVERIFY(timer.elapsed() < 2000);
    }
    void bytesThatAreNoTextAreThemselves() {
        QVERIFY(NamePattern("?.txt").matches("\xff.txt"));
        QVERIFY(!NamePattern("\xfe.txt").matches("\xff.txt"));
    }
};

QTEST_GUILESS_MAIN(NamePatternTest)
#include "tst_name_pattern.moc"
