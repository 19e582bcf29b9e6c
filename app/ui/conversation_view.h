#pragma once

#include <QListView>

namespace lares::app {

class ConversationDelegate;
class ConversationRows;

/// The rows of the list on the screen: folders fold with Left and Right, and conversations are
/// dragged onto folders and out of them. UI thread only.
class ConversationView : public QListView {
    Q_OBJECT

public:
    ConversationView(ConversationRows* rows,
                     ConversationDelegate* delegate,
                     QWidget* parent = nullptr);

signals:
    void opened(const QModelIndex& index);  ///< by a click or Return

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void startDrag(Qt::DropActions actions) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    bool fold();    ///< Left: folds the folder, or goes to the one that the row is in
    bool unfold();  ///< Right: unfolds it, or goes to the first row in it
    void setTarget(const QString& folder);

    ConversationRows* m_rows;
    ConversationDelegate* m_delegate;
};

}  // namespace lares::app
