#pragma once

#include <QString>
#include <QStringView>

namespace lares::app {

/// LaTeX's mathematics as a line of text that people can read: "\frac{a^2}{\sqrt{b}}" is
/// "a²/√b". Letters, signs and indices become the characters that Unicode has for them; what it
/// has none for is written out, "x^(a, b)". Rows of a system of equations are separated by U+2028.
/// A command that is not known stays as it is. Linear but for its nesting, which is bounded. Any
/// thread.
///
/// It is what a formula reads as wherever there is only text: found, copied, read aloud, and shown
/// where it cannot be set (math_parser.h).
[[nodiscard]] QString mathText(QStringView latex);

}  // namespace lares::app
