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
        if (container.task == MarkdownContainer::Task::Open) mark += u"[ ] ";
        if (container.task == MarkdownContainer::Task::Done) mark += u"[x] ";
        const QString space(mark.size(), u' ');
        first += continues ? space : mark;
        rest += space;
    }
    return {first, rest};
}

}  // namespace

QString toPlainText(const std::vector<MarkdownBlock>& blocks) {
    QString text;
    const MarkdownBlock* above = nullptr;
    for (const MarkdownBlock& block : blocks) {
        if (above)
            text += isSameList(*above, block) ? QStringLiteral("\n") : QStringLiteral("\n\n");
        const auto [first, rest] = prefixes(block, above);
        QString body = block.kind == MarkdownBlock::Kind::Rule ? QStringLiteral("———") : block.text;
        body.replace(QChar(QChar::LineSeparator),
                     block.kind == MarkdownBlock::Kind::Table ? u' ' : u'\n');
        body.replace(QChar(u'\n'), QChar(u'\n') + rest);
        text += first + body;
        above = &block;
    }
    return text;
}

}  // namespace lares::app
