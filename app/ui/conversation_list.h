#pragma once

#include "app/chat/chat_message.h"

#include <QListView>
#include <QSet>
#include <QTimer>
#include <QWidget>

class QLabel;
class QMenu;

namespace lares::app {

class Appearance;
class Button;
class ConversationDelegate;
class ConversationListModel;
class ConversationRows;
class ConversationView;
class MessageFinder;
class SearchField;

/// The left column: search, a new conversation, folders and conversations by group, and the pages
/// below.
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
    /// Among those that the list shows now. 0: there is none.
    [[nodiscard]] ConversationId neighbourOfShown(int step) const;
    void setFolded(const QSet<QString>& folders);
    [[nodiscard]] const QSet<QString>& folded() const;

    [[nodiscard]] QListView* view() const;
    [[nodiscard]] ConversationRows* rows() const { return m_rows; }

signals:
    void openRequested(lares::app::ConversationId id);
    void messageRequested(lares::app::ConversationId id,
                          lares::app::MessageId message,
                          const QString& words);
    void newRequested();
    void newTemporaryRequested();
    void keepRequested(lares::app::ConversationId id);
    void renameRequested(lares::app::ConversationId id, const QString& title);
    void pinRequested(lares::app::ConversationId id, bool isPinned);
    void exportRequested(lares::app::ConversationId id);
    void printRequested(lares::app::ConversationId id);
    void duplicateRequested(lares::app::ConversationId id);
    void deleteRequested(lares::app::ConversationId id);
    void newInFolderRequested(const QString& folder);
    void moveRequested(lares::app::ConversationId id, const QString& folder);
    void folderRenameRequested(const QString& from, const QString& to);
    void folderDeleteRequested(const QString& folder);
    void foldedChanged();
    void modelsRequested();
    void settingsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void layOut();
    void applyTheme();
    void showEmptyNote();
    void search();
    void openIndex(const QModelIndex& index);
    // conversation_list_menu.cpp
    void showMenu(const QPoint& at);
    void fillMenu(QMenu* menu, ConversationId id);
    void fillFolderMenu(QMenu* menu, const QString& folder);
    void addFolders(QMenu* menu, ConversationId id);
    void edit(int row);

    const Appearance* m_appearance;
    ConversationListModel* m_model;
    MessageFinder* m_finder;
    QTimer m_typing;  ///< a search begins when nobody has typed for a moment
    QTimer m_layout;  ///< many changes of rows are one layout
    ConversationRows* m_rows;
    ConversationDelegate* m_delegate;
    SearchField* m_search;
    Button* m_new;
    Button* m_newTemporary;
    ConversationView* m_view;
    QLabel* m_empty;
    Button* m_models;
    Button* m_settings;
    ConversationId m_shown = 0;
};

}  // namespace lares::app
