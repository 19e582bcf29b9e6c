#include "app/transcript/markdown_export.h"

#include "app/transcript/html_entities.h"

#include <QUrl>

#include <algorithm>

namespace lares::app {

bool isOpenableLink(const QString& href) {
    const QUrl url(href, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid()) return false;
    if (scheme == u"mailto") return !url.path().isEmpty();
    return (scheme == u"http" || scheme == u"https") && !url.host().isEmpty();
}

MarkdownBlock sliced(const MarkdownBlock& block, int from, int to) {
    if (from <= 0 && to >= block.text.size()) return block;
    MarkdownBlock cut = block;
    cut.text = block.text.mid(from, to - from);
    cut.spans.clear();
    for (InlineSpan span : block.spans) {
        const int begin = std::max(span.start, from);
        const int end = std::min(span.start + span.length, to);
        if (begin >= end) continue;
        span.start = begin - from;
        span.length = end - begin;
        cut.spans.push_back(span);
    }
    cut.formulas.clear();  // part of one is its text
    for (MathSpan formula : block.formulas) {
        if (formula.start < from || formula.start + formula.length > to) continue;
        formula.start -= from;
        cut.formulas.push_back(std::move(formula));
    }
    if (block.kind != MarkdownBlock::Kind::Table) return cut;
    // Part of a table has no head and no grid: its cells read as a line of text.
    const bool isWholeRows =
        (from == 0 || block.text[from - 1] == u'\n') &&
        (to == block.text.size() || block.text[to] == u'\n' || block.text[to - 1] == u'\n');
    cut.cells.clear();
    if (isWholeRows) {
        if (cut.text.endsWith(u'\n')) cut.text.chop(1);
        for (const int cell : block.cells)
            if (cell >= from && cell - from <= cut.text.size()) cut.cells.push_back(cell - from);
    } else {
        cut.kind = MarkdownBlock::Kind::Paragraph;
        cut.columns.clear();
        cut.text.replace(u'\n', QChar(QChar::LineSeparator));
    }
    return cut;
}

}  // namespace lares::app
