#pragma once

#include "app/chat/chat_controller.h"
#include "app/chat/chat_message.h"
#include "app/chat/condenser.h"
#include "app/engine_bridge/token_source.h"
#include "app/turn/tool_turn.h"

#include <QElapsedTimer>
#include <QObject>
#include <QThreadPool>

#include <memory>
#include <optional>
#include <stop_token>

namespace lares::app {

class ConversationModel;
class MessageSaver;

/// One turn of the assistant: makes room where the question would not fit, generates, runs calls on
/// the thread of the tools, asks the user where no grant covers a call, generates again, until
/// there is an answer. Writes its message into the conversation's model and hands it to the saver
/// as it grows. UI thread only; nothing waits.
class AnswerTurn : public QObject {
    Q_OBJECT

public:
    /// What the turn works with; all of it outlives the turn.
    struct Tools {
        TokenSource* tokens = nullptr;
        Broker* broker = nullptr;
        QThreadPool* toolThread = nullptr;  ///< of one thread
        MessageSaver* saver = nullptr;
    };
    struct Settings {
        QString system;
        QString personaName;  ///< who answers, for the user
        SamplingParams sampling;
        bool isThinking = true;
        int maxTokens = 4096;
        int contextLength = 0;  ///< tokens that the model can read; 0: not known
    };

    /// `message` stands in the conversation already; its last step may hold calls that wait for an
    /// answer of the user, which are then asked for again.
    AnswerTurn(Tools tools,
               Settings settings,
               std::shared_ptr<ConversationModel> conversation,
               ChatMessage message,
               QObject* parent = nullptr);
    ~AnswerTurn() override;

    /// What the model is asked in a conversation whose last message is `leaf` (0: it has none),
    /// followed by what a turn has already. `summaryAt`: as in readBranch.
    [[nodiscard]] static GenerationRequest request(const Settings& settings,
                                                   const Broker& broker,
                                                   const ConversationModel& conversation,
                                                   MessageId leaf,
                                                   const ChatMessage* unfinished = nullptr,
                                                   std::optional<MessageId> summaryAt = {});

    void start();
    /// The message ends as Stopped; what was written stays. A change to a file that is being made,
    /// or a note that is being kept, is waited for: the message must know it, so that it can be
    /// undone.
    void stop();
    void answerQuestion(PermissionAnswer answer, const QString& reason = {});
    /// What the user made of the note in question so far: it is there again after a restart.
    void editNote(const QString& text, bool isForAll);
    /// Ends the message as Failed with a sentence, before or instead of starting.
    void fail(const QString& sentence);

    [[nodiscard]] ConversationId conversation() const { return m_message.conversation; }
    [[nodiscard]] const std::shared_ptr<ConversationModel>& model() const { return m_conversation; }
    [[nodiscard]] MessageId message() const { return m_message.id; }
    [[nodiscard]] const PermissionQuestion* question() const;

signals:
    void questionChanged();
    void promptProgress(int done, int total);
    /// The question does not fit: a summary of what was said before is being written.
    /// Tokens of that prompt so far, and in all; 0: nothing is read yet.
    void condensing(int done, int total);
    void condensed();  ///< it stands in the conversation
    void stats(const lares::GenerationStats& stats);
    void grantsMayHaveChanged();
    void problem(const QString& sentence);  ///< the answer goes on
    void changesMade(int n);                ///< files were changed; before `finished`
    void finished();                        ///< once, however it ended; delete with deleteLater

private:
    struct ToolsStep;
    void makeRoom();
    void takeRoom(const Condenser::End& end);
    void generate();
    void generateWhenLoaded();
    void takeEvents(const std::vector<EngineEvent>& batch);
    void take(const PrefillProgress& progress);
    void take(const ThinkingDelta& delta);
    void take(const TextDelta& delta);
    void take(const ToolCall& call);
    void take(const MalformedToolCall& call);
    void take(const DeviceNotice& notice);
    void takeAnswer(const Generation& generation);
    void takeFailure(const Error& error);
    void runTools(std::optional<PermissionAnswer> answer = {},
                  const QString& reason = {},
                  const std::optional<NoteAnswer>& note = {});
    void takeToolsStep(const ToolsStep& step);
    void takeOutcomes();
    void ask(const ToolTurn::AskUser& asked);
    void fillNote(Part& call);
    void endThinking();
    Part& partToAppendTo(Part::Kind kind);
    Part newPart(Part::Kind kind) const;
    /// Index of the first call that has no result; -1: none.
    [[nodiscard]] int openCall() const;
    /// Indices of the calls that have no result, from the first one on.
    [[nodiscard]] std::vector<std::size_t> openCalls() const;
    void show();
    void finish(ChatMessage::State state, const QString& notice = {});

    Tools m_tools;
    Settings m_settings;
    std::shared_ptr<ConversationModel> m_conversation;
    ChatMessage m_message;
    std::shared_ptr<ToolTurn> m_turn;  // shared with the job on the tools' thread
    std::stop_source m_stop;           // of the call that runs
    std::optional<PermissionQuestion> m_question;
    std::size_t m_outcomes = 0;        // of m_turn's records, already in the message
    Condenser* m_condenser = nullptr;  // while it makes room
    MessageId m_summaryAt = 0;         // whose summary is in the prompt
    QElapsedTimer m_thinking;
    int m_step = 0;
    bool m_isGenerating = false;
    bool m_isAwaitingModel = false;  // another one is loaded
    bool m_isChanging = false;       // a call that changes files, or keeps a note, runs
    bool m_isStopping = false;       // ... and the message ends when it has
    bool m_isOver = false;
};

}  // namespace lares::app
