#include "app/transcript/markdown_builder.h"

#include "app/math/math_text.h"
#include "app/transcript/html_entities.h"

#include <QRegularExpression>

#include <algorithm>

namespace lares::app {
namespace {

constexpr MD_SIZE kLongestLink = 2048;  ///< bytes; a longer one leads nowhere

QString attributeText(const MD_ATTRIBUTE& attribute) {
    QString text;
    for (int i = 0; attribute.text && attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i];
        const auto size = static_cast<qsizetype>(attribute.substr_offsets[i + 1] - from);
        const QString piece = QString::fromUtf8(attribute.text + from, size);
        if (attribute.substr_types[i] == MD_TEXT_ENTITY)
            text += decodeEntity(piece);
        else
            text += piece;
    }
    return text;
}

MarkdownBlock::Align alignOf(MD_ALIGN align) {
    switch (align) {
        case MD_ALIGN_CENTER:
            return MarkdownBlock::Align::Center;
        case MD_ALIGN_RIGHT:
            return MarkdownBlock::Align::Right;
        default:
            return MarkdownBlock::Align::Left;
    }
}

unsigned styleOf(MD_SPANTYPE type) {
    switch (type) {
        case MD_SPAN_EM:
            return InlineSpan::Emphasis;
        case MD_SPAN_STRONG:
            return InlineSpan::Strong;
        case MD_SPAN_CODE:
            return InlineSpan::Code;
        case MD_SPAN_DEL:
            return InlineSpan::Strike;
        case MD_SPAN_A:
            return InlineSpan::Link;
        case MD_SPAN_IMG:
            return InlineSpan::Quiet;
        default:
            return 0;
    }
}

bool isBreak(const QString& html) {
    return html.compare(u"<br>", Qt::CaseInsensitive) == 0 ||
           html.compare(u"<br/>", Qt::CaseInsensitive) == 0 ||
           html.compare(u"<br />", Qt::CaseInsensitive) == 0;
}

}  // namespace

void MarkdownBuilder::openContainer(MarkdownContainer container) {
    if (m_isImplicit) endLeaf();
    ++m_nContainers;
    ++m_depth;
    m_blocksAtOpen.push_back(m_blocks.size());
    if (static_cast<int>(m_containers.size()) >= kMaxNesting) return;
    container.id = m_nContainers;
    m_containers.push_back(container);
}

void MarkdownBuilder::closeContainer() {
    if (m_isLeafOpen) endLeaf();
    if (m_blocks.size() == m_blocksAtOpen.back()) {  // an empty item or quote is still seen
        beginLeaf(MarkdownBlock::Kind::Paragraph);
        endLeaf();
    }
    m_blocksAtOpen.pop_back();
    if (m_depth == static_cast<int>(m_containers.size())) m_containers.pop_back();
    --m_depth;
}

void MarkdownBuilder::enterBlock(MD_BLOCKTYPE type, const void* detail) {
    switch (type) {
        case MD_BLOCK_QUOTE:
            openContainer({});
            break;
        case MD_BLOCK_UL: {
            const auto& ul = *static_cast<const MD_BLOCK_UL_DETAIL*>(detail);
            if (m_isImplicit) endLeaf();
            m_lists.push_back({0, false, ul.is_tight != 0, QLatin1Char(ul.mark), 0});
            break;
        }
        case MD_BLOCK_OL: {
            const auto& ol = *static_cast<const MD_BLOCK_OL_DETAIL*>(detail);
            if (m_isImplicit) endLeaf();
            m_lists.push_back({0, true, ol.is_tight != 0, QLatin1Char(ol.mark_delimiter),
                               static_cast<int>(ol.start)});
            break;
        }
        case MD_BLOCK_LI: {
            const auto& item = *static_cast<const MD_BLOCK_LI_DETAIL*>(detail);
            using Container = MarkdownContainer;
            List& list = m_lists.back();
            // A list is known by its first item.
            if (m_isImplicit) endLeaf();
            if (list.firstItem == 0) list.firstItem = m_nContainers + 1;
            Container container = {
                .kind = list.isOrdered ? Container::Kind::Number : Container::Kind::Bullet,
                .list = list.firstItem,
                .number = list.next++,
                .mark = list.mark,
                .isTight = list.isTight};
            if (item.is_task) {
                container.task =
                    item.task_mark == ' ' ? Container::Task::Open : Container::Task::Done;
            }
            openContainer(container);
            break;
        }
        case MD_BLOCK_HR:
            beginLeaf(MarkdownBlock::Kind::Rule);
            break;
        case MD_BLOCK_H:
            beginLeaf(MarkdownBlock::Kind::Heading);
            m_blocks.back().level =
                static_cast<int>(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level);
            break;
        case MD_BLOCK_CODE: {
            const auto& code = *static_cast<const MD_BLOCK_CODE_DETAIL*>(detail);
            beginLeaf(MarkdownBlock::Kind::Code);
            m_blocks.back().isFenced = code.fence_char != 0;
            if (code.fence_char != 0)
                m_blocks.back().language = visibleText(attributeText(code.lang));
            break;
        }
        case MD_BLOCK_HTML:
            beginLeaf(MarkdownBlock::Kind::Html);
            break;
        case MD_BLOCK_P:
            beginLeaf(MarkdownBlock::Kind::Paragraph);
            break;
        case MD_BLOCK_TABLE:
            beginLeaf(MarkdownBlock::Kind::Table);
            m_hasHead = false;
            break;
        case MD_BLOCK_TR:
            m_column = 0;
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            beginCell(detail);
            break;
        default:
            break;
    }
}

