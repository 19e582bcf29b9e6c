#include "app/language/translations.h"

#include "app/language/languages.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace lares::app {
namespace {

/// A translator that holds nothing is never asked, so a failure leaves the English texts.
bool install(QTranslator& translator, const QString& name, const QString& folder) {
    QCoreApplication::removeTranslator(&translator);
    return translator.load(name, folder) && QCoreApplication::installTranslator(&translator);
}

QLocale localeFor(const QString& choice, const QString& code) {
    const QLocale system = QLocale::system();
    const QLocale chosen(code);
    return choice == kSystemLanguage || chosen.language() == system.language() ? system : chosen;
}

}  // namespace

Translations::~Translations() {
    QCoreApplication::removeTranslator(&m_texts);
    QCoreApplication::removeTranslator(&m_qtTexts);
}

void Translations::use(const QString& choice) {
    m_code = languageFor(choice);
    QLocale::setDefault(localeFor(choice, m_code));
    // Qt's first: what is installed last is asked first.
    install(m_qtTexts, "qtbase_" + m_code, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    if (!install(m_texts, "lares_" + m_code, QStringLiteral(":/translations"))) m_code = kEnglish;
}

}  // namespace lares::app
