#pragma once

#include "app/chat/chat_controller.h"
#include "app/chat/persona_drafts.h"
#include "app/ui/editor_page.h"

#include <QMap>
#include <QPointer>

#include <functional>

class QFileDialog;
class QMimeData;

namespace lares::app {

class PersonaEditor;
class PersonaRow;

/// Who can answer: the personas, and one of them in the editor, which takes the list's place. What
/// is being written stays there while the page is left and comes back with it; what was left
/// without saving is kept as a draft. Files can be dropped on the list. UI thread only.
class PersonasPage : public EditorPage {
    Q_OBJECT

public:
    PersonasPage(const Appearance* appearance,
                 ChatController* controller,
                 QWidget* parent = nullptr);

    void focusFirst();  ///< where the user was: in the editor, or at the top of the list
    void edit(const QString& id);
    void editNew();
    void importFile(const QString& path);
    void flushDraft();  ///< before the window is gone
    [[nodiscard]] PersonaEditor* editor() const { return m_editor; }

signals:
    void noted(const QString& note);
    void undoOffered(const QString& note, const std::function<void()>& undo);
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildList();
    void showRows();
    void addRow(const Persona& persona);
    void chainTabs();
    void focusRow(const QString& id);
    void beginEditing(const Persona& persona, const std::optional<Persona>& draft);
    void endEditing();
    void leaveEditor();
    void keepDraft();
    void discardDraft(const Persona& draft);
    void save(const Persona& persona);
    void takeMade(const Result<Persona>& made, const QString& note);
    void chooseImport();
    void chooseExport(const QString& id, PersonaFormat format);
    void takeImported(const Result<ImportedPersona>& made);
    QFileDialog* makeDialog(const QString& title, const QString& files);
    [[nodiscard]] QStringList filesIn(const QMimeData* dropped) const;
    [[nodiscard]] const Persona* find(const QString& id) const;

    ChatController* m_controller;
    PersonaDrafts m_drafts;
    PersonaEditor* m_editor;
    Button* m_new = nullptr;
    Button* m_import = nullptr;
    Button* m_back = nullptr;
    std::vector<PersonaRow*> m_rows;
    QMap<QString, QString>
        m_notices;  ///< what an import left out, by persona; until the page is left
    bool m_areNoticesOld = false;
    QPointer<QFileDialog> m_dialog;
};

}  // namespace lares::app
