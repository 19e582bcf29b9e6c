#pragma once

#include "app/chat/chat_controller.h"

#include <QWidget>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// The part of Settings about what was deleted: the newest of it, a way back for each, and a way to
/// end it before 30 days have passed, asked for twice. UI thread only.
class TrashSection : public QWidget {
    Q_OBJECT

public:
    TrashSection(const Appearance* appearance,
                 ChatController* controller,
                 QWidget* parent = nullptr);

    void look();  ///< shows what is there now

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showRows();
    void addRow(const TrashedConversation& trashed);
    void ask(ConversationId id);
    void restore(ConversationId id);
    void erase(const std::vector<ConversationId>& ids);
    [[nodiscard]] Button* makeButton(const QString& text, const QString& name, QWidget* parent);

    const Appearance* m_appearance;
    ChatController* m_controller;
    TextLabel* m_text;
    QVBoxLayout* m_rows;
    TextLabel* m_result;  ///< what failed
    Button* m_more;
    Button* m_deleteAll;
    Button* m_confirm;
    Button* m_keep;
    std::vector<TrashedConversation> m_trash;
    ConversationId m_asked = 0;  ///< whose end is asked about
    bool m_isWhole = false;      ///< all of it is listed
};

}  // namespace lares::app