void MarkdownBuilder::beginCell(const void* detail) {
    MarkdownBlock& table = m_blocks.back();
    m_isSkippingCell = m_column >= kMaxColumns;
    if (m_isSkippingCell) return;
    if (!table.cells.empty()) table.text += m_column == 0 ? u'\n' : u'\t';
    if (!m_hasHead)
        table.columns.push_back(alignOf(static_cast<const MD_BLOCK_TD_DETAIL*>(detail)->align));
    table.cells.push_back(static_cast<int>(table.text.size()));
    ++m_column;
}

void MarkdownBuilder::leaveBlock(MD_BLOCKTYPE type) {
    switch (type) {
        case MD_BLOCK_QUOTE:
        case MD_BLOCK_LI:
            closeContainer();
            break;
        case MD_BLOCK_UL:
        case MD_BLOCK_OL:
            m_lists.pop_back();
            break;
        case MD_BLOCK_THEAD:
            m_hasHead = true;
            break;
        case MD_BLOCK_TABLE:
            m_isSkippingCell = false;
            endLeaf();
            break;
        case MD_BLOCK_HR:
        case MD_BLOCK_H:
        case MD_BLOCK_CODE:
        case MD_BLOCK_HTML:
        case MD_BLOCK_P:
            endLeaf();
            break;
        default:
            break;
    }
}

void MarkdownBuilder::beginLeaf(MarkdownBlock::Kind kind) {
    if (m_isLeafOpen) endLeaf();
    MarkdownBlock block;
    block.kind = kind;
    block.containers = m_containers;
    m_blocks.push_back(std::move(block));
    m_isLeafOpen = true;
    m_hasText = false;
}

void MarkdownBuilder::beginImplicitParagraph() {
    beginLeaf(MarkdownBlock::Kind::Paragraph);
    m_isImplicit = true;
}

void MarkdownBuilder::endLeaf() {
    MarkdownBlock& block = m_blocks.back();
    const bool isVerbatim =
        block.kind == MarkdownBlock::Kind::Code || block.kind == MarkdownBlock::Kind::Html;
    if (isVerbatim && block.text.endsWith(u'\n')) {
        block.text.chop(1);
        while (!block.spans.empty() &&
               block.spans.back().start + block.spans.back().length > block.text.size()) {
            InlineSpan& last = block.spans.back();
            last.length = static_cast<int>(block.text.size()) - last.start;
            if (last.length > 0) break;
            block.spans.pop_back();
        }
    }
    if (block.kind == MarkdownBlock::Kind::Code)
        block.tokens = highlightCode(block.text, block.language);
    m_isLeafOpen = false;
    m_isImplicit = false;
    m_styles = 0;
    m_spanStyles.clear();
    m_links.clear();
    m_image = 0;
    m_math.reset();
    m_breaksNext = false;
}

void MarkdownBuilder::enterSpan(MD_SPANTYPE type, const void* detail) {
    if (!m_isLeafOpen) beginImplicitParagraph();
    m_spanStyles.push_back(m_styles);
    if (m_isSkippingCell) return;
    m_styles |= styleOf(type);
    if (type == MD_SPAN_A) {
        MarkdownBlock& block = m_blocks.back();
        const MD_ATTRIBUTE& href = static_cast<const MD_SPAN_A_DETAIL*>(detail)->href;
        m_links.push_back(static_cast<int>(block.links.size()));
        // One long definition used many times would fill the memory.
        block.links.push_back(href.size <= kLongestLink ? attributeText(href) : QString());
    } else if (type == MD_SPAN_IMG) {
        if (m_image++ == 0) append(u"[image: ");
    } else if (type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY) {
        m_dollars.clear();
    }
}

