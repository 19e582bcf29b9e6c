#pragma once

#include "app/ui/page.h"
#include "app/ui/text_label.h"

namespace lares::app {

class Button;

/// A page with a list of things, and an editor of one of them that takes the list's place. Base of
/// personas and memory. UI thread only.
class EditorPage : public Page {
    Q_OBJECT

protected:
    EditorPage(const Appearance* appearance, const QString& name, QWidget* parent);

    void setEditor(QWidget* editor);  ///< hidden at first; once
    [[nodiscard]] QWidget* list() const { return m_list; }
    [[nodiscard]] QVBoxLayout* listLayout() const { return m_listLayout; }
    TextLabel* addToList(TextLabel::Kind kind, const QString& text);
    /// The end of the list: the rows, and behind them the way back to the conversation.
    Button* addRowsAndBack();

    /// Rows are made anew where anything of them changes: who had the focus gets it again.
    [[nodiscard]] int focusedRow() const;  ///< -1: none
    void clearRows();
    void placeRow(QWidget* row);
    void focusOn(QWidget* row, QWidget* button);

    [[nodiscard]] bool isListShown() const { return m_list->isVisible(); }
    void showEditor();
    void showList();

private:
    QWidget* m_list;
    QVBoxLayout* m_listLayout;
    QVBoxLayout* m_rows;
    QWidget* m_editor = nullptr;
};

}  // namespace lares::app
