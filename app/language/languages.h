#pragma once

#include <QJsonValue>
#include <QString>

#include <vector>

namespace lares::app {

// The languages that the window speaks: English, in which its texts are written, and one for each
// translation that the program was built with (resources/translations/README.md). UI thread only.

constexpr const char* kLanguageSetting = "language";
constexpr const char* kSystemLanguage = "system";  ///< the choice: what the desktop speaks
constexpr const char* kEnglish = "en";

struct Language {
    QString code;  ///< "de", "pt_BR"
    QString name;  ///< in itself: "Deutsch"
};

/// English first, then by name.
[[nodiscard]] std::vector<Language> languages();

/// What a setting says: a code, or "system" where nothing was chosen. English for what is no text.
[[nodiscard]] QString languageChoice(const QJsonValue& setting);

/// The code of the language that a choice gives. English for one that there is not; for "system"
/// the first of the desktop's languages that there is, and English where there is none of them.
[[nodiscard]] QString languageFor(const QString& choice);
/// The same for a desktop that speaks these, as QLocale::uiLanguages() names them ("de-AT").
[[nodiscard]] QString languageFor(const QString& choice, const QStringList& spoken);

/// The name of a language that there is.
[[nodiscard]] QString nameOfLanguage(const QString& code);

}  // namespace lares::app
