#include "app/panel/code_box.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QAbstractTextDocumentLayout>
#include <QFontMetricsF>
#include <QPainter>
#include <QTextBlock>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr int kMostLines = 10;
constexpr int kCodePadding = 8;

}  // namespace

CodeBox::CodeBox(const Appearance* appearance,
                 const QString& name,
                 const QString& text,
                 QWidget* parent)
    : QPlainTextEdit(parent), m_appearance(appearance) {
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(name);
    document()->setDocumentMargin(kCodePadding);
    setViewportMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);  // as wide as what stands around it
    setPlainText(text);
    connect(appearance, &Appearance::changed, this, &CodeBox::applyTheme);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &CodeBox::fitHeight);
    applyTheme();
}

void CodeBox::applyTheme() {
    setFont(m_appearance->theme().codeFont);
    fitHeight();
    viewport()->update();
}

void CodeBox::fitHeight() {
    // The layout of a plain text document counts in lines.
    const double lines = std::max(1.0, document()->documentLayout()->documentSize().height());
    const double shown = std::min<double>(lines, kMostLines);
    setVerticalScrollBarPolicy(lines > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    setFixedHeight(static_cast<int>(std::ceil(shown * QFontMetricsF(font()).lineSpacing())) +
                   2 * kCodePadding + 2);
}

void CodeBox::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void CodeBox::paintEvent(QPaintEvent* event) {
    const Theme& theme = m_appearance->theme();
    {
        QPainter painter(viewport());
        paintSurface(painter, viewport()->rect(), Theme::kControlRadius, theme.code,
                     hasFocus() ? theme.focusRing : theme.hairline);
    }
    QPlainTextEdit::paintEvent(event);
}

void CodeBox::focusInEvent(QFocusEvent* event) {
    QPlainTextEdit::focusInEvent(event);
    viewport()->update();
}

void CodeBox::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    viewport()->update();
}

}  // namespace lares::app
