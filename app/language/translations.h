#pragma once

#include <QString>
#include <QTranslator>

namespace lares::app {

/// The language that a program speaks, as long as this lives: its own texts, Qt's (the buttons of
/// dialogs, the names of keys: ours, and the system's for what ours leave out), and how dates and
/// numbers are written. It begins in English.
/// Texts that are shown already stay as they are, so before the first widget. Inside of an
/// application; UI thread only.
class Translations {
public:
    Translations() = default;
    ~Translations();
    Translations(const Translations&) = delete;
    Translations& operator=(const Translations&) = delete;

    /// A code, or "system" (languages.h). What there is not, or cannot be read, is English.
    /// Dates and numbers are the desktop's own where its language is the chosen one.
    void use(const QString& choice);
    [[nodiscard]] const QString& code() const { return m_code; }  ///< what is spoken now

private:
    QString m_code = "en";
    QTranslator m_texts;
    QTranslator m_qtTexts;
};

}  // namespace lares::app
