#pragma once

#include <QLineEdit>

namespace lares::app {

class Appearance;

/// A title that is read as text and edited in place: Return keeps the new one, Esc the old one.
class TitleField : public QLineEdit {
    Q_OBJECT

public:
    explicit TitleField(const Appearance* appearance, QWidget* parent = nullptr);

    /// What the conversation is called; ignored while it is edited.
    void setTitle(const QString& title);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void titleEdited(const QString& title);
    void editingEnded();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void applyTheme();
    void keep();

    const Appearance* m_appearance;
    QString m_title;
};

}  // namespace lares::app
