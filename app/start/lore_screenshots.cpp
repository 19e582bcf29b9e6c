#include "app/start/lore_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/start/wait_until.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/lore_form.h"
#include "app/ui/main_window.h"
#include "app/ui/persona_editor.h"
#include "app/ui/persona_lore.h"
#include "app/ui/personas_page.h"

#include <QCoreApplication>

namespace lares::app {
namespace {

Persona keeperOfThePier() {
    Persona keeper;
    keeper.name = "Keeper of the pier";
    keeper.system = "You are the keeper of an old pier by a grey sea.";
    LoreEntry town{"The town", {}, {}, "The town is called Marrow. It has 900 people.", true, true};
    LoreEntry sea{"The Sea",
                  {"sea", "waves"},
                  {},
                  "The sea rises twice a day, and never by the "
                  "same hour. Nobody swims behind the third post."};
    LoreEntry gulls{"Gulls",
                    {"gull", "gulls"},
                    {"pier"},
                    "The gulls of the pier are called by name: Otto, Ida and the Admiral."};
    LoreEntry storm{
        "The storm of 1962", {"storm"}, {}, "It took the lamp and half of the rail.", false};
    keeper.lore.entries = {town, sea, gulls, storm};
    return keeper;
}

}  // namespace

bool takeLoreScreenshots(MainWindow& window,
                         ChatController& controller,
                         const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    const auto made = controller.savePersona(keeperOfThePier());
    waitUntil([&] { return made.isFinished(); });
    if (!made.result()) return false;
    const QString id = made.result()->id;
    PersonasPage& page = *window.personasPage();
    PersonaLore& lore = *page.editor()->lore();
    const auto show = [&](QWidget& widget) {
        QCoreApplication::processEvents();
        page.ensureWidgetVisible(&widget, 0, 32);
    };
    window.showPersonas();
    page.edit(id);
    lore.setUnfolded(true);
    show(lore);
    isSaved &= save("lore-entries");
    lore.edit(2);
    show(*lore.form());
    isSaved &= save("lore-entry");
    lore.add();
    show(*lore.form());
    isSaved &= save("lore-new");
    lore.endEditing();
    page.editor()->leave();

    window.showChat();
    controller.newConversation();
    controller.setPersona(id);
    controller.send("Which gulls sit on the pier, and how is the sea today?");
    const ConversationModel& conversation = *controller.conversation();
    waitUntil([&] { return conversation.rowCount() >= 2 && !controller.isAnswering(); });
    isSaved &= save("lore-sent");
    TranscriptView& transcript = *window.chatPage()->transcript();
    for (const TranscriptTarget& target : transcript.targets(0)) {
        if (target.kind == TranscriptTarget::Kind::Attachment) transcript.activate(target);
    }
    isSaved &= save("lore-open");
    controller.setSetting("fontScale", 2.0);
    isSaved &= save("lore-open-large");
    controller.setSetting("fontScale", 1.0);
    controller.removePersona(id);
    waitUntil([&] { return controller.persona().id != id; });
    return isSaved;
}

}  // namespace lares::app
