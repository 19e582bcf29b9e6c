#pragma once

#include "app/chat/answer_turn.h"
#include "app/chat/chat_controller.h"
#include "app/chat/condenser.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/chat/conversation_prompt.h"
#include "app/chat/document_library.h"
#include "app/chat/grant_book.h"
#include "app/chat/memory_rules.h"
#include "app/chat/message_finder.h"
#include "app/chat/message_saver.h"
#include "app/chat/note_book.h"
#include "app/chat/note_desk.h"
#include "app/chat/note_text.h"
#include "app/chat/past_desk.h"
#include "app/chat/persona_book.h"
#include "app/export/conversation_content.h"
#include "app/export/user_texts.h"
#include "app/store/conversation_store.h"
#include "tools/audit/lazy_audit.h"
#include "tools/journal/lazy_journal.h"
#include "tools/mcp/server_set.h"

#include <QSet>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <deque>
#include <optional>
#include <stop_token>

namespace lares::app {

/// There is no store: a sentence with what to do.
[[nodiscard]] Error nothingKept();

/// What ChatController knows and decides; for its own files.
struct ChatController::Impl {
    Impl(ChatController& owner, const Dependencies& dependencies);
    ~Impl();
    void endWork();

    ChatController& controller;
    ConversationStore* store;
    TokenSource* tokens;
    PersonaBook personas;
    NoteBook notes;
    NoteDesk noteDesk;
    PastDesk pastDesk;
    QString demoModel;
    QString writeProblem;  ///< why the store could not write; empty: it can
    ModelDownload download;

    ConversationListModel list;
    MessageFinder finder;
    MessageId messageToShow = 0;  ///< when the conversation is loaded
    QString wordsToShow;          ///< for which it was found
    std::shared_ptr<ConversationModel> shown = std::make_shared<ConversationModel>();
    bool isShownStored = false;  ///< false: a new one without messages, in no list
    /// All that there is of temporary conversations; each is in the list too.
    std::vector<std::shared_ptr<ConversationModel>> temporary;
    QSet<ConversationId> trashed;         ///< in this session, and not restored since
    int nListAsked = 0;                   ///< how often the store was asked for its list
    QHash<ConversationId, int> restored;  ///< from the trash: how often it had been asked by then
    QSet<ConversationId> beingKept;       ///< of these: on their way into the store
    bool isShownLoading = false;
    /// Where a question was asked beside the shown one; opened again it is this model.
    std::weak_ptr<ConversationModel> aside;
    QJsonObject settings;
    static constexpr const char* kLastConversation = "lastConversation";  ///< a setting's name
    static constexpr const char* kNewDraft = "newDraft";                  ///< and another's
    /// What is attached to drafts, as far as it was looked at; 0: to the new conversation's.
    QHash<ConversationId, Attachments> attached;

    ModelState modelState = ModelState::None;
    QString modelPath;
    QString modelName;
    DeviceInfo device;
    int contextLength = 0;
    QString nextModel;  ///< to load as soon as the source is idle; empty: none
    WhyPutAway whyPutAway = WhyPutAway::User;
    bool isComingBack = false;  ///< what is loaded was put away
    std::function<std::chrono::milliseconds()> clock;
    MemoryRules rules;
    QTimer memoryTimer;

    GrantList grantList;
    GrantBook grants;
    LazyJournal journal;  ///< used on toolThread only
    LazyAudit toolLog;    ///< used on toolThread and logThread
    bool keepsToolLog;    ///< false: there is no folder to keep anything in
    ServerSet servers;
    QThreadPool serverThread;  ///< of one thread: what is done with servers beside their calls
    int nServerJobs = 0;
    DocumentLibrary library;
    Broker broker;
    const CommandSandbox* sandbox;
    bool isCheckingSandbox = false;
    QString sandboxProblem;
    MessageSaver saver;
    QThreadPool toolThread;
    QThreadPool fileThread;  ///< of one thread: conversations as files
    std::stop_source ending;
    QThreadPool logThread;  ///< of one thread: a look at the log does not wait for a call
    std::deque<std::unique_ptr<AnswerTurn>> turns;  ///< the first one runs
    bool isFirstStarted = false;
    /// A message that is not on the disk yet, and so not in its conversation.
    struct OnItsWay {
        std::shared_ptr<ConversationModel> model;
        bool isNew = false;      ///< the first of a conversation that is in no list yet
        bool isStopped = false;  ///< by the user: so is its answer, when it begins
        bool isLeft = false;     ///< nobody answers it: its conversation was deleted meanwhile
    };
    QHash<ConversationId, OnItsWay> onTheirWay;
    bool isUndoing = false;
    QString lastAhead;  ///< what was read ahead last: conversation, message, persona, thinking
    /// A summary that is being written while nobody waits for an answer.
    struct CondensingAside {
        std::shared_ptr<ConversationModel> model;
        MessageId rewritten = 0;  ///< whose summary the user wants anew; 0: it is for lack of room
        std::unique_ptr<Condenser> work;
    };
    std::optional<CondensingAside> condensingAside;
    MessageId nextRewritten = 0;  ///< the user wants that summary anew; 0: none waits for another
    QSet<ConversationId> readWhole;  ///< the user wants all of it read as long as it fits
    GenerationStats lastStats;       ///< that were shown
    MessageId lastMessageId = 0;     ///< where there is no store to ask
    ConversationId lastConversationId = 0;

