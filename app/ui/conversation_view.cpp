#include "app/ui/conversation_view.h"

#include "app/ui/conversation_delegate.h"
#include "app/ui/conversation_rows.h"

#include <QDrag>
#include <QDropEvent>
#include <QKeyEvent>
#include <QMimeData>

namespace lares::app {

ConversationView::ConversationView(ConversationRows* rows,
                                   ConversationDelegate* delegate,
                                   QWidget* parent)
    : QListView(parent), m_rows(rows), m_delegate(delegate) {
    setModel(rows);
    setItemDelegate(delegate);
    setAccessibleName(tr("Conversations"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QListView::ScrollPerPixel);
    setEditTriggers(QListView::EditKeyPressed);
    setResizeMode(QListView::Adjust);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    viewport()->setAutoFillBackground(false);
    setDragDropMode(QListView::DragDrop);
    setDragDropOverwriteMode(true);  // onto rows, never between them
    setDropIndicatorShown(false);    // the delegate paints the folder
    connect(this, &QListView::clicked, this, &ConversationView::opened);
}

bool ConversationView::fold() {
    const QString folder = m_rows->folderAt(currentIndex());
    if (folder.isEmpty()) return false;
    if (currentIndex().data(ConversationRows::IsFolderRole).toBool())
        m_rows->setFolded(folder, true);
    else
        setCurrentIndex(m_rows->index(m_rows->rowOf(folder)));
    return true;
}

bool ConversationView::unfold() {
    if (!currentIndex().data(ConversationRows::IsFolderRole).toBool()) return false;
    if (currentIndex().data(ConversationRows::IsFoldedRole).toBool())
        m_rows->setFolded(m_rows->folderAt(currentIndex()), false);
    else
        setCurrentIndex(currentIndex().siblingAtRow(currentIndex().row() + 1));
    return true;
}

void ConversationView::keyPressEvent(QKeyEvent* event) {
    // The editor lets go of Return when it has taken it.
    if (state() == EditingState) return QListView::keyPressEvent(event);
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            emit opened(currentIndex());
            return;
        case Qt::Key_Left:
        case Qt::Key_Right:
            if (event->modifiers() == Qt::NoModifier &&
                (event->key() == Qt::Key_Left ? fold() : unfold()))
                return;
            break;
        default:
            break;
    }
    QListView::keyPressEvent(event);
}

/// Not the base's: that would take the row out of the model after the drop.
void ConversationView::startDrag(Qt::DropActions actions) {
    const QModelIndex index = currentIndex();
    QMimeData* dragged = m_rows->mimeData({index});
    if (dragged == nullptr) return;
    auto* drag = new QDrag(this);
    drag->setMimeData(dragged);
    const QRect row = m_delegate->rowRect(visualRect(index), index);
    drag->setPixmap(viewport()->grab(row));
    drag->setHotSpot(QPoint(16, row.height() / 2));
    drag->exec(actions);
    setTarget({});
}

void ConversationView::setTarget(const QString& folder) {
    m_delegate->setTarget(folder);
    viewport()->update();
}

void ConversationView::dragMoveEvent(QDragMoveEvent* event) {
    QListView::dragMoveEvent(event);
    setTarget(event->isAccepted() ? m_rows->folderAt(indexAt(event->position().toPoint()))
                                  : QString());
}

void ConversationView::dragLeaveEvent(QDragLeaveEvent* event) {
    QListView::dragLeaveEvent(event);
    setTarget({});
}

void ConversationView::dropEvent(QDropEvent* event) {
    const QModelIndex onto = indexAt(event->position().toPoint());
    if (m_rows->dropMimeData(event->mimeData(), Qt::MoveAction, -1, -1, onto))
        event->acceptProposedAction();
    setState(NoState);
    stopAutoScroll();
    setTarget({});
}

}  // namespace lares::app
