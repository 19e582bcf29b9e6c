#pragma once

#include "app/ui/theme.h"

#include <QStringList>
#include <QWidget>

namespace lares::app {

/// What an empty conversation shows: the persona's mark, a greeting and examples to start from.
class GreetingPage : public QWidget {
    Q_OBJECT

public:
    explicit GreetingPage(QWidget* parent);
    /// The theme outlives the widget.
    void setTheme(const Theme* theme);
    void setContent(const QString& name, const QString& greeting, const QStringList& examples);
    [[nodiscard]] QList<QWidget*> buttons() const;

signals:
    void exampleChosen(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    const Theme* m_theme = nullptr;
    QString m_name;
    QString m_greeting;
    QRect m_mark;
    QRect m_text;
};

}  // namespace lares::app
