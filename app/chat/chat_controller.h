#pragma once

#include "app/chat/attachment.h"
#include "app/chat/chat_message.h"
#include "app/chat/note_draft.h"
#include "app/chat/note_text.h"
#include "app/chat/prompt_readings.h"
#include "app/engine_bridge/token_source.h"
#include "app/export/export_format.h"
#include "app/export/import_report.h"
#include "app/models/model_download.h"
#include "app/personas/persona_file.h"
#include "engine/base/result.h"

#include <QDateTime>
#include <QFuture>
#include <QObject>
#include <QString>
#include <QStringList>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace lares {
class CommandSandbox;
}

namespace lares {
struct McpServerConfig;
struct ServerInfo;
}  // namespace lares

namespace lares::app {

class ConversationListModel;
class ConversationModel;
class ConversationStore;
class DocumentLibrary;
class MessageFinder;
class NoteBook;
class TokenSource;

/// One change of a plan, as the card shows it: real paths, escaped for display.
struct QuestionChange {
    enum class Kind { MakeFolder, Move, Write };
    Kind kind = Kind::Move;
    QString before;  ///< Move: what is moved
    QString after;   ///< what will be there
    QString note;    ///< "replaces 4.1 kB by 23 B"

    /// A line of the text that Write changes.
    struct Line {
        enum class Kind { Same, Removed, Added, Gap };
        Kind kind = Kind::Same;
        QString text;
    };
    std::vector<Line> lines = {};  ///< what changes and two lines around it; none: not known
    qsizetype nLeftOut = 0;        ///< lines after those
};

/// A note that the model wants kept.
struct ProposedNote {
    QString text;       ///< what hides in it written out; as the user has made it so far
    QString personaId;  ///< who answers
    QString personaName;
    bool isForAll = true;  ///< every persona would read it, or else this one
    QString origin;        ///< a sentence: what was read before it in the conversation

    bool operator==(const ProposedNote&) const = default;
};

/// What one or more waiting calls ask the user. Made by the broker, never from the model's prose.
struct PermissionQuestion {
    MessageId message = 0;
    int part = 0;    ///< index of the first ToolCall in that message
    QString verb;    ///< "List the folder", "Read the file", "Move"
    QString object;  ///< "Documents": the last component; "12 items from Downloads to Invoices"
    QString path;    ///< the resolved real path of what is read, escaped for display
    QStringList folders;  ///< what a grant would cover; none: it can be allowed once only
    QString effect;       ///< "Reads only. Nothing is changed."
    std::vector<QuestionChange> changes = {};  ///< of calls that change something, in their order
    /// The lines of a command that would run in `path`, or the arguments of a tool server's tool;
    /// whole.
    QStringList command = {};
    QString server = {};                    ///< whose tool it is; empty: one of ours
    std::optional<ProposedNote> note = {};  ///< of one that keeps notes

