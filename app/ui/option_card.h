#pragma once

#include <QAbstractButton>

namespace lares::app {

class Appearance;

/// One of a few big choices: a title and a sentence on a card that is pressed as a whole.
class OptionCard : public QAbstractButton {
    Q_OBJECT

public:
    OptionCard(const Appearance* appearance,
               const QString& title,
               const QString& sentence,
               QWidget* parent = nullptr);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRect sentenceRect(int width) const;

    const Appearance* m_appearance;
    QString m_sentence;
};

}  // namespace lares::app
