#include "app/transcript/markdown_export.h"

namespace lares::app {

QString toMarkdown(const std::vector<MarkdownBlock>& blocks) {
    return toPlainText(blocks);
}
QString toHtml(const std::vector<MarkdownBlock>& blocks) {
    return toPlainText(blocks).toHtmlEscaped();
}

}  // namespace lares::app
