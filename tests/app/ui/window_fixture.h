#pragma once

#include "app/chat/chat_controller.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/store/conversation_store.h"
#include "app/ui/appearance.h"
#include "app/ui/main_window.h"

#include <QTemporaryDir>

#include <memory>

class QAbstractButton;

namespace lares::test {

/// The whole window on a store in a folder of its own and scripted answers, shown and ready.
/// The home folder is in that folder too, with an empty Documents.
class WindowFixture {
public:
    explicit WindowFixture(const char* script = R"([{"steps": [{"text": "Hello."}]}])",
                           const app::DownloadOptions& download = {},
                           const CommandSandbox* sandbox = nullptr);
    ~WindowFixture();
    WindowFixture(const WindowFixture&) = delete;
    WindowFixture& operator=(const WindowFixture&) = delete;

    app::ChatController& controller() { return *m_controller; }
    app::MainWindow& window() { return *m_window; }
    app::ConversationStore& store() { return *m_store; }
    app::ScriptedTokenSource& tokens() { return m_tokens; }
    app::Appearance& appearance() { return m_appearance; }
    /// Where everything of the program lies; in the home folder, where a system lets a test have
    /// one.
    [[nodiscard]] QString dataFolder() const { return m_folder.path() + "/data"; }

    /// The program ends and starts again, on what is on the disk. Closed: as a user ends it; Lost:
    /// without a word to the window.
    enum class End { Closed, Lost };
    void restart(End end);

    /// False when it did not become ready in time.
    [[nodiscard]] bool loadModel();
    /// A conversation with one question and its answer.
    [[nodiscard]] bool converse(const QString& question);
    /// The visible button with this text or accessible name, or null.
    [[nodiscard]] QAbstractButton* button(const QString& name) const;

private:
    void start();

    const app::DownloadOptions m_download;
    const CommandSandbox* m_sandbox;
    QTemporaryDir m_folder;
    std::unique_ptr<app::ConversationStore> m_store;
    app::ScriptedTokenSource m_tokens;
    app::Appearance m_appearance;
    std::unique_ptr<app::ChatController> m_controller;
    std::unique_ptr<app::MainWindow> m_window;
};

}  // namespace lares::test
