#pragma once

#include "app/transcript/code_highlight.h"

#include <QString>
#include <QStringList>
#include <QStringView>

#include <vector>

namespace lares::app {

/// A run of characters that look alike.
struct InlineSpan {
    enum Style : unsigned {
        Emphasis = 1,
        Strong = 2,
        Code = 4,
        Strike = 8,
        Link = 16,
        Hidden = 32,  ///< the name of a character that shows nothing itself: "[U+202E]"
        Quiet = 64,   ///< an image's text, raw HTML: said, not shown
    };
    int start = 0;
    int length = 0;
    unsigned styles = 0;
    int link = -1;  ///< index into MarkdownBlock::links

    bool operator==(const InlineSpan&) const = default;
};

/// A formula. What it reads as (math_text.h) stands in the block's text; what is drawn in its place
/// is set from the source.
struct MathSpan {
    int start = 0;
    int length = 0;          ///< never 0
    QString latex;           ///< without "$", "\\(" and the like
    bool isDisplay = false;  ///< on a line of its own

    bool operator==(const MathSpan&) const = default;
};

/// What a block stands in: a quote, or an item of a list. Blocks with the same `id` share it.
struct MarkdownContainer {
    enum class Kind { Quote, Bullet, Number };
    enum class Task { None, Open, Done };
    Kind kind = Kind::Quote;
    int id = 0;    ///< in order of appearance, from 1
    int list = 0;  ///< items: the same in all items of one list
    int number = 0;
    QChar mark = {};  ///< "-+*" of bullets, ".)" of numbers
    bool isTight = true;
    Task task = Task::None;

    bool operator==(const MarkdownContainer&) const = default;
};

/// One leaf of a Markdown document, in reading order.
struct MarkdownBlock {
    enum class Kind { Paragraph, Heading, Code, Table, Rule, Html };
    enum class Align { Left, Center, Right };

    Kind kind = Kind::Paragraph;
    int level = 0;  ///< Heading: 1 to 6
    /// What is read. Lines of code and HTML end with '\n' (the last one not); hard breaks are
    /// U+2028. A table's cells are separated by '\t', its rows by '\n'; the first row is the head.
    QString text;
    std::vector<InlineSpan> spans;   ///< in order, without overlap; text between them is plain
    QStringList links;               ///< targets as written
    std::vector<MathSpan> formulas;  ///< in order, without overlap
    QString language;                ///< Code: first word after the fence
    std::vector<CodeToken> tokens;   ///< Code: what has a colour of its own
    bool isFenced = false;           ///< Code
    std::vector<MarkdownContainer> containers;  ///< outermost first, at most kMaxNesting
    std::vector<Align> columns;                 ///< Table
    std::vector<int> cells;                     ///< Table: where each cell begins in `text`, by row

    bool operator==(const MarkdownBlock&) const = default;
};

/// Containers deeper than this are left out: their blocks show at this depth.
inline constexpr int kMaxNesting = 24;
/// Columns of a table past this are left out.
inline constexpr int kMaxColumns = 128;

/// CommonMark with tables, strikethrough, task lists, bare addresses as links, and mathematics in
/// LaTeX ("$x$", "$$x$$", "\(x\)", "\[x\]") as text (math_text.h) and as formulas. HTML is text,
/// images are text, characters that show nothing are named (visible_text.h). Never fails: any
/// text is some list of blocks. Linear in the text's length. Any thread.
[[nodiscard]] std::vector<MarkdownBlock> parseMarkdown(QStringView text);

/// A parse that remembers where the text can be cut: what stands before `cut` keeps its blocks
/// whatever follows.
struct MarkdownParse {
    std::vector<MarkdownBlock> blocks;
    int nContainers = 0;
    qsizetype cut = 0;             ///< 0: nowhere
    std::size_t blocksBefore = 0;  ///< how many blocks and containers stand before the cut
    int containersBefore = 0;
};
/// `firstContainer`: how many containers there were before this text. `linksAddresses`: bare
/// addresses become links (see hasManyAddresses).
[[nodiscard]] MarkdownParse parseMarkdownPart(QStringView text,
                                              int firstContainer,
                                              bool linksAddresses);

/// md4c's search for bare addresses takes quadratic time over thousands of them (20,000: 1 s), so a
/// text with many shows them as text.
[[nodiscard]] bool hasManyAddresses(QStringView text);

/// Link definitions act on text anywhere else, so a text that may hold one cannot be cut.
[[nodiscard]] bool mayDefineLinks(QStringView text);

}  // namespace lares::app
