#include "app/ui/editor_page.h"

#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"

#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

namespace lares::app {

EditorPage::EditorPage(const Appearance* appearance, const QString& name, QWidget* parent)
    : Page(appearance, name, parent)
    , m_list(new QWidget(column()))
    , m_listLayout(new QVBoxLayout(m_list))
    , m_rows(new QVBoxLayout) {
    m_listLayout->setContentsMargins(0, 0, 0, 0);
    m_listLayout->setSpacing(8);
    addWidget(m_list);
    addToList(TextLabel::Kind::Title, name);
}

void EditorPage::setEditor(QWidget* editor) {
    m_editor = editor;
    addWidget(editor);
    editor->hide();
}

TextLabel* EditorPage::addToList(TextLabel::Kind kind, const QString& text) {
    auto* label = new TextLabel(appearance(), kind, text, m_list);
    label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_listLayout->addWidget(label);
    return label;
}

Button* EditorPage::addRowsAndBack() {
    m_rows->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_rows->setSpacing(8);
    m_listLayout->addLayout(m_rows);
    m_listLayout->addSpacing(12);
    auto* back =
        new Button(appearance(), Button::Kind::Plain, tr("Back to the conversation"), m_list);
    back->setKeyHint(tr("Esc"));
    m_listLayout->addWidget(makeFlowRow(m_list, 4, {back}));
    return back;
}

int EditorPage::focusedRow() const {
    for (int i = 0; i < m_rows->count(); ++i) {
        const QWidget* row = m_rows->itemAt(i)->widget();
        if (row->isAncestorOf(row->window()->focusWidget())) return i;
    }
    return -1;
}

void EditorPage::clearRows() {
    clearLayout(m_rows);
}

void EditorPage::placeRow(QWidget* row) {
    m_rows->addWidget(row);
    row->show();
}

void EditorPage::focusOn(QWidget* row, QWidget* button) {
    button->setFocus(Qt::OtherFocusReason);
    QTimer::singleShot(0, row, [this, row] { ensureWidgetVisible(row, 0, 16); });
}

void EditorPage::showEditor() {
    m_editor->show();
    m_list->hide();
    verticalScrollBar()->setValue(0);
}

void EditorPage::showList() {
    m_list->show();
    m_editor->hide();
    verticalScrollBar()->setValue(0);
}

}  // namespace lares::app
