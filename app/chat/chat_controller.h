#pragma once

#include "app/chat/chat_message.h"
#include "app/engine_bridge/token_source.h"
#include "app/personas/persona.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <vector>

namespace lares::app {

class ConversationListModel;
class ConversationModel;
class ConversationStore;
class TokenSource;

/// What a waiting call asks the user. Made by the broker, never from the model's prose.
struct PermissionQuestion {
    MessageId message = 0;
    int part = 0;    ///< index of the ToolCall in that message
    QString verb;    ///< "List the folder", "Read the file"
    QString object;  ///< "Documents": the last component
    QString path;    ///< the resolved real path, escaped for display
    QString folder;  ///< what a grant would cover
    QString effect;  ///< "Read only. Nothing is changed."
};
enum class PermissionAnswer { Once, Conversation, Always, No };

/// A folder that may be read now, as Settings lists it.
struct GrantInfo {
    QString folder;
    QString duration;  ///< "Always", "This conversation"
    ConversationId conversation = 0;
    qint64 id = 0;
};

/// Everything between the window and its models: conversations, the turn with its tool loop,
/// permissions, the model's loading. The window calls slots and shows signals; decisions are here.
/// UI thread only; nothing waits (store, engine and tools answer through futures and signals).
class ChatController : public QObject {
    Q_OBJECT

public:
    enum class ModelState { None, Loading, Ready, Failed };
    struct Dependencies {
        ConversationStore* store = nullptr;  ///< null: nothing can be kept; the window says so
        TokenSource* tokens = nullptr;
        std::vector<Persona> personas;     ///< the first answers new conversations
        std::filesystem::path demoModel;   ///< Lares Mini
        std::filesystem::path dataFolder;  ///< never granted to a tool
    };
    explicit ChatController(const Dependencies& dependencies, QObject* parent = nullptr);
    ~ChatController() override;

    /// Reads settings, grants and the conversations; opens the last one. `ready` follows.
    void start();

    [[nodiscard]] ConversationListModel* conversations() const;
    /// The one that is shown; never null. It is replaced when another is opened
    /// (`conversationChanged`).
    [[nodiscard]] ConversationModel* conversation() const;
    [[nodiscard]] bool isConversationLoading() const;

    [[nodiscard]] const std::vector<Persona>& personas() const;
    [[nodiscard]] const Persona& persona() const;  ///< of the shown conversation
    [[nodiscard]] QStringList examples() const;  ///< three questions that work with the tools here

    [[nodiscard]] bool isAnswering() const;      ///< in the shown conversation
    [[nodiscard]] bool isBusyElsewhere() const;  ///< an answer is written in another one
    [[nodiscard]] ModelState modelState() const;
    [[nodiscard]] QString modelName() const;
    /// Where it computes.
    [[nodiscard]] const DeviceInfo& device() const;
    [[nodiscard]] bool isDemoModel() const;
    [[nodiscard]] const PermissionQuestion* question() const;  ///< null: none waits here

    [[nodiscard]] std::vector<GrantInfo> grants() const;
    [[nodiscard]] QJsonValue setting(const QString& key) const;

public slots:
    void loadModel(const QString& path);  ///< empty: the demo model
    void cancelLoading();

    void newConversation();
    void openConversation(lares::app::ConversationId id);
    void renameConversation(lares::app::ConversationId id, const QString& title);
    void pinConversation(lares::app::ConversationId id, bool isPinned);
    void deleteConversation(lares::app::ConversationId id);  ///< `deleted` follows: offer Undo
    void restoreConversation(lares::app::ConversationId id);
    void setPersona(const QString& id);
    void setThinking(bool isOn);  ///< for the next answers
    void saveDraft(const QString& text);

    void send(const QString& text);
    void stop();
    void edit(lares::app::MessageId userMessage,
              const QString& text);                 ///< another version, answered
    void regenerate(lares::app::MessageId answer);  ///< another version
    void showVersion(lares::app::MessageId message, int version);
    void answerQuestion(lares::app::PermissionAnswer answer);

    void revokeGrant(const lares::app::GrantInfo& grant);
    void setSetting(const QString& key, const QJsonValue& value);

signals:
    void ready();
    void conversationChanged();
    void conversationLoaded();
    void personaChanged();
    void answeringChanged();
    void questionChanged();
    void modelStateChanged();
    void modelProgress(double share);
    void modelFailed(const QString& sentence);
    /// The prompt is being read: tokens so far, tokens in all.
    void promptProgress(int done, int total);
    void statsChanged(double tokensPerSecond, double firstTokenMs, int contextUsed, int contextMax);
    void deleted(lares::app::ConversationId id, const QString& title);
    /// A message could not be stored, so it was not sent: the composer shows it again.
    void notSent(const QString& text);
    void grantsChanged();
    void settingChanged(const QString& key);
    /// Something failed that has no message to stand in: a sentence with the next step, and what
    /// "Copy details" copies.
    void problem(const QString& sentence, const QString& details);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares::app

Q_DECLARE_METATYPE(lares::app::PermissionAnswer)
