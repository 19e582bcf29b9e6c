#pragma once

#include <QWidget>

class QLabel;

namespace lares::app {

class Appearance;
class Button;

/// Below the header while a model is loaded: a thin line that fills, what is loaded, and Cancel.
class LoadBar : public QWidget {
    Q_OBJECT

public:
    explicit LoadBar(const Appearance* appearance, QWidget* parent = nullptr);

    void setModel(const QString& name);
    void setShare(double share);  ///< 0 to 1

signals:
    void cancelled();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    const Appearance* m_appearance;
    QLabel* m_label;
    Button* m_cancel;
    QString m_name;
    double m_share = 0;
};

}  // namespace lares::app
