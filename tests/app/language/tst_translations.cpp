#include "app/language/languages.h"
#include "app/language/translations.h"
#include "app/personas/built_in_personas.h"
#include "tests/app/language/translation_file.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace lares::test;

namespace {

QStringList matches(const QString& text, const char* pattern) {
    QStringList found;
    for (auto it = QRegularExpression(pattern).globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

QString spaceAround(const QString& text) {
    const qsizetype begin = text.indexOf(text.trimmed());
    return text.left(begin) + '|' + text.mid(begin + text.trimmed().size());
}

/// What a text ends with, as a kind: a label before a value, a command with a question after it, a
/// sentence, or none of them. A translation may close a quotation before it.
QString endOf(const QString& text) {
    QString end = text.trimmed();
    while (!end.isEmpty() && QStringLiteral("”“»«)\"").contains(end.back())) end.chop(1);
    if (end.isEmpty()) return {};
    return QStringLiteral("….:;?!,").contains(end.back()) ? QString(end.back()) : QString();
}

/// Without the "n" in a form for one thing, which may be a word.
QStringList placeholders(const QString& text, bool isWithNumber) {
    QStringList all = matches(text, "%(?:L?\\d{1,2}|L?n)");
    all.removeIf([](const QString& one) { return one.endsWith('n'); });
    if (isWithNumber && !matches(text, "%L?n").isEmpty()) all << matches(text, "%L?n");
    return all;
}

void eachLanguage() {
    QTest::addColumn<QString>("code");
    for (const QString& code : translationCodes()) QTest::newRow(qPrintable(code)) << code;
}

/// Says for each text what does not fit.
template <class Fault>
void check(const QString& code, Fault faultOf) {
    QStringList faults;
    for (const Translation& one : readTranslations(translationPath(code))) {
        for (const QString& form : one.forms) {
            const QString fault = faultOf(one, form);
            if (!fault.isEmpty()) faults << one.name() + "\n  " + form + "\n  " + fault;
        }
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
}

}  // namespace

/// Every file in resources/translations is whole and fits the sources.
class TranslationsTest : public QObject {
    Q_OBJECT

private slots:
    void thereAreSome();
    void isUpToDate_data() { eachLanguage(); }
    void isUpToDate();
    void isWhole_data() { eachLanguage(); }
    void isWhole();
    void keepsPlaceholders_data() { eachLanguage(); }
    void keepsPlaceholders();
    void keepsTagsAndMnemonics_data() { eachLanguage(); }
    void keepsTagsAndMnemonics();
    void keepsFileFilters_data() { eachLanguage(); }
    void keepsFileFilters();
    void endsAsTheSourceDoes_data() { eachLanguage(); }
    void endsAsTheSourceDoes();
    void germanQuotesAreGerman();
    void classesKnowTheirTexts_data() { eachLanguage(); }
    void classesKnowTheirTexts();
    void builtInPersonasGreetInIt();
};

void TranslationsTest::thereAreSome() {
    QVERIFY(translationCodes().contains("de"));
}

void TranslationsTest::isUpToDate() {
    QFETCH(QString, code);
    const QString lupdate = LARES_LUPDATE;
    if (!QFileInfo(lupdate).isExecutable())
        QSKIP("no lupdate here (Debian: qt6-l10n-tools), so nothing says what the sources have");
    const QTemporaryDir folder;
    const QString copy = folder.filePath("copy.ts");
    QVERIFY(QFile::copy(translationPath(code), copy));
    QFile(copy).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QProcess process;
    process.setWorkingDirectory(QString::fromStdString(source_file(".").string()));
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(lupdate, {"app", "-I", ".", "-extensions", "cpp,h", "-locations", "none",
                            "-source-language", "en", "-ts", copy});
    QVERIFY(process.waitForFinished(120'000));
    const QString said = QString::fromUtf8(process.readAll());
    QCOMPARE(process.exitCode(), 0);
    // It warns of texts whose class it does not see: they would be looked for under another one.
    QVERIFY2(!said.contains(QRegularExpression("\\.(cpp|h):\\d+: ")), qPrintable(said));

    QStringList faults;
    const std::vector<Translation> before = readTranslations(translationPath(code));
    const std::vector<Translation> after = readTranslations(copy);
    for (const Translation& one : after) {
        if (std::find(before.begin(), before.end(), one) != before.end()) continue;
        faults << (one.type == u"vanished" || one.type == u"obsolete" ? "no longer in the sources: "
                                                                      : "not translated: ") +
                      one.name();
    }
    QVERIFY2(faults.isEmpty(),
             qPrintable(faults.join('\n') + "\nsee resources/translations/README.md"));
    QCOMPARE(after.size(), before.size());
}

void TranslationsTest::isWhole() {
    QFETCH(QString, code);
    QStringList faults;
    std::set<qsizetype> nForms;
    for (const Translation& one : readTranslations(translationPath(code))) {
        if (!one.type.isEmpty()) faults << one.type + ": " + one.name();
        if (one.forms.isEmpty() || one.forms.contains(QString())) faults << "empty: " + one.name();
        if (one.counts) nForms.insert(one.forms.size());
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
    QCOMPARE(nForms.size(), 1u);
}

void TranslationsTest::keepsPlaceholders() {
    QFETCH(QString, code);
    check(code, [](const Translation& one, const QString& form) {
        const bool isForMany = one.counts && form == one.forms.last();
        const QStringList wanted = placeholders(one.source, isForMany);
        const QStringList has = placeholders(form, isForMany);
        return has == wanted ? QString() : "has " + has.join(' ') + " for " + wanted.join(' ');
    });
}

void TranslationsTest::keepsTagsAndMnemonics() {
    QFETCH(QString, code);
    check(code, [](const Translation& one, const QString& form) {
        if (matches(form, "</?\\w[^>]*>") != matches(one.source, "</?\\w[^>]*>"))
            return QStringLiteral("other tags");
        return matches(form, "&\\w").size() == matches(one.source, "&\\w").size()
                   ? QString()
                   : QStringLiteral("another number of mnemonics");
    });
}

void TranslationsTest::keepsFileFilters() {
    QFETCH(QString, code);
    check(code, [](const Translation& one, const QString& form) {
        return matches(form, "\\*(?:\\.\\w+)?") == matches(one.source, "\\*(?:\\.\\w+)?")
                   ? QString()
                   : QStringLiteral("another file filter");
    });
}

void TranslationsTest::endsAsTheSourceDoes() {
    QFETCH(QString, code);
    check(code, [](const Translation& one, const QString& form) {
        if (spaceAround(form) != spaceAround(one.source)) return QStringLiteral("other spaces");
        const QString wanted = endOf(one.source);
        return endOf(form) == wanted ? QString() : "ends other than in “" + wanted + "”";
    });
}

void TranslationsTest::germanQuotesAreGerman() {
    check("de", [](const Translation& one, const QString& form) {
        const bool isFine = !form.contains(u'”') && !form.contains(u'"') &&
                            form.count(u'„') == form.count(u'“') &&
                            form.count(u'„') >= one.source.count(u'“');
        return isFine ? QString() : QStringLiteral("other quotation marks than „…“");
    });
}

void TranslationsTest::classesKnowTheirTexts() {
    QFETCH(QString, code);
    // A context of a namespace alone, or of a class without one, is looked up by nobody.
    QStringList faults;
    for (const Translation& one : readTranslations(translationPath(code))) {
        const QString name = one.context.section("::", -1);
        const bool isInNamespace = one.context.startsWith("lares::app::");
        if (name.isEmpty() || name.front().isLower() ||
            (one.context.contains(':') && !isInNamespace))
            faults << one.name();
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
}

void TranslationsTest::builtInPersonasGreetInIt() {
    const auto folder = source_file("resources/personas");
    const auto english = lares::app::loadBuiltInPersonas(folder).personas;
    QVERIFY(english.size() >= 3);
    if (lares::app::languageFor("de") != u"de") QSKIP("built without lrelease");
    lares::app::Translations translations;
    translations.use("de");
    const auto german = lares::app::loadBuiltInPersonas(folder).personas;
    QCOMPARE(german.size(), english.size());
    for (std::size_t i = 0; i < german.size(); ++i) {
        QVERIFY2(german[i].greeting != english[i].greeting, qPrintable(english[i].greeting));
        QCOMPARE(german[i].system, english[i].system);  // what the model reads
        QCOMPARE(german[i].name, english[i].name);
    }
}

QTEST_GUILESS_MAIN(TranslationsTest)
#include "tst_translations.moc"