    [[nodiscard]] bool canLast() const { return !folders.isEmpty() || !server.isEmpty(); }
};
enum class PermissionAnswer { Once, Conversation, Always, No };

/// A folder that may be read now, as Settings lists it.
struct GrantInfo {
    QString folder;
    bool isForChanges = false;  ///< read and changed
    QString duration;           ///< "Always", "This conversation", "Document library"
    ConversationId conversation = 0;
    qint64 id = 0;
};

/// Whether the assistant may ask to run commands.
struct CommandState {
    bool isOffered = false;   ///< this program has a sandbox for them
    bool isOn = false;        ///< the user turned them on
    bool isChecking = false;  ///< whether the sandbox holds
    QString problem;          ///< why they are off all the same: one sentence; empty: they are not
};

/// What Settings says of the log of tool calls.
struct ToolLogState {
    qint64 entries = 0;
    QDateTime since;  ///< of the oldest one
    QString problem;  ///< after a check: what is not as it was written, a sentence; empty: nothing
};

/// Everything between the window and its models: conversations, the turn with its tool loop,
/// permissions, the model's loading. The window calls slots and shows signals; decisions are here.
/// UI thread only; nothing waits (store, engine and tools answer through futures and signals).
class ChatController : public QObject {
    Q_OBJECT

public:
    enum class ModelState {
        None,
        Loading,
        Ready,
        PutAway,  ///< out of the memory; it is loaded again as soon as somebody writes
        Failed,
    };
    enum class WhyPutAway {
        User,  ///< asked for it
        Idle,  ///< nobody has asked for a while
        Card,  ///< another program needs the card's memory
    };
    struct Dependencies {
        ConversationStore* store = nullptr;  ///< null: nothing can be kept; the window says so
        TokenSource* tokens = nullptr;
        std::vector<Persona> personas;            ///< the first answers new conversations
        std::filesystem::path demoModel;          ///< Lares Mini
        std::filesystem::path dataFolder;         ///< never granted to a tool
        DownloadOptions download = {};            ///< as it is: no model can be downloaded
        const CommandSandbox* sandbox = nullptr;  ///< outlives the controller; null: no commands
        /// What time is counted by, monotonic; as it is: the system's.
        std::function<std::chrono::milliseconds()> clock = {};
        std::chrono::milliseconds lookEvery{0};  ///< at the memory; 0: as is usual
    };
    explicit ChatController(const Dependencies& dependencies, QObject* parent = nullptr);
    ~ChatController() override;
    /// The program ends: what runs on other threads for the window is stopped, and what it has
    /// asked for is answered. Call it before the window goes, for the reason that
    /// ConversationStore::waitForDone gives.
    void endWork();

    /// Reads settings, grants and the conversations; opens the last one. `ready` follows.
    void start();
    /// Something that was changed is not on the disk, and this `problem` is why; it is tried again.
    /// Empty: all of it is.
    [[nodiscard]] QString unsavedBecause() const;

    [[nodiscard]] ConversationListModel* conversations() const;
    /// The one that is shown; never null. It is replaced when another is opened
    /// (`conversationChanged`; the one before lives as long as that signal is carried out).
    [[nodiscard]] ConversationModel* conversation() const;
    [[nodiscard]] bool isConversationLoading() const;
    [[nodiscard]] QStringList folders() const;  ///< that hold a conversation, by name

    /// The built-in ones, some with the user's texts, then those that the user made, by name. A
    /// conversation whose persona was removed is answered by the first.
    [[nodiscard]] const std::vector<Persona>& personas() const;
    [[nodiscard]] const Persona& persona() const;                  ///< of the shown conversation
    [[nodiscard]] bool isOwnPersona(const QString& id) const;      ///< made by the user
    [[nodiscard]] bool isChangedPersona(const QString& id) const;  ///< built-in, with other texts

    // Personas on disk. `personasChanged` follows when it is done; what failed changed nothing, and
    // `problem` says why.
    using PersonaReply = QFuture<Result<Persona>>;
    /// A new one where the id is empty. The next answer uses it.
    PersonaReply savePersona(const Persona& persona);
    /// Or sets a changed built-in one back; `personaRemoved` follows: offer Undo.
    PersonaReply removePersona(const QString& id);
    PersonaReply duplicatePersona(const QString& id);
    QFuture<Result<ImportedPersona>> importPersona(const QString& path);
    QFuture<Result<void>> exportPersona(const QString& id,
                                        const QString& path,
                                        PersonaFormat format);

