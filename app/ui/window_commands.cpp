#include "app/ui/window_commands.h"

#include <QCoreApplication>

#include <algorithm>

namespace lares::app {
namespace {

QString commandText(const char* text) {
    return QCoreApplication::translate("WindowCommands", text);
}

QList<QKeySequence> keySequences(std::initializer_list<const char*> texts) {
    QList<QKeySequence> keys;
    for (const char* text : texts) keys << QKeySequence(commandText(text));
    return keys;
}

}  // namespace

std::vector<WindowCommandInfo> windowCommands() {
    using Command = WindowCommand;
    const auto text = commandText;
    const auto keys = keySequences;
    return {
        {Command::NewConversation, text("New conversation"), keys({"Ctrl+N"})},
        {Command::NewTemporaryConversation,
         text("New temporary conversation"),
         keys({"Ctrl+Shift+N"}),
         {},
         text("private incognito unsaved secret")},
        {Command::NextConversation, text("Next conversation"), keys({"Ctrl+Tab"})},
        {Command::PreviousConversation, text("Previous conversation"), keys({"Ctrl+Shift+Tab"})},
        {Command::FindHere,
         text("Find in this conversation"),
         keys({"Ctrl+F"}),
         {},
         text("search here")},
        {Command::FindNext, text("Find the next place"), keys({"F3"})},
        {Command::FindPrevious, text("Find the previous place"), keys({"Shift+F3"})},
        {Command::FindEverywhere,
         text("Search titles and messages"),
         keys({"Ctrl+Shift+F"}),
         {},
         text("find everywhere")},
        {Command::Palette,
         text("All commands and conversations"),
         keys({"Ctrl+K"}),
         {},
         text("palette go to")},
        {Command::ToggleList,
         text("Hide or show the list"),
         keys({"Ctrl+B"}),
         {},
         text("sidebar conversations")},
        {Command::TogglePanel,
         text("Hide or show the panel on the right"),
         keys({"Ctrl+J"}),
         {},
         text("sidebar")},
        {Command::WriteMessage,
         text("To the message field"),
         keys({"Ctrl+L"}),
         {},
         text("write composer")},
        {Command::AttachFiles,
         text("Attach files…"),
         keys({"Ctrl+O"}),
         {},
         text("open add document text pdf")},
        {Command::EditLastMessage,
         text("Edit the last message"),
         {},
         text("Up, in an empty field")},
        {Command::StopAnswer, text("Stop the answer"), {}, text("Esc")},
        {Command::RegenerateAnswer,
         text("Answer once more"),
         {},
         {},
         text("regenerate again another version")},
        {Command::CopyLastAnswer, text("Copy the last answer"), keys({"Ctrl+Shift+C"})},
        {Command::UndoChanges,
         text("Undo what the last answer changed in files"),
         keys({"Ctrl+Alt+Z"}),
         {},
         text("take back")},
        {Command::AnswerQuestion,
         text("Allow or deny what is asked…"),
         {},
         {},
         text("permission question")},
        {Command::RenameConversation,
         text("Rename the conversation, or the folder in the list"),
         keys({"F2"}),
         {},
         text("title")},
        {Command::PinConversation, text("Pin or unpin the conversation")},
        {Command::ExportConversation,
         text("Export the conversation…"),
         {},
         {},
         text("save as file markdown html pdf text json")},
        {Command::PrintConversation,
         text("Print the conversation"),
         keys({"Ctrl+P"}),
         {},
         text("paper pdf")},
        {Command::DuplicateConversation,
         text("Duplicate the conversation"),
         {},
         {},
         text("copy clone")},
        {Command::DeleteConversation,
         text("Delete the conversation"),
         {},
         {},
         text("remove trash throw away close")},
        {Command::KeepConversation, text("Keep this temporary conversation"), {}, {}, text("save")},
        {Command::RememberThis,
         text("Remember this…"),
         {},
         {},
         text("note memory selection message keep")},
        {Command::UsePresentNotes,
         text("Use the present notes here"),
         {},
         {},
         text("memory remember read anew")},
        {Command::ToggleThinking, text("Turn thinking on or off"), {}, {}, text("reasoning")},
        {Command::ShowToolActivity, text("Tool activity"), {}, {}, text("panel calls")},
        {Command::ShowParameters,
         text("Persona and parameters"),
         {},
         {},
         text("panel temperature sampling")},
        {Command::ShowPrompt, text("What the model saw"), {}, {}, text("panel prompt")},
        {Command::LargerText,
         text("Larger text"),
         keys({"Ctrl++", "Ctrl+="}),
         {},
         text("zoom in font")},
        {Command::SmallerText, text("Smaller text"), keys({"Ctrl+-"}), {}, text("zoom out font")},
        {Command::UsualText,
         text("Text in its usual size"),
         keys({"Ctrl+0"}),
         {},
         text("zoom font")},
        {Command::ThemeSystem, text("Theme: as the system"), {}, {}, text("colours")},
        {Command::ThemeLight, text("Theme: light"), {}, {}, text("colours")},
        {Command::ThemeDark, text("Theme: dark"), {}, {}, text("colours")},
        {Command::ThemeHighContrast, text("Theme: high contrast"), {}, {}, text("colours")},
        {Command::ShowModels, text("Models"), {}, {}, text("download settings")},
        {Command::ChooseModelFile, text("Choose a model file…"), {}, {}, text("open load gguf")},
        {Command::LoadDemoModel, text("Use the demo model"), {}, {}, text("try load mini")},
        {Command::FreeMemory,
         text("Free the model's memory"),
         {},
         {},
         text("unload eject put away vram ram card")},
        {Command::BringModelBack, text("Load the model again"), {}, {}, text("memory now")},
        {Command::ShowPersonas, text("Personas"), {}, {}, text("edit import export")},
        {Command::ShowNotes,
         text("Memory"),
         {},
         {},
         text("notes remember forget what the assistant knows")},
        {Command::ShowSettings,
         text("Settings"),
         keys({"Ctrl+,"}),
         {},
         text("preferences options permissions grants import backup")},
        {Command::ShowKeys, text("All keys"), keys({"F1"}), {}, text("help shortcuts")},
    };
}

QString keysOf(const WindowCommandInfo& info) {
    return info.keys.isEmpty() ? info.keysThere
                               : info.keys.first().toString(QKeySequence::NativeText);
}

QString keysOf(WindowCommand command) {
    const std::vector<WindowCommandInfo> all = windowCommands();
    const auto info = std::find_if(all.begin(), all.end(),
                                   [command](const auto& one) { return one.command == command; });
    return info == all.end() ? QString() : keysOf(*info);
}

std::vector<KeyLine> otherKeys() {
    return {
        {commandText("Enter"), commandText("Send (Settings can make it Ctrl+Enter)")},
        {commandText("Shift+Enter"), commandText("New line")},
        {commandText("Esc"),
         commandText("Cancel editing; end finding; leave page, palette or panel")},
        {commandText("Any letter"), commandText("To the message field, with that letter")},
        {commandText("Left, Right in the list"), commandText("Fold, unfold a folder")},
        {commandText("Arrows, Delete in attachments"), commandText("Go along them, remove one")},
        {commandText("Y, A, N, W on a permission"),
         commandText("Allow once, for this conversation, deny, deny and say why")},
    };
}

}  // namespace lares::app
