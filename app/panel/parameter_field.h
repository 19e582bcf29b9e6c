#pragma once

#include "app/chat/answer_parameters.h"

#include <QLineEdit>

#include <optional>

namespace lares::app {

class Appearance;

/// A number within bounds; empty: as usual, which stands there quietly. Arrow keys change it by a
/// step. What is no number goes back to what was there. UI thread only.
class ParameterField : public QLineEdit {
    Q_OBJECT

public:
    ParameterField(const Appearance* appearance,
                   const ParameterBounds& bounds,
                   const QString& name,
                   QWidget* parent = nullptr);

    /// Undefined: as usual. Nothing happens while somebody writes in it.
    void setValue(const QJsonValue& value);
    /// What is used where it is empty.
    void setUsual(const QJsonValue& value, const QString& otherwise = {});
    [[nodiscard]] const QString& usualText() const { return m_usualText; }

signals:
    void valueChosen(const QJsonValue& value);  ///< within the bounds; Undefined: as usual

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void take();
    void step(int by);
    [[nodiscard]] QString textOf(const QJsonValue& value) const;
    [[nodiscard]] std::optional<double> number() const;

    const Appearance* m_appearance;
    ParameterBounds m_bounds;
    QJsonValue m_value = QJsonValue(QJsonValue::Undefined);
    QJsonValue m_usual = QJsonValue(QJsonValue::Undefined);
    QString m_usualText;
};

}  // namespace lares::app
