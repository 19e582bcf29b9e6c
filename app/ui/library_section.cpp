#include "app/ui/library_section.h"

#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/library_row.h"
#include "app/ui/page.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"
#include "tools/builtin/tool_text.h"

#include <QDir>
#include <QFileDialog>
#include <QVBoxLayout>

namespace lares::app {

LibrarySection::LibrarySection(const Appearance* appearance,
                               DocumentLibrary* library,
                               QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_library(library)
    , m_size(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_add(new Button(appearance, Button::Kind::Plain, tr("Add a folder…"), this))
    , m_update(new Button(appearance, Button::Kind::Plain, tr("Update now"), this))
    , m_stop(new Button(appearance, Button::Kind::Plain, tr("Stop reading"), this))
    , m_result(new TextLabel(appearance, TextLabel::Kind::Note, {}, this)) {
    auto* text = new TextLabel(
        appearance, TextLabel::Kind::Secondary,
        library->isKept()
            ? tr("Folders whose texts and documents the assistant can search, in every "
                 "conversation and without asking. They are read once, while nothing else needs "
                 "the computer, into an index that stays here. Removing a folder takes its text "
                 "out of the index; your files stay as they are.")
            : tr("Nothing is kept in this session, so there is no document library."),
        this);
    m_add->setAccessibleName(tr("Add a folder to the document library"));
    m_update->setAccessibleName(tr("Update the document library now"));
    m_stop->setAccessibleName(tr("Stop reading documents"));
    auto* list = new QWidget(this);
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(8);
    QWidget* choices = makeFlowRow(this, 2, {m_add, m_update, m_stop});
    choices->setVisible(library->isKept());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    for (QWidget* widget : {static_cast<QWidget*>(text), list, static_cast<QWidget*>(m_size),
                            choices, static_cast<QWidget*>(m_result)})
        layout->addWidget(widget);
    for (TextLabel* label : {text, m_size, m_result})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    say({});
    connect(m_add, &Button::clicked, this, &LibrarySection::chooseFolder);
    connect(m_update, &Button::clicked, library, [library] { library->update(); });
    connect(m_stop, &Button::clicked, library, &DocumentLibrary::stop);
    connect(library, &DocumentLibrary::changed, this, &LibrarySection::showFolders);
    connect(library, &DocumentLibrary::progressed, this, &LibrarySection::showProgress);
    showFolders();
}

void LibrarySection::showFolders() {
    // The buttons are new ones: whoever was at one of them stays there.
    QString focused;
    for (const Button* button : findChildren<Button*>())
        if (button->hasFocus()) focused = button->accessibleName();
    clearLayout(m_list);
    for (const DocumentLibrary::Folder& folder : m_library->folders()) {
        const QString path = QString::fromStdString(folder.facts.path);
        auto* row = new LibraryRow(m_appearance, folder, m_unfolded.contains(path), this);
        connect(row, &LibraryRow::removeRequested, this,
                [this](const QString& removed) { follow(m_library->remove(removed)); });
        connect(row, &LibraryRow::unfoldRequested, this,
                [this](const QString& shown, bool isUnfolded) {
                    if (isUnfolded) {
                        m_unfolded.insert(shown);
                    } else {
                        m_unfolded.remove(shown);
                    }
                    showFolders();
                });
        m_list->addWidget(row);
    }
    const bool hasFolders = !m_library->folders().empty();
    m_size->setVisible(hasFolders);
    m_size->setText(
        tr("The index takes %1.").arg(QString::fromStdString(size_text(m_library->sizeBytes()))));
    m_update->setVisible(hasFolders && !m_library->isBusy());
    m_stop->setVisible(hasFolders && m_library->isBusy() && !m_library->isStopped());
    if (!m_library->problem().isEmpty()) say(m_library->problem());
    showProgress();
    // "Stop" and "Update" take each other's place, also under the keys.
    if (focused == m_stop->accessibleName() && !m_stop->isVisibleTo(this))
        focused = m_update->accessibleName();
    for (Button* button : findChildren<Button*>())
        if (!focused.isEmpty() && button->accessibleName() == focused && !button->hasFocus())
            button->setFocus(Qt::OtherFocusReason);
}

void LibrarySection::showProgress() {
    const auto& reading = m_library->reading();
    for (int i = 0; i < m_list->count(); ++i) {
        auto* row = qobject_cast<LibraryRow*>(m_list->itemAt(i)->widget());
        if (!row) continue;
        const bool isIt = reading && reading->folder == row->path();
        row->setReading(isIt ? std::optional(reading->progress) : std::nullopt);
    }
}

void LibrarySection::chooseFolder() {
    auto* dialog =
        new QFileDialog(this, tr("Add a folder to the document library"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &LibrarySection::add);
    dialog->open();
}

void LibrarySection::add(const QString& path) {
    follow(m_library->add(path));
}

void LibrarySection::follow(DocumentLibrary::Reply reply) {
    say({});
    reply.then(this, [this](const Result<void>& result) {
        if (!result) say(QString::fromStdString(result.error().message));
    });
}

void LibrarySection::say(const QString& sentence) {
    m_result->setText(sentence);
    m_result->setVisible(!sentence.isEmpty());
}

}  // namespace lares::app
