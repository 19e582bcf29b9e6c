#include "app/language/languages.h"

#include <QDir>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace lares::app {
namespace {

constexpr QLatin1String kBeginning("lares_");
constexpr QLatin1String kEnding(".qm");

QStringList translated() {
    QStringList codes;
    for (const QString& file : QDir(":/translations").entryList({kBeginning + u'*' + kEnding}))
        codes << file.mid(kBeginning.size(), file.size() - kBeginning.size() - kEnding.size());
    return codes;
}

/// "de-AT" is spoken where there is "de_AT", or else "de".
QString codeFor(QString spoken, const QStringList& known) {
    spoken.replace(u'-', u'_');
    const QString language = spoken.section(u'_', 0, 0);
    for (const QString& code : {spoken, language}) {
        if (known.contains(code)) return code;
    }
    return {};
}

}  // namespace

std::vector<Language> languages() {
    std::vector<Language> all;
    for (const QString& code : translated()) all.push_back({code, nameOfLanguage(code)});
    std::sort(all.begin(), all.end(), [](const Language& left, const Language& right) {
        return left.name.localeAwareCompare(right.name) < 0;
    });
    all.insert(all.begin(), {kEnglish, nameOfLanguage(kEnglish)});
    return all;
}

QString languageChoice(const QJsonValue& setting) {
    if (setting.isUndefined() || setting.isNull()) return kSystemLanguage;
    return setting.toString(kEnglish);
}

QString languageFor(const QString& choice) {
    return languageFor(choice, QLocale::system().uiLanguages());
}

QString languageFor(const QString& choice, const QStringList& spoken) {
    const QStringList known = translated() << kEnglish;
    if (choice != kSystemLanguage) return known.contains(choice) ? choice : QString(kEnglish);
    for (const QString& one : spoken) {
        if (QString code = codeFor(one, known); !code.isEmpty()) return code;
    }
    return kEnglish;
}

QString nameOfLanguage(const QString& code) {
    // Qt's would be "American English".
    if (code == kEnglish) return QStringLiteral("English");
    const QLocale locale(code);
    QString name = locale.nativeLanguageName();
    if (name.isEmpty()) return code;
    return locale.toUpper(name.left(1)) + name.mid(1);
}

}  // namespace lares::app
