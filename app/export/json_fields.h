#pragma once

#include "engine/base/result.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace lares::app {

// The members of the objects in a file that conversations go out and come in with. What is read is
// untrusted; errors are the reason alone, to end a sentence with: "“title” is no text". Any thread.

/// Reasons in the window's language: `ImportReason::tr("…")`.
struct ImportReason {
    Q_DECLARE_TR_FUNCTIONS(Import)
};
[[nodiscard]] Error notWhole(const QString& reason);

/// What is empty is left out.
void put(QJsonObject& object, const char* key, const QString& text);
void put(QJsonObject& object, const char* key, const QJsonObject& inside);
/// "2026-05-28T20:26:40.123Z"; empty where there is none.
[[nodiscard]] QString timeText(const QDateTime& time);

/// Empty where there is none.
[[nodiscard]] Result<QString> textIn(const QJsonObject& object, const char* key);
/// The same of at most so many characters.
[[nodiscard]] Result<QString> shortTextIn(const QJsonObject& object, const char* key, int most);
/// In local time, as the store gives it; an invalid one where there is none.
[[nodiscard]] Result<QDateTime> timeIn(const QJsonObject& object, const char* key);

}  // namespace lares::app
