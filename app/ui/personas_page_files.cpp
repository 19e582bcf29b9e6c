// The part of the page that reads and writes files.
#include "app/export/export_format.h"
#include "app/ui/persona_row.h"
#include "app/ui/personas_page.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeData>
#include <QTimer>
#include <QUrl>

namespace lares::app {
namespace {

constexpr qsizetype kMostDropped = 20;  // more is a folder taken by mistake

QString fileNameFor(const Persona& persona, PersonaFormat format) {
    return safeFileName(persona.name, QStringLiteral("persona")) +
           (format == PersonaFormat::CharacterCard ? ".card.json" : ".json");
}

bool canBeImported(const QString& path) {
    const QString kind = QFileInfo(path).suffix().toLower();
    return kind == "json" || kind == "png";
}

}  // namespace

QFileDialog* PersonasPage::makeDialog(const QString& title, const QString& files) {
    m_dialog = new QFileDialog(this, title, QDir::homePath(), files);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    return m_dialog;
}

void PersonasPage::chooseImport() {
    if (m_dialog) return m_dialog->raise();
    QFileDialog* dialog = makeDialog(tr("Import a persona or a character card"),
                                     tr("Personas and character cards (*.json *.png)"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PersonasPage::importFile);
    dialog->open();
}

void PersonasPage::importFile(const QString& path) {
    m_controller->importPersona(path).then(
        this, [this](const Result<ImportedPersona>& made) { takeImported(made); });
}

void PersonasPage::takeImported(const Result<ImportedPersona>& made) {
    if (!made) return;  // the controller says why
    const Persona& persona = made->persona;
    if (made->leftOut.isEmpty()) return takeMade(persona, tr("Imported “%1”"));
    m_notices[persona.id] = tr("Left out: %1.").arg(made->leftOut.join("; "));
    showRows();
    takeMade(persona, tr("Imported “%1”; what was left out stands below it"));
}

void PersonasPage::chooseExport(const QString& id, PersonaFormat format) {
    const Persona* persona = find(id);
    if (m_dialog || persona == nullptr) return;
    QFileDialog* dialog =
        makeDialog(tr("Export “%1”").arg(persona->name), format == PersonaFormat::CharacterCard
                                                             ? tr("Character cards (*.json)")
                                                             : tr("Personas (*.json)"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix("json");
    dialog->selectFile(fileNameFor(*persona, format));
    connect(dialog, &QFileDialog::fileSelected, this, [this, id, format](const QString& path) {
        m_controller->exportPersona(id, path, format)
            .then(this, [this, path](const Result<void>& written) {
                if (written) emit noted(tr("Written to %1").arg(QDir::toNativeSeparators(path)));
            });
    });
    dialog->open();
}

/// Files of this machine that may be personas, where the list can take them.
QStringList PersonasPage::filesIn(const QMimeData* dropped) const {
    QStringList files;
    if (list()->isHidden()) return files;
    for (const QUrl& url : dropped->urls()) {
        if (url.isLocalFile() && canBeImported(url.toLocalFile())) files << url.toLocalFile();
    }
    return files.size() > kMostDropped ? QStringList() : files;
}

void PersonasPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!filesIn(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void PersonasPage::dropEvent(QDropEvent* event) {
    const QStringList files = filesIn(event->mimeData());
    if (files.isEmpty()) return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    for (const QString& file : files) importFile(file);
}

}  // namespace lares::app
