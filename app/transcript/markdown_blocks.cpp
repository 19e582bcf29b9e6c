#include "app/transcript/markdown_blocks.h"

#include "app/transcript/markdown_builder.h"

#include <md4c.h>

namespace lares::app {
namespace {

int enterBlock(MD_BLOCKTYPE type, void* detail, void* builder) {
    static_cast<MarkdownBuilder*>(builder)->enterBlock(type, detail);
    return 0;
}
int leaveBlock(MD_BLOCKTYPE type, void*, void* builder) {
    static_cast<MarkdownBuilder*>(builder)->leaveBlock(type);
    return 0;
}
int enterSpan(MD_SPANTYPE type, void* detail, void* builder) {
    static_cast<MarkdownBuilder*>(builder)->enterSpan(type, detail);
    return 0;
}
int leaveSpan(MD_SPANTYPE type, void*, void* builder) {
    static_cast<MarkdownBuilder*>(builder)->leaveSpan(type);
    return 0;
}
/// A builder whose source differs from what md4c reads, byte by byte in the same places.
class ShadowedBuilder : public MarkdownBuilder {
public:
    ShadowedBuilder(const QByteArray& source, const QByteArray& parsed, int firstContainer)
        : MarkdownBuilder(source, firstContainer), m_original(source), m_parsed(parsed) {}

