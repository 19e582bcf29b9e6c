#pragma once

#include <QString>
#include <QStringView>

#include <functional>

namespace lares::app {

/// Characters that change how the text around them is shown, or that show nothing: control
/// characters, bidirectional overrides and isolates, zero-width and tag characters. A model (or a
/// file that it read) can hide text or reverse a file name with them, so none reaches a layout.
/// Tab and the line ends are left alone, as are the joiners that emoji and scripts need.
[[nodiscard]] bool isHiddenCharacter(char32_t character);

/// What stands in its place: "[U+202E]".
[[nodiscard]] QString nameOfHiddenCharacter(char32_t character);

/// Calls `plain` and `hidden` for the pieces of `text` in order; linear. Carriage returns are
/// dropped before a line feed.
void splitVisible(QStringView text,
                  const std::function<void(QStringView plain)>& plain,
                  const std::function<void(const QString& name)>& hidden);

/// The text with every hidden character named.
[[nodiscard]] QString visibleText(QStringView text);

}  // namespace lares::app