    [[nodiscard]] ConversationId newConversationId() {
        return store ? store->newConversationId() : ++lastConversationId;
    }
    [[nodiscard]] MessageId newMessageId() {
        return store ? store->newMessageId() : ++lastMessageId;
    }

    [[nodiscard]] AnswerTurn* turnOf(ConversationId conversation) const {
        for (const auto& turn : turns) {
            if (turn->conversation() == conversation) return turn.get();
        }
        return nullptr;
    }
    [[nodiscard]] bool isDemo() const { return modelPath == demoModel; }

    // Loading the model.
    void load(const QString& path);
    void modelLoaded(const ModelInfo& info);
    void modelFailed(const Error& error);
    void setModelState(ModelState state);

    // The model's memory.
    [[nodiscard]] bool isWorking() const;  ///< somebody waits for the model, or will
    void watchMemory(std::chrono::milliseconds lookEvery);
    void beginWatching();
    void lookAtMemory();
    void cardMeasured(std::uint64_t freeBytes);
    void putAway(WhyPutAway why);
    void modelUnloaded();
    void failWaiting();

    // The store.
    void connectStore();
    void writeAgain();
    /// Puts into the list what is stored and not in it; `then` also where it cannot be read.
    void readList(std::function<void()> then);
    void listMissing(const std::vector<ConversationInfo>& stored, int number);

    // The start.
    /// What somebody has begun in the new conversation that is shown at first.
    struct Begun {
        bool isElsewhere = false;  ///< something was sent there, or another one is shown
        QString draft;
        Attachments attachments;
        [[nodiscard]] bool operator==(const Begun&) const = default;
    };
    [[nodiscard]] Begun begun();
    [[nodiscard]] Begun takeSettings(QJsonObject stored);  ///< what was begun before
    void loadConversations(const Begun& before);

    // Conversations.
    void show(std::shared_ptr<ConversationModel> model, bool isStored);
    void openNew();
    /// This one is shown after a start; 0: a new one, with what is begun in it.
    void noteLast(ConversationId id);
    void open(ConversationId id);
    void showWantedMessage();
    void opened(const ConversationInfo& info, const Result<std::vector<ChatMessage>>& messages);
    void takeUpInterrupted();
    void saveInfo(const ConversationInfo& info);
    /// The models of a conversation that somebody holds, so ahead of the disk; each once, and
    /// hardly ever more than one.
    [[nodiscard]] std::vector<std::shared_ptr<ConversationModel>> modelsOf(ConversationId id) const;
    [[nodiscard]] ConversationInfo newInfo();
    [[nodiscard]] std::shared_ptr<ConversationModel> temporaryModel(ConversationId id) const;
    [[nodiscard]] bool isEmpty(const ConversationModel& model) const;  ///< no draft either
    void becomeOrdinary(const std::shared_ptr<ConversationModel>& model,
                        const ConversationContent& stored);
    void place(const std::vector<FolderPlace>& places);

    // Conversations as files.
    /// Where a conversation comes from: out of a model that is there, or else out of the store.
    struct Source {
        ConversationInfo info;
        std::optional<std::vector<ChatMessage>> messages;
        std::vector<ChatMessage> unsaved;  ///< newer than what is in the store
        std::optional<Attachments> draftAttachments;
    };
    [[nodiscard]] std::optional<Source> sourceOf(ConversationId id);
    // On fileThread.
    [[nodiscard]] Result<ConversationContent> readSource(Source source,
                                                         const std::vector<Persona>& known) const;
    struct Imported {
        ImportReport report;
        std::vector<Persona> personas;  ///< who answers in them, each once
        UserTexts texts = {};
    };
    [[nodiscard]] UserTexts userTexts() const;
    [[nodiscard]] QFuture<ImportReport> addTexts(Imported imported);
    [[nodiscard]] Result<Imported> importFile(const QString& path);
    bool addImported(ConversationOrigin origin, const QByteArray& json, Imported& imported);

