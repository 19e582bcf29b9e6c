#include "app/ui/keys_page.h"

#include "app/ui/button.h"

#include <QGridLayout>

#include <utility>

namespace lares::app {

KeysPage::KeysPage(const Appearance* appearance, QWidget* parent)
    : Page(appearance, tr("Keys"), parent) {
    addText(TextLabel::Kind::Title, tr("Keys"));
    addSpace(12);
    const std::pair<QString, QString> keys[] = {
        {tr("Ctrl+N"), tr("New conversation")},
        {tr("Ctrl+Tab, Ctrl+Shift+Tab"), tr("Next, previous conversation")},
        {tr("Ctrl+Shift+F"), tr("Search titles and messages")},
        {tr("Ctrl+B"), tr("Hide or show the list")},
        {tr("Ctrl+J"), tr("Hide or show the panel on the right")},
        {tr("F2"), tr("Rename the conversation, or the folder in the list")},
        {tr("Left, Right in the list"), tr("Fold, unfold a folder")},
        {tr("Enter"), tr("Send (Settings can make it Ctrl+Enter)")},
        {tr("Shift+Enter"), tr("New line")},
        {tr("Esc"), tr("Stop the answer; cancel editing; leave page or panel")},
        {tr("Up, in an empty field"), tr("Edit the last message")},
        {tr("Ctrl+L, or just type"), tr("To the message field")},
        {tr("Ctrl+O"), tr("Attach text files; in their row: arrows, Delete")},
        {tr("Ctrl+Shift+C"), tr("Copy the last answer")},
        {tr("Ctrl+Alt+Z"), tr("Undo what the last answer changed in files")},
        {tr("Y, A, N, W on a permission"),
         tr("Allow once, for this conversation, deny, deny and say why")},
        {tr("Ctrl +, Ctrl −, Ctrl 0"), tr("Size of the text")},
        {tr("Ctrl+,"), tr("Settings")},
        {tr("F1"), tr("This page")}};
    auto* table = new QWidget(column());
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 3);
    int line = 0;
    for (const auto& [key, meaning] : keys) {
        grid->addWidget(new TextLabel(appearance, TextLabel::Kind::Note, key, table), line, 0);
        grid->addWidget(new TextLabel(appearance, TextLabel::Kind::Secondary, meaning, table),
                        line++, 1);
    }
    addWidget(table);
    addSpace(16);
    auto* back =
        new Button(appearance, Button::Kind::Plain, tr("Back to the conversation"), column());
    back->setKeyHint(tr("Esc"));
    connect(back, &Button::clicked, this, &KeysPage::closeRequested);
    addRow({back});
}

}  // namespace lares::app