    void addParsedText(MD_TEXTTYPE type, QByteArrayView text) {
        const char* begin = m_parsed.constData();
        if (text.data() >= begin && text.data() < begin + m_parsed.size())
            text = {m_original.constData() + (text.data() - begin), text.size()};
        addText(type, text);
    }

private:
    const QByteArray& m_original;
    const QByteArray& m_parsed;
};

int addText(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* builder) {
    static_cast<ShadowedBuilder*>(static_cast<MarkdownBuilder*>(builder))
        ->addParsedText(type, {text, static_cast<qsizetype>(size)});
    return 0;
}

/// md4c 0.4.8 knows no <textarea>, whose content is as raw as a script's (CommonMark 4.6, the first
/// kind of HTML block). It gets to read <script> in its place, of the same length and without a
/// space at its end.
QByteArray withScriptsForTextAreas(QByteArray bytes) {
    constexpr QByteArrayView kOpen("<textarea");
    constexpr QByteArrayView kClose("</textarea>");
    const QByteArray lower = bytes.toLower();
    for (qsizetype at = lower.indexOf(kOpen); at >= 0; at = lower.indexOf(kOpen, at + 1)) {
        const qsizetype line = lower.lastIndexOf('\n', at) + 1;
        if (at - line > 3 || !lower.mid(line, at - line).trimmed().isEmpty()) continue;
        const qsizetype behind = at + kOpen.size();
        if (behind < lower.size() && !QByteArrayView(" \t\r\n>").contains(lower[behind])) continue;
        bytes.replace(at, kOpen.size(), "<script>-");
        const qsizetype close = lower.indexOf(kClose, behind);
        if (close < 0) break;
        bytes.replace(close, kClose.size(), "--</script>");
        at = close;
    }
    return bytes;
}

/// A text without Markdown: for what cannot be parsed.
std::vector<MarkdownBlock> plainBlocks(QStringView text) {
    MarkdownBlock block;
    block.kind = MarkdownBlock::Kind::Html;
    block.text = visibleText(text);
    return {std::move(block)};
}

constexpr unsigned kWithAddresses = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS;
constexpr unsigned kWithoutAddresses = kWithAddresses & ~unsigned{MD_FLAG_PERMISSIVEAUTOLINKS};

constexpr qsizetype kLongestDefinition = 2048;  ///< bytes

/// md4c copies a definition's target and title wherever it is used, so a long one used often costs
/// their product. A backslash makes it the text that it reads as.
QByteArray withoutLongDefinitions(QByteArray bytes) {
    for (qsizetype at = bytes.indexOf("]:"); at >= 0; at = bytes.indexOf("]:", at + 2)) {
        qsizetype end = bytes.indexOf('\n', at);
        // On to the blank line, or to a line that may begin another definition.
        while (end >= 0 && end + 1 < bytes.size() && bytes[end + 1] != '\n' &&
               bytes[end + 1] != '[' && end - at <= kLongestDefinition)
            end = bytes.indexOf('\n', end + 1);
        if (end < 0) end = bytes.size();
        if (end - at > kLongestDefinition) bytes.insert(at + 1, '\\');
    }
    return bytes;
}

bool isPlainStart(QChar c) {
    return !c.isSpace() && !c.isDigit() && c != u'-' && c != u'+' && c != u'*';
}

/// Where in `bytes` the document can be cut: at the beginning of the last line of which the parser
/// says that a paragraph or heading at the top level begins there, that follows a blank line, and
/// that no character added to it later can turn into a list's item.
qsizetype cutAt(const QByteArray& bytes, qsizetype firstText) {
    const qsizetype line = bytes.lastIndexOf('\n', firstText - bytes.size()) + 1;
    if (line < 2) return 0;
    qsizetype before = line - 2;  // the line before is blank
    while (before >= 0 && (bytes[before] == ' ' || bytes[before] == '\t' || bytes[before] == '\r'))
        --before;
    if (before < 0 || bytes[before] != '\n') return 0;
    const bool isWhole = bytes.indexOf('\n', firstText) >= 0;
    return isWhole || isPlainStart(QLatin1Char(bytes[line])) ? line : 0;
}

}  // namespace

MarkdownParse parseMarkdownPart(QStringView text, int firstContainer, bool linksAddresses) {
    MarkdownParse result;
    result.nContainers = firstContainer;
    if (text.isEmpty()) return result;
    QByteArray bytes = text.toUtf8();
    if (mayDefineLinks(text)) bytes = withoutLongDefinitions(std::move(bytes));
    const QByteArray parsed = withScriptsForTextAreas(bytes);
    ShadowedBuilder builder(bytes, parsed, firstContainer);
    const MD_PARSER parser = {.abi_version = 0,
                              .flags = linksAddresses ? kWithAddresses : kWithoutAddresses,
                              .enter_block = &enterBlock,
                              .leave_block = &leaveBlock,
                              .enter_span = &enterSpan,
                              .leave_span = &leaveSpan,
                              .text = &addText,
                              .debug_log = nullptr,
                              .syntax = nullptr};
    if (md_parse(parsed.constData(), static_cast<MD_SIZE>(parsed.size()), &parser,
                 static_cast<MarkdownBuilder*>(&builder)) != 0) {
        result.blocks = plainBlocks(text);  // out of memory
        return result;
    }
    // (A text with definitions is never cut, so offsets that a backslash moved are not used.)
    for (auto start = builder.topLevelStarts().rbegin(); start != builder.topLevelStarts().rend();
         ++start) {
        const qsizetype cut = cutAt(bytes, start->firstText);
        if (cut == 0) continue;
        result.cut = QString::fromUtf8(bytes.constData(), cut).size();
        result.blocksBefore = start->blocksBefore;
        result.containersBefore = start->containersBefore;
        break;
    }
    result.nContainers = builder.nContainers();
    result.blocks = builder.takeBlocks();
    return result;
}

std::vector<MarkdownBlock> parseMarkdown(QStringView text) {
    return parseMarkdownPart(text, 0, !hasManyAddresses(text)).blocks;
}

bool hasManyAddresses(QStringView text) {
    constexpr int kMany = 1000;
    int n = 0;
    for (qsizetype at = text.indexOf(u'.'); at >= 0; at = text.indexOf(u'.', at + 1)) {
        // Every kind of address has a full stop inside of it.
        if (at + 1 < text.size() && text[at + 1].isLetterOrNumber()) ++n;
        if (n > kMany) return text.count(u"://") + text.count(u'@') + text.count(u"www.") > kMany;
    }
    return false;
}

bool mayDefineLinks(QStringView text) {
    qsizetype line = 0;
    while (line < text.size()) {
        qsizetype at = line;
        while (at < text.size() && text[at] != u'\n' && !text[at].isLetter() && text[at] != u'[')
            ++at;
        if (at < text.size() && text[at] == u'[') return text.indexOf(u"]:", at) >= 0;
        const qsizetype end = text.indexOf(u'\n', at);
        if (end < 0) return false;
        line = end + 1;
    }
    return false;
}

}  // namespace lares::app