    // What the assistant remembers (chat/note_book.h): a new conversation begins with the notes of
    // its persona, and keeps those until its persona changes or the user wants the present ones. A
    // temporary one reads none.
    [[nodiscard]] NoteBook* notes() const;  ///< never null
    [[nodiscard]] bool usesNotes() const;   ///< at all
    [[nodiscard]] bool usesNotes(const QString& personaId) const;
    void setUsesNotes(const QString& personaId, bool isOn);
    /// Whether the model may propose notes, in conversations that are not temporary; off at first.
    /// The user is asked about each. Another prompt, so conversations are read anew after a change.
    [[nodiscard]] bool mayProposeNotes() const;
    /// Whether the model may search what was said in the other stored conversations, from those
    /// that are not temporary; off at first. Nothing is asked then. Another prompt, too.
    [[nodiscard]] bool maySearchPast() const;
    /// The note that is being written; nothing: none is, and none is on the disk.
    [[nodiscard]] std::optional<NoteDraft> noteDraft() const;
    void saveNoteDraft(const std::optional<NoteDraft>& draft);
    /// What a new conversation with this persona would read.
    [[nodiscard]] NotesPart presentNotes(const QString& personaId) const;
    /// A note with which the shown conversation began was forgotten; the next prompt is without it.
    [[nodiscard]] bool isWithoutForgottenNote() const;
    /// Whether the shown conversation would read others than it began with.
    [[nodiscard]] bool canUsePresentNotes() const;

    [[nodiscard]] QStringList examples() const;  ///< three questions that work with the tools here

    // Conversations as files (app/export). Read and written on another thread; errors are
    // sentences. What is still being written goes along as far as it has come.
    [[nodiscard]] bool keepsConversations() const;  ///< false: nothing is kept in this session
    QFuture<Result<void>> exportConversation(ConversationId id,
                                             const QString& path,
                                             const ExportChoice& choice);
    /// Every conversation but temporary ones and those in the trash, the user's personas and notes,
    /// as one file that can be imported. How many conversations.
    QFuture<Result<qint64>> exportAll(const QString& path);
    /// Adds what is not there yet, each conversation whole or not at all; changes and deletes
    /// nothing. What tools did comes as history, without permissions. A built-in persona that
    /// nobody changed here becomes what the file has.
    QFuture<Result<ImportReport>> importConversations(const QString& path);
    /// With all versions and what is attached; it is opened.
    QFuture<Result<ConversationId>> duplicateConversation(ConversationId id);

    // Temporary conversations (chat_controller_temporary.cpp): in the list and in memory, and
    // nowhere else. What tools change in files stays, and stays in the undo journal.
    /// Those that hold something, a draft at least: what would be lost if the program ended.
    [[nodiscard]] std::vector<ConversationId> temporaryConversations() const;
    /// Makes an ordinary one of it, with all versions; what fails changes nothing. Succeeds for one
    /// that is kept. `kept` follows.
    QFuture<Result<void>> keepConversation(ConversationId id);
    /// Nothing brings it back; an answer that is being written there is stopped. No effect on an
    /// ordinary one, nor while it is being kept.
    void throwAway(ConversationId id);

    // The trash: what was deleted in the last 30 days and can be restored.
    using TrashReply = QFuture<Result<std::vector<TrashedConversation>>>;
    [[nodiscard]] TrashReply trash() const;  ///< newest first
    /// Nothing brings these back. What fails deletes nothing; errors are sentences.
    QFuture<Result<void>> deleteForGood(const std::vector<ConversationId>& trashed);

    // A question beside what is shown (the quick window). Nobody is asked for a permission there:
    // that waits until the conversation is opened.
    /// In a new conversation where `in` is null. The question stands in the model when it is on
    /// disk; `notAsked` follows where it cannot be.
    std::shared_ptr<ConversationModel> ask(const QString& question,
                                           const std::shared_ptr<ConversationModel>& in = {});
    [[nodiscard]] bool isAnsweringIn(ConversationId id) const;
    [[nodiscard]] bool isWaitingIn(ConversationId id) const;  ///< for a permission
    void stopIn(ConversationId id);

