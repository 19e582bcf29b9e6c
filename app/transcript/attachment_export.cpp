#include "app/transcript/attachment_export.h"

#include "app/transcript/html_entities.h"
#include "app/transcript/markdown_export.h"

#include <QRegularExpression>

namespace lares::app {
namespace {

MarkdownBlock nameBlock(const Attachment& attachment) {
    MarkdownBlock block;
    block.text = shownName(attachment);
    InlineSpan span;
    span.start = 0;
    span.length = static_cast<int>(block.text.size());
    span.styles = InlineSpan::Strong;
    block.spans.push_back(span);
    return block;
}

MarkdownBlock contentsBlock(const Attachment& attachment) {
    static const QRegularExpression kLanguage("\\.([A-Za-z0-9+#_-]{1,12})$");
    MarkdownBlock block;
    block.kind = MarkdownBlock::Kind::Code;
    block.text = attachment.text;
    if (block.text.endsWith(u'\n')) block.text.chop(1);
    block.language = kLanguage.match(attachment.name).captured(1).toLower();
    return block;
}

}  // namespace

QString attachmentsMarkdown(const Attachments& attachments) {
    std::vector<MarkdownBlock> blocks;
    for (const Attachment& attachment : attachments) {
        blocks.push_back(nameBlock(attachment));
        blocks.push_back(contentsBlock(attachment));
    }
    return toMarkdown(blocks);
}

QString attachmentsHtml(const Attachments& attachments) {
    QString html;
    for (const Attachment& attachment : attachments) {
        html += QStringLiteral("<details><summary>") + escapeHtml(shownName(attachment)) +
                QStringLiteral("</summary>") + toHtml({contentsBlock(attachment)}) +
                QStringLiteral("</details>");
    }
    return html;
}

}  // namespace lares::app
