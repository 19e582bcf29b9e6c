#include "app/transcript/html_entities.h"
#include "app/transcript/markdown_export.h"

#include <algorithm>

// Blocks as HTML of our own making: every character of the text is escaped.

namespace lares::app {
namespace {

using Block = MarkdownBlock::Kind;
using Container = MarkdownContainer;

QString inlineHtml(const MarkdownBlock& block, int from, int to) {
    QString out;
    int at = from;
    for (const InlineSpan& span : block.spans) {
        const int begin = std::max(from, span.start);
        const int end = std::min(to, span.start + span.length);
        if (begin >= end) continue;
        out += escapeHtml(QStringView(block.text).mid(at, begin - at));
        QString text = escapeHtml(QStringView(block.text).mid(begin, end - begin));
        if (span.styles & InlineSpan::Code)
            text = QStringLiteral("<code>") + text + QStringLiteral("</code>");
        if (span.styles & InlineSpan::Strike)
            text = QStringLiteral("<del>") + text + QStringLiteral("</del>");
        if (span.styles & InlineSpan::Emphasis)
            text = QStringLiteral("<em>") + text + QStringLiteral("</em>");
        if (span.styles & InlineSpan::Strong)
            text = QStringLiteral("<strong>") + text + QStringLiteral("</strong>");
        const QString href = block.links.value(span.link);
        if (span.link >= 0 && isOpenableLink(href))
            text = QStringLiteral("<a href=\"") + escapeHtml(href) + QStringLiteral("\">") + text +
                   QStringLiteral("</a>");
        out += text;
        at = end;
    }
    out += escapeHtml(QStringView(block.text).mid(at, to - at));
    return out.replace(QChar(QChar::LineSeparator), QStringLiteral("<br>"));
}

QString tableHtml(const MarkdownBlock& table) {
    QString out = QStringLiteral("<table>");
    const std::size_t n = std::max<std::size_t>(1, table.columns.size());
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        const int end = i + 1 < table.cells.size() ? table.cells[i + 1] - 1
                                                   : static_cast<int>(table.text.size());
        const QString tag = i < n ? QStringLiteral("th") : QStringLiteral("td");
        if (i % n == 0) out += QStringLiteral("<tr>");
        const MarkdownBlock::Align align =
            table.columns.empty() ? MarkdownBlock::Align::Left : table.columns[i % n];
        const QString style =
            align == MarkdownBlock::Align::Center  ? QStringLiteral(" align=\"center\"")
            : align == MarkdownBlock::Align::Right ? QStringLiteral(" align=\"right\"")
                                                   : QString();
        out += u'<' + tag + style + u'>' + inlineHtml(table, table.cells[i], end) +
               QStringLiteral("</") + tag + u'>';
        if (i % n == n - 1 || i + 1 == table.cells.size()) out += QStringLiteral("</tr>");
    }
    return out + QStringLiteral("</table>");
}

QLatin1String nameOf(CodeToken::Kind kind) {
    switch (kind) {
        case CodeToken::Kind::Keyword:
            return QLatin1String("keyword");
        case CodeToken::Kind::String:
            return QLatin1String("string");
        case CodeToken::Kind::Number:
            return QLatin1String("number");
        case CodeToken::Kind::Comment:
            return QLatin1String("comment");
        case CodeToken::Kind::Name:
            return QLatin1String("name");
        case CodeToken::Kind::Added:
            return QLatin1String("added");
        case CodeToken::Kind::Removed:
            return QLatin1String("removed");
    }
    return {};
}

/// What has a colour of its own is a span with a class, for whoever has a style for it.
QString codeHtml(const MarkdownBlock& block) {
    const QStringView code(block.text);
    QString out = QStringLiteral("<pre><code>");
    qsizetype at = 0;
    for (const CodeToken& token : block.tokens) {
        if (token.start < at || token.start + token.length > code.size()) break;
        out += escapeHtml(code.mid(at, token.start - at));
        out += QStringLiteral("<span class=\"") + nameOf(token.kind) + QStringLiteral("\">") +
               escapeHtml(code.mid(token.start, token.length)) + QStringLiteral("</span>");
        at = token.start + token.length;
    }
    return out + escapeHtml(code.mid(at)) + QStringLiteral("</code></pre>");
}

QString bodyHtml(const MarkdownBlock& block) {
    const auto size = static_cast<int>(block.text.size());
    switch (block.kind) {
        case Block::Heading: {
            const QString tag = u'h' + QString::number(block.level);
            return u'<' + tag + u'>' + inlineHtml(block, 0, size) + QStringLiteral("</") + tag +
                   u'>';
        }
        case Block::Code:
        case Block::Html:
            return codeHtml(block);
        case Block::Rule:
            return QStringLiteral("<hr>");
        case Block::Table:
            return tableHtml(block);
        case Block::Paragraph:
            break;
    }
    QString text = inlineHtml(block, 0, size);
    text.replace(u'\n', QStringLiteral("<br>"));
    const bool isTight = !block.containers.empty() && block.containers.back().list != 0 &&
                         block.containers.back().isTight;
    return isTight ? text : QStringLiteral("<p>") + text + QStringLiteral("</p>");
}

QString openTag(const Container& container, bool isNewList) {
    if (container.kind == Container::Kind::Quote) return QStringLiteral("<blockquote>");
    QString out;
    if (isNewList) {
        out = container.kind == Container::Kind::Bullet
                  ? QStringLiteral("<ul>")
                  : QStringLiteral("<ol start=\"") + QString::number(container.number) +
                        QStringLiteral("\">");
    }
    out += QStringLiteral("<li>");
    if (container.task == Container::Task::Open) out += QStringLiteral("\u2610 ");
    if (container.task == Container::Task::Done) out += QStringLiteral("\u2611 ");
    return out;
}

QString closeTag(const Container& container, bool endsList) {
    if (container.kind == Container::Kind::Quote) return QStringLiteral("</blockquote>");
    if (!endsList) return QStringLiteral("</li>");
    return container.kind == Container::Kind::Bullet ? QStringLiteral("</li></ul>")
                                                     : QStringLiteral("</li></ol>");
}

}  // namespace

QString toHtml(const std::vector<MarkdownBlock>& blocks) {
    QString out;
    std::vector<Container> open;
    const auto moveTo = [&](const std::vector<Container>& next) {
        const auto differs =
            std::mismatch(open.begin(), open.end(), next.begin(), next.end(),
                          [](const Container& a, const Container& b) { return a.id == b.id; });
        const auto kept = static_cast<std::size_t>(differs.first - open.begin());
        // The next item of the same list closes the item, not the list.
        const bool isSameList = kept < open.size() && kept < next.size() && open[kept].list != 0 &&
                                open[kept].list == next[kept].list;
        while (open.size() > kept) {
            out += closeTag(open.back(), open.size() > kept + 1 || !isSameList);
            open.pop_back();
        }
        for (std::size_t i = kept; i < next.size(); ++i)
            out += openTag(next[i], i > kept || !isSameList);
        open = next;
    };
    for (const MarkdownBlock& block : blocks) {
        moveTo(block.containers);
        out += bodyHtml(block);
    }
    moveTo({});
    return out;
}

}  // namespace lares::app
