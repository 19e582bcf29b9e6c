#pragma once

#include "app/chat/chat_message.h"

#include <QListView>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace lares::app {

class Appearance;
class Button;
class ConversationDelegate;
class ConversationFilter;
class ConversationListModel;
class MessageFinder;
class SearchField;

/// The left column: search, a new conversation, the conversations by group, and the pages below.
/// Decides nothing: every wish is a signal. UI thread only.
class ConversationList : public QWidget {
    Q_OBJECT

public:
    ConversationList(const Appearance* appearance,
                     ConversationListModel* model,
                     MessageFinder* finder,
                     QWidget* parent = nullptr);

    void setShown(ConversationId id);
    bool renameFocused();  ///< false: no row has the focus
    void focusSearch();
    [[nodiscard]] ConversationId neighbourOfShown(int step) const;  ///< 0: there is none

    [[nodiscard]] QListView* view() const { return m_view; }

signals:
    void openRequested(lares::app::ConversationId id);
    void messageRequested(lares::app::ConversationId id,
                          lares::app::MessageId message,
                          const QString& words);
    void newRequested();
    void renameRequested(lares::app::ConversationId id, const QString& title);
    void pinRequested(lares::app::ConversationId id, bool isPinned);
    void deleteRequested(lares::app::ConversationId id);
    void modelsRequested();
    void settingsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layOut();
    void applyTheme();
    void showEmptyNote();
    void search();
    void openIndex(const QModelIndex& index);
    void showMenu(const QPoint& at);

    const Appearance* m_appearance;
    ConversationListModel* m_model;
    MessageFinder* m_finder;
    QTimer m_typing;  ///< a search begins when nobody has typed for a moment
    ConversationFilter* m_filter;
    ConversationDelegate* m_delegate;
    SearchField* m_search;
    Button* m_new;
    QListView* m_view;
    QLabel* m_empty;
    Button* m_models;
    Button* m_settings;
    ConversationId m_shown = 0;
};

}  // namespace lares::app
