#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace lares::test {

/// One text of a file of Qt Linguist's.
struct Translation {
    QString context;
    QString source;
    QString comment;
    bool counts = false;  ///< "%n file(s)"
    QString type;         ///< "unfinished", "obsolete", "vanished"; empty: done
    QStringList forms;    ///< one for each of the language's forms, or one
    bool operator==(const Translation&) const = default;

    [[nodiscard]] QString name() const { return context + ": " + source; }
};

/// Ends the test program with a message where it is no such file.
[[nodiscard]] std::vector<Translation> readTranslations(const QString& path);
/// The codes of the languages in resources/translations.
[[nodiscard]] QStringList translationCodes();
[[nodiscard]] QString translationPath(const QString& code);

}  // namespace lares::test
