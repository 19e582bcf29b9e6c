#include "app/transcript/block_lines.h"
#include "app/transcript/markdown_export.h"

#include <QRegularExpression>

#include <algorithm>

// Blocks as Markdown that parses to the same blocks again.

namespace lares::app {
namespace {

using Block = MarkdownBlock::Kind;

/// Whether an entity begins there, which would be read as the character that it names.
bool beginsEntity(QStringView text) {
    static const QRegularExpression kEntity(
        QStringLiteral("\\A&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);"));
    const qsizetype end = text.left(40).indexOf(u';');
    return end > 0 && kEntity.match(text.left(end + 1).toString()).hasMatch();
}

/// Whether the point or bracket there would make a number at the beginning of a line that of a
/// list.
bool endsListNumber(QStringView text, qsizetype i) {
    qsizetype begin = i;
    while (begin > 0 && text[begin - 1].isDigit()) --begin;
    return begin < i && i - begin <= 9 && (begin == 0 || text[begin - 1] == QChar::LineSeparator);
}

struct Surroundings {
    bool isLink = false;
    bool hasDollars = false;  ///< two, between which there would be a formula, or others' formulas
};

/// Characters that would be read as Markdown get a backslash. Few: prose stays readable. Brackets
/// never get two, between which a formula would stand; in a link, one alone would end it.
QString escaped(QStringView text, const Surroundings& in) {
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool isAtStart = i == 0 || text[i - 1] == QChar(QChar::LineSeparator);
        static const QString kAlways = QStringLiteral("\\`*[<");
        if (kAlways.contains(c) || (c == u'_' && (i == 0 || !text[i - 1].isLetterOrNumber())) ||
            (c == u']' && in.isLink) || (c == u'$' && in.hasDollars) ||
            ((c == u'.' || c == u')') && endsListNumber(text, i)) ||
            (c == u'&' && beginsEntity(text.mid(i))) ||
            (c == u'~' && i + 1 < text.size() && text[i + 1] == u'~') ||
            (isAtStart && (c == u'#' || c == u'>' || c == u'-' || c == u'+' || c == u'=')))
            out += u'\\';
        if (c == QChar(QChar::LineSeparator))
            out += QStringLiteral("\\\n");
        else
            out += c;
    }
    return out;
}

/// A formula as it was written; a displayed one begins and ends a line.
QString formulaSource(const MathSpan& formula) {
    QString latex = formula.latex;
    if (formula.isDisplay) {
        return latex.contains(u'$') ? QStringLiteral("\\[") + latex + QStringLiteral("\\]")
                                    : QStringLiteral("$$") + latex + QStringLiteral("$$");
    }
    latex.replace(u'\n', u' ');
    return latex.contains(u'$') ? QStringLiteral("\\(") + latex + QStringLiteral("\\)")
                                : u'$' + latex + u'$';
}

/// A part of the text, escaped but for its formulas.
QString textSource(const MarkdownBlock& block, int from, int to, bool isInLink = false) {
    const Surroundings in{isInLink, !block.formulas.empty() || block.text.count(u'$') > 1};
    QString out;
    int at = from;
    const QChar kBreak(QChar::LineSeparator);
    for (const MathSpan& formula : block.formulas) {
        if (formula.start < at) continue;
        if (formula.start + formula.length > to) break;
        int end = formula.start;
        const bool hasBreak = formula.isDisplay && end > at && block.text[end - 1] == kBreak;
        if (hasBreak) --end;
        out += escaped(QStringView(block.text).mid(at, end - at), in);
        if (hasBreak) out += u'\n';
        out += formulaSource(formula);
        at = formula.start + formula.length;
        if (formula.isDisplay && at < to && block.text[at] == kBreak) {
            out += u'\n';
            ++at;
        }
    }
    return out + escaped(QStringView(block.text).mid(at, to - at), in);
}

QString codeSpan(const QString& text) {
    QString ticks = QStringLiteral("`");
    while (text.contains(ticks)) ticks += u'`';
    const QString room =
        text.startsWith(u'`') || text.endsWith(u'`') ? QStringLiteral(" ") : QString();
    return ticks + room + text + room + ticks;
}

/// Spans as Markdown: markers open and close so that they never cross.
QString inlineSource(const MarkdownBlock& block, int from, int to) {
    struct Marker {
        unsigned style;
        const char16_t* text;
    };
    static constexpr Marker kMarkers[] = {
        {InlineSpan::Strong, u"**"}, {InlineSpan::Emphasis, u"*"}, {InlineSpan::Strike, u"~~"}};
    QString out;
    std::vector<const Marker*> open;
    int link = -1;
    const auto closeTo = [&](std::size_t depth) {
        while (open.size() > depth) {
            out += QStringView(open.back()->text);
            open.pop_back();
        }
    };
    const auto closeLink = [&] {
        if (link < 0) return;
        closeTo(0);
        out += QStringLiteral("](") + block.links.value(link) + u')';
        link = -1;
    };
    int at = from;
    const auto plain = [&](int end) {
        if (end <= at) return;
        closeTo(0);
        closeLink();
        out += textSource(block, at, end);
        at = end;
    };
    for (const InlineSpan& span : block.spans) {
        const int begin = std::max(from, span.start);
        const int end = std::min(to, span.start + span.length);
        if (begin >= end) continue;
        plain(begin);
        if (span.link != link) closeLink();
        if (span.link >= 0 && link < 0) {
            closeTo(0);
            out += u'[';
            link = span.link;
        }
        std::size_t kept = 0;
        while (kept < open.size() && (span.styles & open[kept]->style)) ++kept;
        closeTo(kept);
        for (const Marker& marker : kMarkers) {
            const bool isOpen = std::find(open.begin(), open.end(), &marker) != open.end();
            if (!(span.styles & marker.style) || isOpen) continue;
            out += QStringView(marker.text);
            open.push_back(&marker);
        }
        const QString text = block.text.mid(begin, end - begin);
        out += span.styles & InlineSpan::Code ? codeSpan(text)
                                              : textSource(block, begin, end, link >= 0);
        at = end;
    }
    plain(to);
    closeTo(0);
    closeLink();
    return out;
}

QString tableSource(const MarkdownBlock& table) {
    QString out;
    const std::size_t n = std::max<std::size_t>(1, table.columns.size());
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        const int end = i + 1 < table.cells.size() ? table.cells[i + 1] - 1
                                                   : static_cast<int>(table.text.size());
        QString cell = inlineSource(table, table.cells[i], end);
        cell.replace(QStringLiteral("\\\n"), QStringLiteral("<br>"))
            .replace(u'|', QStringLiteral("\\|"));
        out += i % n == 0 ? QStringLiteral("| ") : QStringLiteral(" ");
        out += cell + QStringLiteral(" |");
        const bool isRowEnd = i % n == n - 1;
        if (isRowEnd && i + 1 < table.cells.size()) out += u'\n';
        if (i + 1 != n) continue;
        if (table.cells.size() == n) out += u'\n';
        out += u'|';
        for (const MarkdownBlock::Align align : table.columns) {
            out += align == MarkdownBlock::Align::Center  ? QStringLiteral(":-:|")
                   : align == MarkdownBlock::Align::Right ? QStringLiteral("--:|")
                                                          : QStringLiteral("---|");
        }
        if (table.cells.size() > n) out += u'\n';
    }
    return out;
}

int longestRun(const QString& text, QChar of) {
    int longest = 0;
    int run = 0;
    for (const QChar c : text) {
        run = c == of ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

QString body(const MarkdownBlock& block) {
    switch (block.kind) {
        case Block::Heading:
            return QString(block.level, u'#') + u' ' +
                   inlineSource(block, 0, static_cast<int>(block.text.size()));
        case Block::Code: {
            const QString fence(std::max(3, longestRun(block.text, u'`') + 1), u'`');
            return fence + block.language + u'\n' + block.text + u'\n' + fence;
        }
        case Block::Rule:
            return QStringLiteral("---");
        case Block::Html:
            return block.text;
        case Block::Table:
            return tableSource(block);
        case Block::Paragraph:
            break;
    }
    return inlineSource(block, 0, static_cast<int>(block.text.size()));
}

}  // namespace

QString toMarkdown(const std::vector<MarkdownBlock>& blocks) {
    return joinBlocks(blocks, &body);
}

}  // namespace lares::app
