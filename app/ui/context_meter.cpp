#include "app/ui/context_meter.h"

#include "app/chat/attachment.h"
#include "app/ui/appearance.h"

#include <QFontMetrics>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kBarWidth = 64;
constexpr int kMeterGap = 8;
constexpr int kAboutHalf = 50;  // per cent, from where on it is worth a sentence

}  // namespace

QString shortCount(int tokens) {
    if (tokens < 1000) return QString::number(tokens);
    const double thousands = tokens / 1000.0;
    return QLocale().toString(thousands, 'f', thousands < 10 ? 1 : 0) + "k";
}

ContextMeter::ContextMeter(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void ContextMeter::setFigures(int used, int most) {
    m_used = std::max(0, used);
    m_most = std::max(0, most);
    showFigures();
}

void ContextMeter::setAttached(int about) {
    if (m_attached == about) return;
    m_attached = std::max(0, about);
    showFigures();
}

void ContextMeter::setCondensed(bool isCondensed) {
    if (m_isCondensed == isCondensed) return;
    m_isCondensed = isCondensed;
    showFigures();
}

void ContextMeter::showFigures() {
    const QLocale locale;
    const QString count = shortCount(m_used + m_attached);
    m_text = m_most == 0 ? QString()
                         : (m_attached > 0 ? tr("about %1 of %2") : tr("%1 of %2"))
                               .arg(count, shortCount(m_most));
    QString sentence =
        m_most == 0 ? QString()
                    : tr("The conversation takes %1 of the %2 tokens that the model can read.")
                          .arg(locale.toString(m_used), locale.toString(m_most));
    if (m_most > 0 && m_attached > 0)
        sentence += u' ' + tr("What is attached adds %1.").arg(guessText(m_attached));
    if (m_most > 0 && m_isCondensed) {
        sentence += u' ' + tr("What was said first is read as a summary.");
    } else if (m_most > 0 && std::int64_t{m_used} * 100 > std::int64_t{m_most} * kAboutHalf) {
        sentence += u' ' + tr("When it is nearly full, what was said first is read as a summary.");
    }
    setToolTip(sentence);
    setAccessibleName(sentence);
    updateGeometry();
    update();
}

QSize ContextMeter::sizeHint() const {
    const Theme& theme = m_appearance->theme();
    if (m_text.isEmpty()) return {0, theme.scaled(20)};
    return {QFontMetrics(theme.captionFont).horizontalAdvance(m_text) + kMeterGap +
                theme.scaled(kBarWidth) + 2,
            theme.scaled(20)};
}

void ContextMeter::paintEvent(QPaintEvent*) {
    if (m_text.isEmpty()) return;
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.captionFont);
    painter.setPen(theme.secondaryText);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, m_text);

    const double share = std::min(1.0, static_cast<double>(m_used) / m_most);
    QRectF bar(width() - theme.scaled(kBarWidth), height() / 2.0 - 2, theme.scaled(kBarWidth), 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.selectedRow);
    painter.drawRoundedRect(bar, 2, 2);
    const double whole = bar.width();
    if (m_attached > 0) {
        const double after = std::min(1.0, (double(m_used) + m_attached) / m_most);
        bar.setWidth(std::max(4.0, whole * after));
        painter.setBrush(after > 0.9 ? theme.accent : theme.quietText);
        painter.setOpacity(0.5);
        painter.drawRoundedRect(bar, 2, 2);
        painter.setOpacity(1.0);
        if (m_used == 0) return;
    }
    bar.setWidth(std::max(4.0, whole * share));
    painter.setBrush(share > 0.9 ? theme.accent : theme.secondaryText);
    painter.drawRoundedRect(bar, 2, 2);
}

}  // namespace lares::app
