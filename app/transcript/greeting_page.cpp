#include "app/transcript/greeting_page.h"

#include "app/personas/persona_text.h"

#include <QAbstractButton>
#include <QFontMetrics>
#include <QPainter>
#include <QTextOption>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kMarkSize = 44;
constexpr int kGreetingGap = 16;
constexpr int kExampleGap = 8;
constexpr int kMaxExamples = 3;
constexpr int kGreetingColumn = 520;

/// One example: a whole line to click.
class ExampleButton : public QAbstractButton {
public:
    ExampleButton(const QString& text, const Theme* theme, QWidget* parent)
        : QAbstractButton(parent), m_theme(theme) {
        setText(text);
        setAccessibleName(text);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
    }

    [[nodiscard]] int heightFor(int width) const {
        return textRect(width).height() + m_theme->scaled(22);
    }

protected:
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
        const double radius = m_theme->scaled(Theme::kCardRadius);
        painter.setPen(hasFocus() ? QPen(m_theme->focusRing, 2) : QPen(m_theme->hairline, 1));
        painter.setBrush(underMouse() || isDown() ? m_theme->hoveredRow : m_theme->card);
        painter.drawRoundedRect(box, radius, radius);
        painter.setPen(m_theme->text);
        painter.setFont(font());
        const int inset = m_theme->scaled(16);
        painter.drawText(rect().adjusted(inset, 0, -inset, 0),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap, text());
    }

private:
    [[nodiscard]] QRect textRect(int width) const {
        return QFontMetrics(font()).boundingRect(
            QRect(0, 0, width - 2 * m_theme->scaled(16), 10'000), Qt::TextWordWrap, text());
    }
    const Theme* m_theme;
};

}  // namespace

GreetingPage::GreetingPage(QWidget* parent) : QWidget(parent) {}

void GreetingPage::setTheme(const Theme* theme) {
    m_theme = theme;
    arrange();
}

void GreetingPage::setContent(const QString& name,
                              const QString& greeting,
                              const QStringList& examples) {
    m_name = name;
    m_greeting = greeting;
    setAccessibleName(greeting);
    qDeleteAll(findChildren<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly));
    for (const QString& example : examples.mid(0, kMaxExamples)) {
        auto* button = new ExampleButton(example, m_theme, this);
        connect(button, &QAbstractButton::clicked, this,
                [this, example] { emit exampleChosen(example); });
        button->setVisible(true);
    }
    arrange();
}

QList<QWidget*> GreetingPage::buttons() const {
    QList<QWidget*> found;
    for (auto* button : findChildren<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly))
        found.append(button);
    return found;
}

void GreetingPage::resizeEvent(QResizeEvent*) {
    arrange();
}

void GreetingPage::arrange() {
    if (!m_theme) return;
    const int column = std::min(m_theme->scaled(kGreetingColumn), width() - m_theme->scaled(48));
    const int left = (width() - column) / 2;
    const int mark = m_theme->scaled(kMarkSize);
    const int gap = m_theme->scaled(kGreetingGap);
    QFont font = m_theme->bodyFont;
    font.setPixelSize(m_theme->scaled(17));
    const int textHeight = QFontMetrics(font)
                               .boundingRect(QRect(0, 0, column, 10'000),
                                             Qt::TextWordWrap | Qt::AlignHCenter, m_greeting)
                               .height();
    int height = mark + gap + textHeight + 2 * gap;
    const auto examples = findChildren<ExampleButton*>(QString(), Qt::FindDirectChildrenOnly);
    for (auto* example : examples) {
        example->setFont(m_theme->bodyFont);
        height += example->heightFor(column) + m_theme->scaled(kExampleGap);
    }
    int y = std::max(gap, (this->height() - height) / 2);
    m_mark = {(width() - mark) / 2, y, mark, mark};
    y += mark + gap;
    m_text = {left, y, column, textHeight};
    y += textHeight + 2 * gap - m_theme->scaled(4);
    for (auto* example : examples) {
        const int h = example->heightFor(column);
        example->setGeometry(left, y, column, h);
        y += h + m_theme->scaled(kExampleGap);
    }
    update();
}

void GreetingPage::paintEvent(QPaintEvent*) {
    if (!m_theme) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), m_theme->window);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->accent);
    painter.drawEllipse(m_mark);
    QFont font = m_theme->bodyFont;
    font.setPixelSize(m_theme->scaled(20));
    font.setWeight(QFont::Bold);
    painter.setFont(font);
    painter.setPen(m_theme->textOnAccent);
    painter.drawText(m_mark, Qt::AlignCenter, markOf(m_name));
    font = m_theme->bodyFont;
    font.setPixelSize(m_theme->scaled(17));
    painter.setFont(font);
    painter.setPen(m_theme->text);
    painter.drawText(m_text, Qt::TextWordWrap | Qt::AlignHCenter, m_greeting);
}

}  // namespace lares::app

#include "moc_greeting_page.cpp"