void MarkdownBuilder::leaveSpan(MD_SPANTYPE type) {
    if (!m_isSkippingCell) {
        if (type == MD_SPAN_A && !m_links.empty()) {
            m_links.pop_back();
        } else if (type == MD_SPAN_IMG && --m_image == 0) {
            append(u"]");
        } else if (type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY) {
            leaveDollars(type == MD_SPAN_LATEXMATH_DISPLAY);
        }
    }
    if (m_spanStyles.empty()) return;
    m_styles = m_spanStyles.back();
    m_spanStyles.pop_back();
}

void MarkdownBuilder::addText(MD_TEXTTYPE type, QByteArrayView text) {
    if (!m_isLeafOpen) beginImplicitParagraph();
    if (m_isSkippingCell) return;
    if (!m_hasText) {
        m_hasText = true;
        const MarkdownBlock::Kind kind = m_blocks.back().kind;
        const char* at = text.data();
        // Soft breaks and the like point at constants of md4c, not into the source.
        if (m_depth == 0 && at >= m_source.constData() &&
            at < m_source.constData() + m_source.size() &&
            (kind == MarkdownBlock::Kind::Paragraph || kind == MarkdownBlock::Kind::Heading)) {
            m_starts.push_back({at - m_source.constData(), m_blocks.size() - 1, m_nContainers});
        }
    }
    switch (type) {
        case MD_TEXT_NULLCHAR:
            append(u"\uFFFD");
            break;
        case MD_TEXT_BR:
            append(QStringView(u"\u2028"));
            break;
        case MD_TEXT_SOFTBR:
            append(u" ");
            break;
        case MD_TEXT_ENTITY:
            append(decodeEntity(QString::fromUtf8(text)));
            break;
        case MD_TEXT_HTML:
            addHtml(QString::fromUtf8(text));
            break;
        case MD_TEXT_LATEXMATH:
            m_dollars += QString::fromUtf8(text);
            break;
        case MD_TEXT_NORMAL:
            addPlain(text);
            break;
        default:
            append(QString::fromUtf8(text));
            break;
    }
}

/// Text in which a bracket that was escaped, which md4c hands on at the beginning of a piece, may
/// begin or end a formula. Until its end comes, a formula is text like any other.
void MarkdownBuilder::addPlain(QByteArrayView text) {
    const char* at = text.data();
    const bool isOfSource =
        at >= m_source.constData() && at < m_source.constData() + m_source.size();
    const bool isEscaped =
        !text.isEmpty() && isOfSource && at > m_source.constData() && at[-1] == '\\';
    const MarkdownBlock& block = m_blocks.back();
    if (isEscaped && m_math && m_math->end.isEmpty() && *at == m_math->close) {
        closeMath(at - 1 - m_math->latex, m_math->close == ']');
        text = text.sliced(1);
    } else if (isEscaped && !m_math && (*at == '(' || *at == '[')) {
        m_math = {at + 1, *at == '(' ? ')' : ']', block.text.size(), block.spans.size()};
    }
    if (isOfSource && block.kind == MarkdownBlock::Kind::Paragraph)
        addEnvironment(text);
    else
        append(QString::fromUtf8(text));
}

/// Text in which an environment of LaTeX that is a display may begin or end without other marks.
void MarkdownBuilder::addEnvironment(QByteArrayView text) {
    static constexpr const char* kDisplays[] = {"align", "equation", "gather", "multline",
                                                "eqnarray"};
    qsizetype done = 0;
    for (qsizetype at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 1)) {
        const QByteArrayView ahead = text.sliced(at);
        if (m_math && !m_math->end.isEmpty() && ahead.startsWith(m_math->end)) {
            const char* end = ahead.data() + m_math->end.size();
            closeMath(end - m_math->latex, true);
            done = at + (end - ahead.data());
            continue;
        }
        if (m_math || !ahead.startsWith("\\begin{")) continue;
        for (const char* name : kDisplays) {
            for (const char* star : {"}", "*}"}) {
                const QByteArray braced = QByteArray("{") + name + star;
                if (!ahead.sliced(6).startsWith(braced)) continue;
                append(QString::fromUtf8(text.sliced(done, at - done)));
                done = at;
                m_math = {ahead.data(), 0, m_blocks.back().text.size(),
                          m_blocks.back().spans.size(), "\\end" + braced};
            }
        }
    }
    append(QString::fromUtf8(text.sliced(done)));
}

