#include "app/panel/parameter_field.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>

namespace lares::app {

ParameterField::ParameterField(const Appearance* appearance,
                               const ParameterBounds& bounds,
                               const QString& name,
                               QWidget* parent)
    : QLineEdit(parent), m_appearance(appearance), m_bounds(bounds) {
    setAccessibleName(name);
    setAlignment(Qt::AlignRight);
    setMaxLength(16);
    connect(this, &QLineEdit::editingFinished, this, &ParameterField::take);
}

QString ParameterField::textOf(const QJsonValue& value) const {
    if (!value.isDouble()) return {};
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return m_bounds.decimals == 0 ? locale.toString(value.toInteger())
                                  : locale.toString(value.toDouble(), 'g', 6);
}

void ParameterField::setValue(const QJsonValue& value) {
    m_value = value;
    if (!isModified() || !hasFocus()) setText(textOf(value));
}

void ParameterField::setUsual(const QJsonValue& value, const QString& otherwise) {
    m_usual = value;
    m_usualText = value.isDouble() ? textOf(value) : otherwise;
    update();
}

/// As the language of the desktop writes numbers, or with a point.
std::optional<double> ParameterField::number() const {
    bool isNumber = false;
    double value = QLocale().toDouble(text().trimmed(), &isNumber);
    if (!isNumber) value = QLocale::c().toDouble(text().trimmed(), &isNumber);
    return isNumber ? std::optional(value) : std::nullopt;
}

void ParameterField::take() {
    if (!isModified()) return;
    setModified(false);
    QJsonValue chosen(QJsonValue::Undefined);
    if (!text().trimmed().isEmpty()) {
        const std::optional<double> value = number();
        if (!value) return setText(textOf(m_value));
        chosen = bounded(m_bounds.key, *value);
    }
    setText(textOf(chosen));
    if (chosen == m_value) return;
    m_value = chosen;
    emit valueChosen(chosen);
}

void ParameterField::step(int by) {
    const double from = number().value_or(m_usual.toDouble(m_bounds.least));
    setText(textOf(bounded(m_bounds.key, from + by * m_bounds.step)));
    setModified(true);
    take();
}

void ParameterField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Up) return step(1);
    if (event->key() == Qt::Key_Down) return step(-1);
    if (event->key() == Qt::Key_Escape && isModified()) {
        setText(textOf(m_value));
        return setModified(false);
    }
    QLineEdit::keyPressEvent(event);
    // Esc is the panel's, which hears only of what nobody took.
    if (event->key() == Qt::Key_Escape) event->ignore();
}

void ParameterField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    setText(textOf(m_value));
}

void ParameterField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    if (!text().isEmpty()) return;
    // Not as its placeholder, which Qt paints half transparent: too faint to read.
    QPainter painter(this);
    paintLine(painter, QRectF(rect()).adjusted(2, 0, -2, 0), font(),
              m_appearance->theme().quietText, m_usualText, Qt::AlignRight);
}

}  // namespace lares::app
