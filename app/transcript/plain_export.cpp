#include "app/transcript/block_lines.h"
#include "app/transcript/markdown_export.h"

#include <algorithm>

namespace lares::app {
namespace {

bool isSameList(const MarkdownBlock& a, const MarkdownBlock& b) {
    return !a.containers.empty() && !b.containers.empty() && a.containers.front().list != 0 &&
           a.containers.front().list == b.containers.front().list && b.containers.back().isTight &&
           a.kind == MarkdownBlock::Kind::Paragraph && b.kind == MarkdownBlock::Kind::Paragraph;
}

/// What stands before a block's first line and before its others.
std::pair<QString, QString> prefixes(const MarkdownBlock& block, const MarkdownBlock* above) {
    QString first;
    QString rest;
    for (std::size_t i = 0; i < block.containers.size(); ++i) {
        const MarkdownContainer& container = block.containers[i];
        const bool continues =
            above && i < above->containers.size() && above->containers[i].id == container.id;
        QString mark;
        if (container.kind == MarkdownContainer::Kind::Quote) {
            first += u"> ";
            rest += u"> ";
            continue;
        }
        mark = container.kind == MarkdownContainer::Kind::Number
                   ? QString::number(container.number) + container.mark + u' '
                   : QStringLiteral("- ");
        const QString space(mark.size(), u' ');
        if (container.task == MarkdownContainer::Task::Open) mark += u"[ ] ";
        if (container.task == MarkdownContainer::Task::Done) mark += u"[x] ";
        first += continues ? space : mark;
        rest += space;
    }
    return {first, rest};
}

}  // namespace

QString joinBlocks(const std::vector<MarkdownBlock>& blocks,
                   const std::function<QString(const MarkdownBlock&)>& body) {
    QString text;
    const MarkdownBlock* above = nullptr;
    for (const MarkdownBlock& block : blocks) {
        const auto [first, rest] = prefixes(block, above);
        if (above) {
            const bool isOneQuote = !block.containers.empty() && !above->containers.empty() &&
                                    block.containers.front().id == above->containers.front().id &&
                                    rest.startsWith(u'>');
            const bool isTight = isSameList(*above, block);
            text += isTight ? u"\n" : isOneQuote ? u"\n>\n" : u"\n\n";
        }
        QString lines = body(block);
        lines.replace(QChar(u'\n'), QChar(u'\n') + rest);
        text += first + lines;
        above = &block;
    }
    return text;
}

QString toPlainText(const std::vector<MarkdownBlock>& blocks) {
    return joinBlocks(blocks, [](const MarkdownBlock& block) {
        if (block.kind == MarkdownBlock::Kind::Rule) return QStringLiteral("———");
        const bool isTable = block.kind == MarkdownBlock::Kind::Table;
        return QString(block.text).replace(QChar(QChar::LineSeparator), isTable ? u' ' : u'\n');
    });
}

}  // namespace lares::app
