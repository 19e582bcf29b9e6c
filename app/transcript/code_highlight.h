#pragma once

#include <QStringView>

#include <vector>

namespace lares::app {

/// A run of code that has a colour of its own.
struct CodeToken {
    enum class Kind { Keyword, String, Number, Comment, Name, Added, Removed };
    int start = 0;
    int length = 0;
    Kind kind = Kind::Keyword;

    bool operator==(const CodeToken&) const = default;
};

/// What stands out in `code`, in order and without overlap; nothing in a language that is not
/// known (code_languages.h) and in code of more than a million characters. Never fails: code that
/// is still being written, or that is no code, gives some tokens. A token may hold line breaks.
/// Linear. Any thread.
///
/// Our own, since Debian 12 has KSyntaxHighlighting for Qt 5 alone, and the other library that it
/// has (GNU Source-highlight) is under the GPL.
[[nodiscard]] std::vector<CodeToken> highlightCode(QStringView code, QStringView language);

}  // namespace lares::app