    // Drafts.
    [[nodiscard]] ConversationId draftKey() const { return isShownStored ? shown->info().id : 0; }
    void readNewDraft();
    void forgetNewAttached();
    void loadAttached(const ConversationInfo& info);
    void saveAttached(const Attachments& attachments);

    // The turn.
    void sendMessage(const std::shared_ptr<ConversationModel>& model,
                     ChatMessage message,
                     Draft draft);
    struct Sent;
    void messageStored(const Sent& sent);
    void messageFailed(const Sent& sent);
    void takeFromDraft(const Sent& sent, ConversationInfo& now);
    /// The first message of a new conversation is on its way.
    [[nodiscard]] bool isNewOnItsWay() const;
    /// What is answered there stops: the conversation goes into the trash, or is thrown away.
    void leave(ConversationId id);
    void beginAnswer(const std::shared_ptr<ConversationModel>& model, MessageId parent);
    void addTurn(const std::shared_ptr<ConversationModel>& model, ChatMessage answer);
    void startNext();
    void deviceFailed(const QString& sentence);
    void turnFinished(AnswerTurn* turn);
    void openJournal();
    void findForgottenChanges(const std::shared_ptr<ConversationModel>& model, MessageId answer);
    void undo(const std::shared_ptr<ConversationModel>& model, MessageId answer);
    void undone(const std::shared_ptr<ConversationModel>& model,
                MessageId answer,
                const Result<UndoReport>& report);
    void openToolLog();
    void askToolLog();
    void sayOfToolLog(const QString& notice);
    /// What the user did; on toolThread or logThread. What cannot be written is said, not undone.
    void writeToolLog(const std::function<Result<void>(AuditLog&)>& write);
    void logRevoked(const GrantInfo& grant);
    void emptyTrash();
    QFuture<Result<void>> forgetCalls(const std::vector<ConversationId>& ids);
    void showStats(const AnswerTurn* turn, const GenerationStats& stats);

    void checkSandbox();
    QFuture<Result<void>> onServers(
        std::function<Result<void>(ServerSet&, const std::stop_token&)> work);
    void readServers();

    // So that nobody waits twice for the same tokens.
    enum class Condense { No, Yes };
    void readAhead(Condense condense = Condense::No);
    void goOn();  ///< with what waits for the source of tokens
    // So that a conversation does not end where the context does.
    [[nodiscard]] bool condenseAhead(const GenerationRequest& request);
    void condenseAside(std::shared_ptr<ConversationModel> model,
                       MessageId rewritten,
                       std::unique_ptr<Condenser> work);
    void condensedAside(MessageId leaf, const Condenser::End& end);
    void stopCondensing();
    void setSummary(const std::shared_ptr<ConversationModel>& model,
                    MessageId message,
                    const std::optional<BranchSummary>& summary);
    void forgetReading(ConversationId conversation);
    /// As nobody has said anything else, and as this persona and then this conversation have it.
    [[nodiscard]] AnswerTurn::Settings usualSettings() const;
    [[nodiscard]] AnswerTurn::Settings turnSettings(const QString& personaId,
                                                    const QJsonObject& parameters) const;
    /// The same, with the notes that this conversation reads.
    [[nodiscard]] AnswerTurn::Settings turnSettings(const QString& personaId,
                                                    const ConversationModel& model) const;
    void setParameters(const QJsonObject& parameters);

    // What the assistant remembers.
    void connectNotes();
    void offerNotes();  ///< to the model, where the user wants that
    void offerPast();   ///< the same of searching earlier conversations
    [[nodiscard]] std::vector<NoteTextId> presentNotes(const QString& personaId) const;
    [[nodiscard]] std::vector<NoteText> notesOf(const ConversationModel& model) const;
    void beginNotes(const ConversationInfo& info);
    void findKeptNotes(ChatMessage& interrupted) const;
    void forgetNote(const ForgottenNote& gone);
    void forgetNotesRead();
    /// Whose reading an answer may have written again that was under way when a note was forgotten.
    std::vector<std::string> forgetAfterAnswer;
};

}  // namespace lares::app
