#include "app/panel/prompt_text.h"

#include "app/ui/appearance.h"

#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>
#include <utility>

namespace lares::app {

PromptText::PromptText(const Appearance* appearance, QWidget* parent)
    : QPlainTextEdit(parent), m_appearance(appearance) {
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(tr("The prompt, as the model reads it"));
    // Latin text with a few marks may not turn around because its first letter does.
    QTextOption option = document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    document()->setDefaultTextOption(option);
    connect(appearance, &Appearance::changed, this, &PromptText::fill);
    fill();
}

void PromptText::setLines(std::vector<PromptLine> lines) {
    if (lines == m_lines) return;
    m_lines = std::move(lines);
    fill();
}

QTextCharFormat PromptText::formatOf(const PromptLine& line, PromptLine::Run::Look look) const {
    using Look = PromptLine::Run::Look;
    const Theme& theme = m_appearance->theme();
    QTextCharFormat format;
    format.setFont(theme.codeFont);
    format.setForeground(theme.text);
    if (line.kind == PromptLine::Kind::Heading || line.kind == PromptLine::Kind::Cut) {
        format.setFont(weighted(theme.captionFont, QFont::DemiBold));
        format.setForeground(line.kind == PromptLine::Kind::Cut ? theme.accent
                                                                : theme.secondaryText);
        return format;
    }
    switch (look) {
        case Look::Plain:
            break;
        case Look::Markup:
            format.setForeground(theme.quietText);
            break;
        case Look::Special:
            format.setFont(weighted(theme.codeFont, QFont::DemiBold));
            format.setForeground(theme.text);
            format.setBackground(theme.selectedRow);
            break;
        case Look::Dropped:
            format.setFontItalic(true);
            format.setForeground(theme.quietText);
            break;
        case Look::Hidden:
            format.setForeground(theme.removed);
            break;
    }
    return format;
}

void PromptText::fill() {
    const Theme& theme = m_appearance->theme();
    setFont(theme.codeFont);
    document()->setDefaultFont(theme.codeFont);
    document()->setDocumentMargin(theme.scaled(12));
    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    bool isFirst = true;
    for (const PromptLine& line : m_lines) {
        QTextCharFormat ending = formatOf(line, PromptLine::Run::Look::Plain);
        if (line.kind == PromptLine::Kind::Gap) {
            QFont small = theme.codeFont;
            small.setPixelSize(std::max(1, theme.scaled(10)));
            ending.setFont(small);
        }
        if (!std::exchange(isFirst, false)) {
            cursor.insertBlock(QTextBlockFormat(), ending);
        } else {
            cursor.setBlockCharFormat(ending);
        }
        for (const PromptLine::Run& run : line.runs)
            cursor.insertText(run.text, formatOf(line, run.look));
    }
    cursor.endEditBlock();
    moveCursor(QTextCursor::Start);
    verticalScrollBar()->setValue(0);
}

int PromptText::laidOutLines() const {
    int n = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        n += block.layout() != nullptr && block.layout()->lineCount() > 0 ? 1 : 0;
    return n;
}

QMimeData* PromptText::createMimeDataFromSelection() const {
    const QTextCursor cursor = textCursor();
    QString text;
    QTextBlock block = document()->findBlock(cursor.selectionStart());
    for (; block.isValid() && block.position() <= cursor.selectionEnd(); block = block.next()) {
        const auto at = static_cast<std::size_t>(block.blockNumber());
        if (at >= m_lines.size() || !m_lines[at].isOfPrompt()) continue;
        const int from = std::max(0, cursor.selectionStart() - block.position());
        const int to = cursor.selectionEnd() - block.position();
        text += block.text().mid(from, to - from);
        if (m_lines[at].hasLineEnd && to > block.length() - 1) text += '\n';
    }
    auto* copied = new QMimeData;
    copied->setText(text);
    return copied;
}

}  // namespace lares::app
