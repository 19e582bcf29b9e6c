#pragma once

#include "app/ui/palette_model.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLineEdit;
class QListView;

namespace lares::app {

class Appearance;
class MessageFinder;
class PaletteDelegate;
class TextLabel;

/// One field over the window that finds commands and conversations by a few letters: arrows, Enter,
/// Esc; a click elsewhere closes it. It remembers nothing from one time to the next. UI thread
/// only.
class Palette : public QWidget {
    Q_OBJECT

public:
    /// Stands in the middle of `parent`. It looks through messages with `finder`, which is its own.
    Palette(const Appearance* appearance, MessageFinder* finder, QWidget* parent);

    /// `conversations`: those used last first; `titleOf` names one in which a message is found.
    void open(std::vector<PaletteEntry> commands,
              std::vector<PaletteEntry> conversations,
              std::function<QString(ConversationId)> titleOf);
    void dismiss();

    [[nodiscard]] QLineEdit* field() const { return m_field; }
    [[nodiscard]] QListView* list() const { return m_list; }

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void messageRequested(lares::app::ConversationId id,
                          lares::app::MessageId message,
                          const QString& words);
    /// It is gone, and what had the keyboard before it is hidden: the window gives it to somebody.
    void leftWithoutFocus();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void layOut();
    void applyTheme();
    void place();
    void look();
    void showMessages();
    void showState();
    void choose(int row);
    void move(int rows);
    bool takeKey(int key);

    const Appearance* m_appearance;
    MessageFinder* m_finder;
    QLineEdit* m_field;
    QListView* m_list;
    TextLabel* m_empty;
    PaletteModel* m_model;
    QTimer m_typing;  ///< messages are looked through when nobody has typed for a moment
    QPointer<QWidget> m_focusBefore;
    std::function<QString(ConversationId)> m_titleOf;
};

}  // namespace lares::app
