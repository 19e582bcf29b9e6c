#pragma once

#include <QString>
#include <QStringView>

namespace lares::app {

/// "&amp;", "&#8212;" or "&#x2014;" as the character it names; a name that is not known stays as
/// it is written. Zero and surrogates give U+FFFD.
[[nodiscard]] QString decodeEntity(QStringView entity);

/// The text with & < > " written so that no HTML reads them as its own.
[[nodiscard]] QString escapeHtml(QStringView text);

}  // namespace lares::app
