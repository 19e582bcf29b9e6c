#include "app/language/languages.h"
#include "app/language/translations.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QLocale>
#include <QTest>

using namespace lares::app;

namespace {

QStringList codes() {
    QStringList all;
    for (const Language& one : languages()) all << one.code;
    return all;
}

QString settingsText() {
    return QCoreApplication::translate("lares::app::SettingsPage", "Settings");
}

}  // namespace

/// Which languages there are, and what a choice gives. Without lrelease there is English alone.
class LanguagesTest : public QObject {
    Q_OBJECT

private slots:
    void englishIsFirstAndNamedByItself();
    void germanIsThere();
    void aSettingIsAChoice_data();
    void aSettingIsAChoice();
    void whatIsNotThereIsEnglish_data();
    void whatIsNotThereIsEnglish();
    void theDesktopsLanguagesAreTriedInTurn_data();
    void theDesktopsLanguagesAreTriedInTurn();
    void textsPluralsAndNumbersFollow();
    void anotherChoiceReplacesTheFirst();
    void itEndsWithItsObject();

private:
    [[nodiscard]] static bool hasGerman() { return codes().contains("de"); }
};

void LanguagesTest::englishIsFirstAndNamedByItself() {
    QCOMPARE(codes().first(), "en");
    QCOMPARE(nameOfLanguage("en"), "English");
    QCOMPARE(nameOfLanguage("fr"), "Français");
}

void LanguagesTest::germanIsThere() {
    if (!hasGerman()) QSKIP("built without lrelease");
    QCOMPARE(nameOfLanguage("de"), "Deutsch");
}

void LanguagesTest::aSettingIsAChoice_data() {
    QTest::addColumn<QJsonValue>("setting");
    QTest::addColumn<QString>("choice");
    QTest::newRow("nothing chosen") << QJsonValue(QJsonValue::Undefined) << "system";
    QTest::newRow("null") << QJsonValue() << "system";
    QTest::newRow("system") << QJsonValue("system") << "system";
    QTest::newRow("a code") << QJsonValue("de") << "de";
    QTest::newRow("a number") << QJsonValue(7) << "en";
    QTest::newRow("an object") << QJsonValue(QJsonObject{{"de", true}}) << "en";
}

void LanguagesTest::aSettingIsAChoice() {
    QFETCH(QJsonValue, setting);
    QTEST(languageChoice(setting), "choice");
}

void LanguagesTest::whatIsNotThereIsEnglish_data() {
    QTest::addColumn<QString>("choice");
    for (const char* choice : {"", "en", "tlh", "../../etc/passwd", "de\n", "*", "DE", "lares_de"})
        QTest::newRow(choice) << choice;
    QTest::newRow("long") << QString(100'000, 'x');
}

void LanguagesTest::whatIsNotThereIsEnglish() {
    QFETCH(QString, choice);
    QCOMPARE(languageFor(choice), "en");
    Translations translations;
    translations.use(choice);
    QCOMPARE(translations.code(), "en");
    QCOMPARE(settingsText(), "Settings");
}

void LanguagesTest::theDesktopsLanguagesAreTriedInTurn_data() {
    QTest::addColumn<QStringList>("spoken");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << QStringList() << "en";
    QTest::newRow("the C locale") << QStringList{"C"} << "en";
    QTest::newRow("English first") << QStringList{"en-GB", "de-DE"} << "en";
    QTest::newRow("unknown ones") << QStringList{"xx-XX", "yy"} << "en";
    if (!hasGerman()) return;
    QTest::newRow("German") << QStringList{"de"} << "de";
    QTest::newRow("of Austria") << QStringList{"de-AT", "de"} << "de";
    QTest::newRow("with a script") << QStringList{"de-Latn-CH"} << "de";
    QTest::newRow("after one that there is not") << QStringList{"xx", "de-DE", "en"} << "de";
}

void LanguagesTest::theDesktopsLanguagesAreTriedInTurn() {
    QFETCH(QStringList, spoken);
    QTEST(languageFor(kSystemLanguage, spoken), "code");
}

void LanguagesTest::textsPluralsAndNumbersFollow() {
    if (!hasGerman()) QSKIP("built without lrelease");
    Translations translations;
    translations.use("de");
    QCOMPARE(translations.code(), "de");
    QCOMPARE(settingsText(), "Einstellungen");
    const auto files = [](int n) {
        return QCoreApplication::translate("lares::app::LibraryRow", "%Ln file(s)", nullptr, n);
    };
    QCOMPARE(files(1), "1 Datei");
    QCOMPARE(files(1234), "1.234 Dateien");
    QCOMPARE(QLocale().toString(0.5, 'f', 1), "0,5");
    QCOMPARE(QLocale().standaloneMonthName(5), "Mai");
}

void LanguagesTest::anotherChoiceReplacesTheFirst() {
    if (!hasGerman()) QSKIP("built without lrelease");
    Translations translations;
    translations.use("de");
    translations.use("en");
    QCOMPARE(translations.code(), "en");
    QCOMPARE(settingsText(), "Settings");
    QCOMPARE(QLocale().language(), QLocale::English);
    translations.use("de");
    QCOMPARE(settingsText(), "Einstellungen");
}

void LanguagesTest::itEndsWithItsObject() {
    {
        Translations translations;
        translations.use("de");
    }
    QCOMPARE(settingsText(), "Settings");
}

QTEST_GUILESS_MAIN(LanguagesTest)
#include "tst_languages.moc"
