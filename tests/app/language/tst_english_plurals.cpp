#include "app/language/english_plurals.h"

#include <QCoreApplication>
#include <QTest>

using lares::app::EnglishPlurals;

class EnglishPluralsTest : public QObject {
    Q_OBJECT

private slots:
    void picksTheForm_data();
    void picksTheForm();
    void leavesOtherTextsAlone();
    void isThereInEveryApplication();
};

void EnglishPluralsTest::picksTheForm_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<int>("n");
    QTest::addColumn<QString>("text");
    QTest::newRow("one") << "%n file(s)" << 1 << "%n file";
    QTest::newRow("none") << "%n file(s)" << 0 << "%n files";
    QTest::newRow("more") << "%n file(s)" << 21 << "%n files";
    QTest::newRow("one, in its own word") << "%n entr(y|ies) since %1" << 1 << "%n entry since %1";
    QTest::newRow("more, in their own word") << "%n entr(y|ies)" << 2 << "%n entries";
    QTest::newRow("several words")
        << "%n (was|were) there, so (it stays|they stay)" << 2 << "%n were there, so they stay";
    QTest::newRow("two at once") << "%n picture(s) or file(s)" << 1 << "%n picture or file";
    QTest::newRow("other parentheses")
        << "%n place(s) (%1, see (a))" << 2 << "%n places (%1, see (a))";
    QTest::newRow("inside of others")
        << "%1 (%n (was|were) not kept.)" << 2 << "%1 (%n were not kept.)";
    QTest::newRow("a form of nothing") << "(|More )place(s)" << 1 << "place";
    QTest::newRow("one that did not begin") << "%n place(s)) and)" << 2 << "%n places) and)";
    QTest::newRow("one that does not end") << "%n file(s) (" << 2 << "%n files (";
    QTest::newRow("nothing to pick") << "%n undone" << 1 << "%n undone";
}

void EnglishPluralsTest::picksTheForm() {
    QFETCH(QString, source);
    QFETCH(int, n);
    QTEST(EnglishPlurals().translate("Any", source.toUtf8().constData(), nullptr, n), "text");
}

void EnglishPluralsTest::leavesOtherTextsAlone() {
    QVERIFY(EnglishPlurals().translate("Any", "Folder(s) (a|b)", nullptr, -1).isNull());
}

void EnglishPluralsTest::isThereInEveryApplication() {
    QCOMPARE(QCoreApplication::translate("Any", "%n file(s)", nullptr, 1), "1 file");
    QCOMPARE(QCoreApplication::translate("Any", "%n file(s)", nullptr, 2), "2 files");
}

QTEST_GUILESS_MAIN(EnglishPluralsTest)
#include "tst_english_plurals.moc"
