#pragma once

#include "app/chat/chat_controller.h"
#include "app/ui/page.h"

#include <QPointer>

class QFileDialog;

namespace lares::app {

class PersonaEditor;
class PersonaRow;

/// Who can answer: the personas, and one of them in the editor, which takes the list's place. What
/// is being written stays there while the page is left and comes back with it. UI thread only.
class PersonasPage : public Page {
    Q_OBJECT

public:
    PersonasPage(const Appearance* appearance,
                 ChatController* controller,
                 QWidget* parent = nullptr);

    void focusFirst();  ///< where the user was: in the editor, or at the top of the list
    void edit(const QString& id);
    void editNew();
    [[nodiscard]] PersonaEditor* editor() const { return m_editor; }

signals:
    void noted(const QString& note);
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildList();
    void showRows();
    void addRow(const Persona& persona);
    void chainTabs();
    void focusRow(const QString& id);
    void beginEditing(const Persona& persona, const QString& heading);
    void endEditing();
    void save(const Persona& persona);
    void takeMade(const Result<Persona>& made, const QString& note);
    void chooseImport();
    void chooseExport(const QString& id);
    QFileDialog* makeDialog(const QString& title);
    [[nodiscard]] const Persona* find(const QString& id) const;

    ChatController* m_controller;
    QWidget* m_list;
    PersonaEditor* m_editor;
    Button* m_new = nullptr;
    Button* m_import = nullptr;
    Button* m_back = nullptr;
    QVBoxLayout* m_rowsLayout = nullptr;
    std::vector<PersonaRow*> m_rows;
    QPointer<QFileDialog> m_dialog;
};

}  // namespace lares::app
