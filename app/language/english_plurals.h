#pragma once

#include <QTranslator>

namespace lares::app {

/// English texts that count: "%n file(s)" in the sources is "1 file" and "2 files" in the window.
/// In parentheses stands "s", or what is said of one and what of more: "%n entr(y|ies)",
/// "%n (was|were) kept". Part of the program and no file, so that a build without translations
/// speaks English all the same. Every application has it, from its beginning; what a language has
/// comes before it. Any thread.
class EnglishPlurals : public QTranslator {
public:
    using QTranslator::QTranslator;

    /// Null for what counts nothing, which is shown as the sources have it.
    [[nodiscard]] QString translate(const char* context,
                                    const char* source,
                                    const char* disambiguation,
                                    int n) const override;
    [[nodiscard]] bool isEmpty() const override { return false; }
};

}  // namespace lares::app