    [[nodiscard]] bool isAnswering() const;      ///< in the shown conversation
    [[nodiscard]] bool isBusyElsewhere() const;  ///< an answer is written in another one
    [[nodiscard]] ModelState modelState() const;
    // The model's memory, on the card and in the machine (chat_controller_memory.cpp).
    [[nodiscard]] WhyPutAway whyPutAway() const;  ///< of ModelState::PutAway
    [[nodiscard]] bool isComingBack() const;      ///< Loading what was put away
    [[nodiscard]] bool canFreeMemory() const;     ///< a model is there and nothing waits for it
    /// After so long without a question the memory is freed; zero: never.
    [[nodiscard]] std::chrono::minutes unloadAfter() const;
    [[nodiscard]] bool yieldsCard() const;  ///< to programs that need the card's memory
    [[nodiscard]] QString modelName() const;
    /// Where it computes.
    [[nodiscard]] const DeviceInfo& device() const;
    [[nodiscard]] bool isDemoModel() const;
    /// The model that can be downloaded, and how far that is; never null.
    [[nodiscard]] ModelDownload* download() const;
    [[nodiscard]] bool usesDownload() const;                   ///< it answers, or is being loaded
    [[nodiscard]] const PermissionQuestion* question() const;  ///< null: none waits here

    // How the answers of the shown conversation are picked, from the next one on.
    /// What this conversation has its own way (answer_parameters.h). The rest is as `persona()` has
    /// it, or as usual.
    [[nodiscard]] QJsonObject parameters() const;
    [[nodiscard]] QJsonObject usualParameters() const;  ///< of any persona; every one but the seed
    [[nodiscard]] bool isThinking() const;

    /// The exact prompt of an answer in the shown conversation, made again as it was: what was said
    /// up to there, with the instructions and tools of now. NotFound where no model is loaded.
    [[nodiscard]] QFuture<Result<PromptView>> viewPrompt(const PromptReading& reading) const;

    /// What is attached to the draft of the shown conversation; `draftAttachmentsLoaded` says when
    /// there is more of it than before.
    [[nodiscard]] const Attachments& draftAttachments() const;
    /// Of the shown conversation, after its newest answer.
    [[nodiscard]] ContextRoom contextRoom() const;
    /// Of the shown conversation: whose summary the next question follows; 0: none's.
    [[nodiscard]] MessageId summaryAt() const;
    /// Whether all of the shown conversation seems to fit the context again.
    [[nodiscard]] bool mayReadEverything() const;
    /// Whose summary is being written again in the shown conversation; 0: none's.
    [[nodiscard]] MessageId rewrittenSummary() const;

    /// The newest answer that is shown whose changes to files can be undone; 0: none.
    [[nodiscard]] MessageId lastChanges() const;
    [[nodiscard]] std::vector<GrantInfo> grants() const;
    /// Whether what the model has read of conversations stays on the disk, so that it need not read
    /// them again after a restart; and what that takes there.
    [[nodiscard]] bool keepsReadings() const;
    [[nodiscard]] SnapshotUse readingsUse() const;
    [[nodiscard]] CommandState commands() const;

    // Tool servers: programs of the user's that offer tools (tools/mcp). `toolServersChanged`
    // follows each; none of these waits for a call that runs. Errors are sentences.
    using ServerReply = QFuture<Result<void>>;
    [[nodiscard]] bool keepsToolServers() const;  ///< false: nothing is kept in this session
    [[nodiscard]] std::vector<ServerInfo> toolServers() const;
    [[nodiscard]] bool isBusyWithServers() const;  ///< one of these is under way
    /// And looks at what it offers; it is off then.
    ServerReply addToolServer(const McpServerConfig& config);
    /// Those of another program's settings. Some may be added beside an error.
    ServerReply importToolServers(const QString& path);
    ServerReply lookAtToolServer(const QString& name);
    /// `changesSha256`: of what the user saw (ServerInfo).
    ServerReply acceptToolServer(const QString& name, const std::string& changesSha256);
    ServerReply setToolServerOn(const QString& name, bool isOn);
    ServerReply setToolAllowed(const QString& server, const QString& tool, bool isAllowed);
    ServerReply removeToolServer(const QString& name);
    /// The folders whose documents can be searched; never null.
    [[nodiscard]] DocumentLibrary* library() const;
    /// Finds words in all conversations; never null.
    [[nodiscard]] MessageFinder* finder() const;
    /// Another one, for who searches beside that.
    [[nodiscard]] MessageFinder* makeFinder(QObject* parent) const;
    [[nodiscard]] QJsonValue setting(const QString& key) const;

