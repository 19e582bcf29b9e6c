#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace lares::app {

/// How deep the JSON of a persona or a card may be nested, and how many values it may hold: Qt's
/// reader goes down with it, and takes a hundred bytes for what a file says in two.
inline constexpr int kMaxObjectDepth = 64;
inline constexpr int kMaxObjectValues = 500'000;

/// A JSON object of a stranger, which may hold more values where it is no persona. Errors are the
/// reason alone, to end a sentence with: "it is no JSON object". Any thread.
[[nodiscard]] Result<QJsonObject> parseBoundedObject(const QByteArray& json,
                                                     int mostValues = kMaxObjectValues);

}  // namespace lares::app
