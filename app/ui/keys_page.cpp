#include "app/ui/keys_page.h"

#include "app/ui/button.h"
#include "app/ui/window_commands.h"

#include <QGridLayout>

#include <utility>

namespace lares::app {

KeysPage::KeysPage(const Appearance* appearance, QWidget* parent)
    : Page(appearance, tr("Keys"), parent) {
    addText(TextLabel::Kind::Title, tr("Keys"));
    addSpace(12);
    std::vector<KeyLine> lines;
    for (const WindowCommandInfo& command : windowCommands()) {
        if (const QString keys = keysOf(command); !keys.isEmpty())
            lines.push_back({keys, command.name});
    }
    for (KeyLine& line : otherKeys()) lines.push_back(std::move(line));
    auto* table = new QWidget(column());
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 3);
    int line = 0;
    for (const auto& [key, meaning] : lines) {
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
