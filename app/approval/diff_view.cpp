#include "app/approval/diff_view.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/text_label.h"

#include <QLocale>
#include <QPainter>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

using Line = QuestionChange::Line;

/// The lines themselves, painted by one widget however many there are.
class DiffLines : public QWidget {
public:
    DiffLines(const Appearance* appearance, std::vector<Line> lines, int nShown, QWidget* parent)
        : QWidget(parent)
        , m_appearance(appearance)
        , m_lines(std::move(lines))
        , m_nShown(static_cast<std::size_t>(nShown)) {
        QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
        connect(appearance, &Appearance::changed, this, [this] {
            updateGeometry();
            update();
        });
    }

    void showAll() {
        m_nShown = m_lines.size();
        updateGeometry();
        update();
    }

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override { return layOut(width, nullptr); }
    [[nodiscard]] QSize sizeHint() const override {
        const int width = m_appearance->theme().scaled(480);
        return {width, layOut(width, nullptr)};
    }
    [[nodiscard]] QSize minimumSizeHint() const override {
        return {m_appearance->theme().scaled(80), m_appearance->theme().scaled(18)};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        layOut(width(), &painter);
    }

private:
    /// Paints where there is a painter; returns the height.
    int layOut(int width, QPainter* painter) const {
        const Theme& theme = m_appearance->theme();
        const double step = std::round(theme.codeFont.pixelSize() * Theme::kCodeLineHeight);
        const int gutter = theme.scaled(20);
        double y = 0;
        for (std::size_t i = 0; i < m_nShown; ++i) {
            const Line& line = m_lines[i];
            QTextLayout layout(line.kind == Line::Kind::Gap ? QStringLiteral("⋯") : line.text,
                               theme.codeFont);
            QTextOption option;
            option.setWrapMode(QTextOption::WrapAnywhere);
            option.setTextDirection(Qt::LeftToRight);
            layout.setTextOption(option);
            double height = 0;
            layout.beginLayout();
            for (QTextLine row = layout.createLine(); row.isValid(); row = layout.createLine()) {
                row.setLineWidth(std::max(1, width - gutter - 4));
                row.setPosition(QPointF(0, height + (step - row.height()) / 2));
                height += step;
            }
            layout.endLayout();
            height = std::max(height, step);  // an empty line is one
            if (painter) paintLine(*painter, line, layout, QRectF(0, y, width, height), gutter);
            y += height;
        }
        return static_cast<int>(std::ceil(y));
    }

    void paintLine(QPainter& painter,
                   const Line& line,
                   const QTextLayout& layout,
                   const QRectF& place,
                   int gutter) const {
        const Theme& theme = m_appearance->theme();
        const bool isRemoved = line.kind == Line::Kind::Removed;
        const bool isAdded = line.kind == Line::Kind::Added;
        if (isRemoved) painter.fillRect(place, theme.removedGround);
        if (isAdded) painter.fillRect(place, theme.addedGround);
        painter.setFont(theme.codeFont);
        if (isRemoved || isAdded) {
            painter.setPen(isRemoved ? theme.removed : theme.good);
            const double step = std::round(theme.codeFont.pixelSize() * Theme::kCodeLineHeight);
            painter.drawText(QRectF(place.left(), place.top(), gutter, step), Qt::AlignCenter,
                             isRemoved ? QStringLiteral("−") : QStringLiteral("+"));
        }
        painter.setPen(isRemoved || isAdded ? theme.text : theme.secondaryText);
        layout.draw(&painter, QPointF(place.left() + gutter, place.top()));
    }

    const Appearance* m_appearance;
    std::vector<Line> m_lines;
    std::size_t m_nShown;
};

}  // namespace

DiffView::DiffView(const Appearance* appearance,
                   const QuestionChange& change,
                   int foldedLines,
                   QWidget* parent)
    : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3, 4, 3, 4);
    column->setSpacing(4);
    const auto n = static_cast<int>(change.lines.size());
    // As much as a button takes may stand in its place.
    const bool isFolded = n > foldedLines + 2;
    auto* lines = new DiffLines(appearance, change.lines, isFolded ? foldedLines : n, this);
    column->addWidget(lines);
    TextLabel* rest = nullptr;
    if (change.nLeftOut > 0) {
        rest = new TextLabel(appearance, TextLabel::Kind::Caption,
                             tr("and %Ln more line(s)", nullptr, static_cast<int>(change.nLeftOut)),
                             this);
        rest->setVisible(!isFolded);
        column->addWidget(rest);
    }
    if (isFolded) {
        auto* more = new Button(appearance, Button::Kind::Quiet,
                                tr("Show all %Ln line(s)", nullptr, n), this);
        column->addWidget(more, 0, Qt::AlignLeft);
        connect(more, &Button::clicked, this, [this, lines, rest, more] {
            more->hide();
            more->deleteLater();
            lines->showAll();
            if (rest) rest->show();
            updateGeometry();
        });
    }
    setAccessibleName(tr("What changes in the text"));
    setAccessibleDescription(spoken(change));
}

QString DiffView::spoken(const QuestionChange& change) {
    QStringList lines;
    for (const Line& line : change.lines) {
        if (line.kind == Line::Kind::Removed) lines << tr("removed: %1").arg(line.text);
        if (line.kind == Line::Kind::Added) lines << tr("added: %1").arg(line.text);
    }
    if (change.nLeftOut > 0)
        lines << tr("and %Ln more line(s)", nullptr, static_cast<int>(change.nLeftOut));
    return lines.join('\n');
}

}  // namespace lares::app
