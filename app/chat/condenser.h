#pragma once

#include "app/chat/chat_message.h"
#include "app/engine_bridge/token_source.h"
#include "app/turn/condensing.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>
#include <optional>

namespace lares::app {

class ConversationModel;
class MessageSaver;

/// Carries out a Condensing with a source of tokens. UI thread only; nothing waits.
class Condenser : public QObject {
    Q_OBJECT

public:
    using End = std::optional<Condensing::Condensed>;

    /// The source outlives it.
    Condenser(TokenSource* tokens, Condensing condensing, QObject* parent = nullptr);
    ~Condenser() override;

    /// `finished` follows, perhaps at once. The source is idle, or it ends without anything.
    void start();
    /// `finished` follows when the source is idle again; at once where nothing is written.
    void stop();
    [[nodiscard]] bool isWriting() const { return m_isWriting; }

signals:
    void writing();                                        ///< the model is asked for a summary
    void promptProgress(int done, int total);              ///< tokens of that prompt
    void deviceFailed(const QString& sentence);            ///< it goes on elsewhere
    void finished(const lares::app::Condenser::End& end);  ///< once; nothing: it was stopped

private:
    void goOn();
    void takeEvents(const std::vector<EngineEvent>& batch);
    void takeAnswer(const Generation& generation);
    void takeFailure(const Error& error);
    void finish(const End& end);

    TokenSource* m_tokens;
    Condensing m_condensing;
    QFutureWatcher<Result<PromptView>> m_measuring;
    bool m_isWriting = false;
    bool m_isOver = false;
};

/// Keeps a summary for the branches below a message, or takes it away: in the model, and on disk.
void keepSummary(const std::shared_ptr<ConversationModel>& conversation,
                 MessageSaver& saver,
                 MessageId message,
                 const std::optional<BranchSummary>& summary);
[[nodiscard]] BranchSummary branchSummary(const CondensedText& text);

}  // namespace lares::app