/// The formula that is open ends after so many bytes: it takes the place of its text.
void MarkdownBuilder::closeMath(qsizetype size, bool isDisplay) {
    MarkdownBlock& block = m_blocks.back();
    QString latex = QString::fromUtf8(m_math->latex, size);
    if (!m_containers.empty()) {  // without the marks of a quote
        static const QRegularExpression kLineStart(QStringLiteral("\n[ \t>]*"));
        latex.replace(kLineStart, QStringLiteral("\n"));
    }
    block.text.truncate(m_math->textBefore);
    block.spans.resize(m_math->spansBefore);
    if (!block.spans.empty()) {  // the last one may have grown meanwhile
        InlineSpan& last = block.spans.back();
        last.length = std::min(last.length, static_cast<int>(block.text.size()) - last.start);
    }
    while (!block.formulas.empty() && block.formulas.back().start >= m_math->textBefore)
        block.formulas.pop_back();
    m_math.reset();
    appendMath(latex, isDisplay);
}

void MarkdownBuilder::leaveDollars(bool isDisplay) {
    // As Pandoc has it: "$ 5 and 6 $" is money.
    const bool isMath =
        !m_dollars.isEmpty() &&
        (isDisplay || (!m_dollars.front().isSpace() && !m_dollars.back().isSpace()));
    if (isMath) return appendMath(m_dollars, isDisplay);
    const QString mark = isDisplay ? QStringLiteral("$$") : QStringLiteral("$");
    append(mark + m_dollars + mark);
}

void MarkdownBuilder::appendMath(QStringView latex, bool isDisplay) {
    MarkdownBlock& block = m_blocks.back();
    if (block.kind == MarkdownBlock::Kind::Table) isDisplay = false;
    if (isDisplay) {
        while (block.text.endsWith(u' ')) {
            block.text.chop(1);
            while (!block.spans.empty() &&
                   block.spans.back().start + block.spans.back().length > block.text.size()) {
                if (--block.spans.back().length == 0) block.spans.pop_back();
            }
        }
        if (!block.text.isEmpty()) append(QStringView(u"\u2028"));
    }
    const QString text = mathText(latex);
    append(text);
    m_breaksNext = isDisplay;
    // One with characters that show nothing stays text, in which they are named.
    if (text.isEmpty() || visibleText(latex) != latex || !block.text.endsWith(text)) return;
    MathSpan formula;
    formula.length = static_cast<int>(text.size());
    formula.start = static_cast<int>(block.text.size()) - formula.length;
    formula.latex = latex.trimmed().toString();
    formula.isDisplay = isDisplay;
    block.formulas.push_back(std::move(formula));
}

void MarkdownBuilder::addHtml(const QString& text) {
    if (m_blocks.back().kind == MarkdownBlock::Kind::Html)
        append(text);
    else if (isBreak(text))
        append(QStringView(u"\u2028"));
    else
        append(text, InlineSpan::Quiet);
}

void MarkdownBuilder::append(QStringView text, unsigned extraStyles) {
    splitVisible(
        text, [&](QStringView plain) { appendRaw(plain, m_styles | extraStyles); },
        [&](const QString& name) { appendRaw(name, m_styles | extraStyles | InlineSpan::Hidden); });
}

void MarkdownBuilder::appendRaw(QStringView text, unsigned styles) {
    MarkdownBlock& block = m_blocks.back();
    if (m_breaksNext) {
        while (text.startsWith(u' ')) text = text.sliced(1);
        if (text.isEmpty()) return;
        m_breaksNext = false;
        if (!text.startsWith(QChar(QChar::LineSeparator)))
            block.text += QChar(QChar::LineSeparator);
    }
    if (text.isEmpty()) return;
    const auto start = static_cast<int>(block.text.size());
    const auto length = static_cast<int>(text.size());
    const auto from = block.text.size();
    block.text += text;
    if (block.kind == MarkdownBlock::Kind::Table) {
        // Within a cell nothing may look like the end of a cell.
        std::replace(block.text.begin() + from, block.text.end(), QChar(u'\t'), QChar(u' '));
        std::replace(block.text.begin() + from, block.text.end(), QChar(u'\n'), QChar(u' '));
    }
    if (styles == 0) return;
    const int link = m_links.empty() ? -1 : m_links.back();
    if (!block.spans.empty()) {
        InlineSpan& last = block.spans.back();
        if (last.start + last.length == start && last.styles == styles && last.link == link) {
            last.length += length;
            return;
        }
    }
    block.spans.push_back({start, length, styles, link});
}

}  // namespace lares::app
