#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace lares::app {

/// How the words, strings and comments of a programming language look: enough to colour it, far
/// from enough to parse it.
struct CodeLanguage {
    enum class Form {
        Words,   ///< words, strings, numbers, comments: nearly every language
        Keyed,   ///< "key: value" or "key = value", a line each: YAML, TOML, INI
        Markup,  ///< HTML and XML
        Diff,    ///< lines that were added and removed
    };
    enum Trait : unsigned {
        IgnoresCase = 1,     ///< keywords in any case: SQL
        Annotations = 2,     ///< @word
        Directives = 4,      ///< #word where a line begins
        Variables = 8,       ///< $word and ${word}
        Commands = 16,       ///< the first word of a command is a name: shells
        Calls = 32,          ///< a word before "(" is a name
        Keys = 64,           ///< a word or string before ":" is a name
        Dashes = 128,        ///< a word may hold "-"
        CharQuotes = 256,    ///< ' opens a single character or nothing: Rust's lifetimes, C's chars
        CommentWords = 512,  ///< a comment's mark only counts where a word could begin: shells
        Backslashes = 1024,  ///< \word is a keyword: LaTeX
        Nested = 2048,       ///< block comments hold block comments
    };
    Form form = Form::Words;
    unsigned traits = 0;
    std::vector<QString> keywords;      ///< sorted; lower case where case is ignored
    std::vector<QString> lineComments;  ///< "//"
    QString blockOpen, blockClose;      ///< of comments
    QString quotes;                   ///< each opens a string that ends with its line at the latest
    std::vector<QString> longQuotes;  ///< strings over lines
};

/// The language that the first word after a fence names ("c++", "py"), in any case; null: none that
/// is known. Lives as long as the program. Any thread.
[[nodiscard]] const CodeLanguage* codeLanguageOrNull(QStringView name);

}  // namespace lares::app
