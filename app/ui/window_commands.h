#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

#include <vector>

namespace lares::app {

/// Everything that the window does for the user. This one list is what shortcuts, the palette and
/// the page of keys are made from; menus and tool tips take their keys from it.
enum class WindowCommand {
    NewConversation,
    NewTemporaryConversation,
    NextConversation,
    PreviousConversation,
    FindHere,
    FindNext,
    FindPrevious,
    FindEverywhere,
    Palette,
    ToggleList,
    TogglePanel,
    WriteMessage,
    AttachFiles,
    EditLastMessage,
    StopAnswer,
    RegenerateAnswer,
    CopyLastAnswer,
    UndoChanges,
    AnswerQuestion,
    RenameConversation,
    PinConversation,
    ExportConversation,
    PrintConversation,
    DuplicateConversation,
    DeleteConversation,
    KeepConversation,
    RememberThis,
    UsePresentNotes,
    ToggleThinking,
    ShowToolActivity,
    ShowParameters,
    ShowPrompt,
    LargerText,
    SmallerText,
    UsualText,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    ThemeHighContrast,
    ShowModels,
    ChooseModelFile,
    LoadDemoModel,
    FreeMemory,
    BringModelBack,
    ShowPersonas,
    ShowNotes,
    ShowSettings,
    ShowKeys,
};
inline constexpr int kWindowCommands = static_cast<int>(WindowCommand::ShowKeys) + 1;

struct WindowCommandInfo {
    WindowCommand command = WindowCommand::NewConversation;
    QString name;
    QList<QKeySequence> keys = {};  ///< anywhere in the window; the first is the one that is shown
    /// Keys that do it in one place only, where that place takes them itself.
    QString keysThere = {};
    QString words = {};  ///< other words under which the palette finds it
};
/// In the order in which they are shown; each one once.
[[nodiscard]] std::vector<WindowCommandInfo> windowCommands();

/// "Ctrl+N"; empty: it has none.
[[nodiscard]] QString keysOf(const WindowCommandInfo& info);
[[nodiscard]] QString keysOf(WindowCommand command);

/// Keys that are no command's: those of a field, of a question.
struct KeyLine {
    QString keys;
    QString meaning;
};
[[nodiscard]] std::vector<KeyLine> otherKeys();

}  // namespace lares::app
