#include "app/panel/parameter_field.h"

#include <QKeyEvent>
#include <QLocale>

namespace lares::app {

ParameterField::ParameterField(const ParameterBounds& bounds, const QString& name, QWidget* parent)
    : QLineEdit(parent), m_bounds(bounds) {
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
    setPlaceholderText(value.isDouble() ? textOf(value) : otherwise);
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

}  // namespace lares::app
