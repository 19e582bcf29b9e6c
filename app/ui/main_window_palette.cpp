// The part of the window that fills its palette.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/main_window.h"
#include "app/ui/palette.h"

#include <algorithm>

namespace lares::app {

std::vector<PaletteEntry> MainWindow::paletteCommands() {
    std::vector<PaletteEntry> entries;
    for (const WindowCommandInfo& info : windowCommands()) {
        if (!canRun(info.command)) continue;
        PaletteEntry entry;
        entry.title = info.name;
        entry.words = info.words;
        entry.keys = keysOf(info);
        entry.run = [this, command = info.command] { run(command); };
        entries.push_back(std::move(entry));
    }
    for (const Persona& persona : m_controller->personas()) {
        if (persona.id == m_controller->persona().id) continue;
        PaletteEntry entry;
        entry.title = tr("Persona: %1").arg(persona.name);
        entry.words = tr("switch to answer as");
        entry.run = [this, id = persona.id] { m_controller->setPersona(id); };
        entries.push_back(std::move(entry));
    }
    return entries;
}

/// All but the shown one, those used last first.
std::vector<PaletteEntry> MainWindow::paletteConversations() {
    const ConversationListModel& list = *m_controller->conversations();
    std::vector<int> rows;
    for (int row = 0; row < list.rowCount(); ++row) {
        if (list.at(row).id != m_controller->conversation()->info().id) rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](int a, int b) { return list.at(a).updatedAt > list.at(b).updatedAt; });
    std::vector<PaletteEntry> entries;
    for (const int row : rows) {
        PaletteEntry entry;
        const QString title = list.index(row).data().toString();
        entry.title = list.at(row).isTemporary ? tr("%1 (temporary)").arg(title) : title;
        entry.run = [this, id = list.at(row).id] { open(id); };
        entries.push_back(std::move(entry));
    }
    return entries;
}

void MainWindow::openPalette() {
    if (m_palette->isVisible()) return m_palette->dismiss();
    m_palette->open(paletteCommands(), paletteConversations(), [this](ConversationId id) {
        const ConversationListModel& list = *m_controller->conversations();
        const int row = list.rowOf(id);
        return row < 0 ? QString() : list.index(row).data().toString();
    });
}

}  // namespace lares::app
