#include "app/ui/field_frame.h"

#include "app/ui/appearance.h"
#include "app/ui/composer.h"
#include "app/ui/painting.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QFontMetricsF>
#include <QLineEdit>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr int kFieldHeight = 36;

}  // namespace

FieldFrame::FieldFrame(const Appearance* appearance, QLineEdit* field, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_field(field) {
    field->setFrame(false);
    layOut(0);
}

FieldFrame::FieldFrame(const Appearance* appearance,
                       ComposerText* field,
                       int fewestLines,
                       int mostLines,
                       QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_field(field)
    , m_text(field)
    , m_fewestLines(fewestLines)
    , m_mostLines(mostLines) {
    layOut(8);
    connect(field, &QPlainTextEdit::textChanged, this, &FieldFrame::fitHeight);
    connect(field->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged,
            this, &FieldFrame::fitHeight);
}

void FieldFrame::layOut(int above) {
    auto* inside = new QVBoxLayout(this);
    // A line edit has two pixels of its own on either side.
    const int side = kFocusRingRoom + (m_text ? 12 : 10);
    above += kFocusRingRoom;
    inside->setContentsMargins(side, above, m_text ? kFocusRingRoom + 4 : side, above);
    inside->addWidget(m_field);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::IBeamCursor);
    m_field->installEventFilter(this);
    connect(m_appearance, &Appearance::changed, this, &FieldFrame::applyTheme);
    applyTheme();
}

void FieldFrame::applyTheme() {
    const Theme& theme = m_appearance->theme();
    m_field->setFont(theme.rowFont);
    if (m_text == nullptr) setFixedHeight(theme.scaled(kFieldHeight) + 2 * kFocusRingRoom);
    fitHeight();
    update();
}

void FieldFrame::fitHeight() {
    if (m_text == nullptr) return;
    const double line = QFontMetricsF(m_text->font()).lineSpacing();
    const int fewest = static_cast<int>(std::ceil(line * m_fewestLines)) + 4;
    const int most = static_cast<int>(std::ceil(line * m_mostLines)) + 4;
    const int wanted = m_text->heightOfLines();
    m_text->setVerticalScrollBarPolicy(wanted > most ? Qt::ScrollBarAsNeeded
                                                     : Qt::ScrollBarAlwaysOff);
    m_text->setFixedHeight(std::clamp(wanted, fewest, most));
}

bool FieldFrame::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    // Later, when the text has been laid out in its new width.
    if (event->type() == QEvent::Resize) QTimer::singleShot(0, this, &FieldFrame::fitHeight);
    return QWidget::eventFilter(watched, event);
}

void FieldFrame::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    const QRectF ground =
        QRectF(rect()).adjusted(kFocusRingRoom, kFocusRingRoom, -kFocusRingRoom, -kFocusRingRoom);
    paintSurface(painter, ground, Theme::kControlRadius, theme.card, theme.hairline);
    if (m_field->hasFocus())
        paintFocusRing(painter, rect(), Theme::kControlRadius + 2, theme.focusRing);
}

void FieldFrame::mousePressEvent(QMouseEvent* event) {
    m_field->setFocus(Qt::MouseFocusReason);
    QWidget::mousePressEvent(event);
}

}  // namespace lares::app