    // The log of tool calls. None of these waits for a call that runs; errors are sentences.
    using ToolLogReply = QFuture<Result<ToolLogState>>;
    [[nodiscard]] bool keepsToolLog() const;     ///< false: nothing is kept in this session
    [[nodiscard]] ToolLogReply toolLog() const;  ///< its figures alone
    [[nodiscard]] ToolLogReply checkToolLog();   ///< follows the whole chain
    /// One JSON object a line. How many.
    QFuture<Result<qint64>> exportToolLog(const QString& path);
    /// All of it; a new one begins, which says so.
    ToolLogReply deleteToolLog();

    /// What becomes of what is being written when a message is sent.
    enum class Draft {
        Sent,  ///< it is that message
        Kept   ///< it stays: the message was offered, say
    };

public slots:
    void loadModel(const QString& path);  ///< empty: the demo model
    void cancelLoading();
    /// Puts the model away; what it has read stays on the disk if the user keeps that there.
    void freeMemory();
    /// Somebody is about to ask: a model that was put away is loaded again.
    void bringModelBack();
    void loadDownload();  ///< what was downloaded

    void newConversation();
    /// Left empty, it is gone; else it waits in the list.
    void newTemporaryConversation();
    void openConversation(lares::app::ConversationId id);
    /// The same, on the branch that holds this message; `messageFound` follows, with the words for
    /// which it was found.
    void openMessage(lares::app::ConversationId id,
                     lares::app::MessageId message,
                     const QString& words = {});
    void renameConversation(lares::app::ConversationId id, const QString& title);
    void pinConversation(lares::app::ConversationId id, bool isPinned);
    /// Empty: out of its folder. The name is bounded (folder_name.h). `movedToFolders` follows.
    void moveToFolder(lares::app::ConversationId id, const QString& folder);
    /// Onto a name that is there: both are one folder then, and `movedToFolders` says so.
    void renameFolder(const QString& from, const QString& to);
    void deleteFolder(const QString& folder);  ///< its conversations are in none then
    void placeInFolders(const std::vector<lares::app::FolderPlace>& places);  ///< Undo
    void newConversationIn(const QString& folder);
    void deleteConversation(lares::app::ConversationId id);  ///< `deleted` follows: offer Undo
    void restoreConversation(lares::app::ConversationId id);
    void setPersona(const QString& id);
    /// For the next answers: everywhere, or here if this conversation or its persona has it its own
    /// way.
    void setThinking(bool isOn);
    /// Kept within its bounds; Undefined or Null: as the persona has it, or as usual.
    /// `parametersChanged` follows.
    void setParameter(const QString& key, const QJsonValue& value);
    void resetParameters();
    void saveDraft(const QString& text);
    void saveDraftAttachments(const lares::app::Attachments& attachments);

    /// One of the two may be empty.
    void send(const QString& text,
              const lares::app::Attachments& attachments = {},
              Draft draft = Draft::Sent);
    void stop();
    /// Another version, answered. The draft stays as it is.
    void edit(lares::app::MessageId userMessage,
              const QString& text,
              const lares::app::Attachments& attachments = {});
    void regenerate(lares::app::MessageId answer);  ///< another version
    /// Has the model write the summary that stands there once more; `summaryChanged` follows. What
    /// cannot be done is said by `problem`.
    void rewriteSummary(lares::app::MessageId at);
    void stopRewriting();
    /// Takes every summary of the shown branch away, if all of it fits the context.
    void readEverything();
    void showVersion(lares::app::MessageId message, int version);
    /// `reason`: what the user says to a No; the model reads it.
    void answerQuestion(lares::app::PermissionAnswer answer, const QString& reason = {});
    /// Takes back what the tools of this answer changed; `changesUndone` follows. What somebody
    /// changed since stays as it is.
    void undoChanges(lares::app::MessageId answer);

