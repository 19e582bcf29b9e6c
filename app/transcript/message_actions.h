#pragma once

#include "app/transcript/icons.h"
#include "app/ui/theme.h"

#include <QAbstractButton>
#include <QString>
#include <QWidget>

#include <vector>

namespace lares::app {

/// A small button that is only a drawn icon, with a name for screen readers and a tool tip.
class IconButton : public QAbstractButton {
    Q_OBJECT

public:
    IconButton(TranscriptIcon icon, const QString& name, QWidget* parent);
    void setTheme(const Theme* theme);
    void setIconShape(TranscriptIcon icon);
    /// Round, with a ground and a border: for a button that floats over text.
    void setFloating(bool isFloating) { m_isFloating = isFloating; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    TranscriptIcon m_icon;
    const Theme* m_theme = nullptr;
    bool m_isFloating = false;
};

/// What can be done with one message: the row of buttons that shows below it on hover or focus.
class MessageActions : public QWidget {
    Q_OBJECT

public:
    enum class Action { Copy, Edit, Regenerate, Prompt, Remember, PreviousVersion, NextVersion };
    struct Offer {
        bool canEdit = false;
        bool canRegenerate = false;
        bool canShowPrompt = false;
        bool canRemember = false;
        int version = 0;
        int nVersions = 1;
        bool operator==(const Offer&) const = default;
    };

    explicit MessageActions(QWidget* parent);
    /// The theme outlives the widget.
    void setTheme(const Theme* theme);
    void setOffer(const Offer& offer);
    void showCopied();
    [[nodiscard]] QList<QWidget*> buttons() const;  ///< that show, in order
    [[nodiscard]] static std::vector<Action> actionsOf(const Offer& offer);
    [[nodiscard]] static QString nameOf(Action action);

signals:
    void triggered(lares::app::MessageActions::Action action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void placeButtons();
    IconButton* add(Action action, TranscriptIcon icon);

    const Theme* m_theme = nullptr;
    Offer m_offer;
    IconButton* m_copy;
    IconButton* m_edit;
    IconButton* m_regenerate;
    IconButton* m_prompt;
    IconButton* m_remember;
    IconButton* m_previous;
    IconButton* m_next;
    QRect m_label;
};

}  // namespace lares::app