    void revokeGrant(const lares::app::GrantInfo& grant);
    void setKeepsReadings(bool isOn);  ///< off: what is there is deleted, too
    void forgetReadings();             ///< deletes it
    void setRunsCommands(bool isOn);   ///< on: the sandbox is tried first
    void setUsesNotes(bool isOn);      ///< in new conversations
    void setMayProposeNotes(bool isOn);
    void setMaySearchPast(bool isOn);  ///< off: a search that runs ends, and finds nothing
    /// What the user made of the note in question, before the answer to it.
    void editProposedNote(const QString& text, bool isForAll);
    void usePresentNotes();  ///< in the shown conversation, which is read anew
    void setUnloadAfter(std::chrono::minutes minutes);
    void setYieldsCard(bool yields);
    void setSetting(const QString& key, const QJsonValue& value);

signals:
    void ready();
    void conversationChanged();
    void conversationLoaded();
    /// It is shown: scroll to it, and to the words in it.
    void messageFound(lares::app::MessageId message, const QString& words);
    void personaChanged();   ///< of the shown conversation
    void personasChanged();  ///< `personaChanged` follows
    void parametersChanged();
    /// Off the disk; saving it again brings it back. `wasOwn`: the user had made it.
    void personaRemoved(const lares::app::Persona& persona, bool wasOwn);
    void answeringChanged();
    void questionChanged();
    void modelStateChanged();
    void modelProgress(double share);
    void modelFailed(const QString& sentence);
    /// The prompt is being read: tokens so far, tokens in all.
    void promptProgress(int done, int total);
    /// The question in the shown conversation does not fit: what was said before is condensed.
    /// Tokens of it that are read, and in all; 0: not known yet.
    void condensing(int done, int total);
    /// Another summary stands in a conversation, or none, or one is being written again.
    void summaryChanged();
    void statsChanged(double tokensPerSecond, double firstTokenMs, int contextUsed, int contextMax);
    void deleted(lares::app::ConversationId id, const QString& title);
    void kept(lares::app::ConversationId id);  ///< what was temporary is an ordinary one
    /// What was done, and where the conversations were before: offer Undo.
    void movedToFolders(const QString& sentence,
                        const std::vector<lares::app::FolderPlace>& before);
    /// A message could not be stored, so it was not sent: the composer shows it again.
    void notAsked(const QString& question);
    void trashChanged();
    /// An answer in this conversation, shown or not, needs a permission to go on.
    void permissionAwaited(lares::app::ConversationId id);
    /// And was not stopped by the user; how long after it was asked for.
    void answerEnded(lares::app::ConversationId id, qint64 durationMs);
    /// What was typed a moment ago counts now: saveDraft.
    void draftWanted();
    void notSent(const QString& text, const lares::app::Attachments& attachments);
    void draftAttachmentsLoaded();
    void grantsChanged();
    void readingsUseChanged();
    void commandsChanged();
    void toolServersChanged();
    /// An answer ended that changed files: "Made 12 changes to files".
    void changesMade(lares::app::MessageId answer, const QString& sentence);
    /// What undoing came to; `details` says what stays as it is, and why. Empty: all of it is back.
    void changesUndone(const QString& sentence, const QString& details);
    void settingChanged(const QString& key);
    /// Notes, who uses them, or what the shown conversation began with.
    void notesChanged();
    /// Something failed that has no message to stand in: a sentence with the next step, and what
    /// "Copy details" copies.
    void problem(const QString& sentence, const QString& details);
    /// That one is no more: the disk takes writes again, and what waited for it is saved.
    void problemSolved(const QString& sentence);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::app

Q_DECLARE_METATYPE(lares::app::PermissionAnswer)
