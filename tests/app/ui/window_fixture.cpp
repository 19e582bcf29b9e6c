#include "tests/app/ui/window_fixture.h"

#include "engine/base/json.h"

#include <QAbstractButton>
#include <QDir>
#include <QSignalSpy>
#include <QTest>

namespace lares::test {

WindowFixture::WindowFixture(const char* script,
                             const app::DownloadOptions& download,
                             const CommandSandbox* sandbox)
    : m_download(download), m_sandbox(sandbox), m_tokens(*parse_json(script)) {
    QDir(m_folder.path()).mkpath("Documents");
    qputenv("HOME", m_folder.path().toLocal8Bit());
    start();
}

WindowFixture::~WindowFixture() {
    m_controller->endWork();  // as main does
}

void WindowFixture::restart(End end) {
    if (end == End::Closed) m_window->close();
    m_controller->endWork();
    m_window.reset();
    m_controller.reset();
    m_store.reset();
    start();
}

void WindowFixture::start() {
    auto store = app::ConversationStore::open((m_folder.path() + "/data").toStdString());
    if (store) m_store = std::move(*store);
    app::ChatController::Dependencies dependencies;
    dependencies.store = m_store.get();
    dependencies.tokens = &m_tokens;
    dependencies.personas = {{"lares", "Lares", "You are Lares.", "Hello, I am Lares."},
                             {"clerk", "The Clerk", "You are the Clerk.", "Which file?"},
                             {"robin", "Robin", "You are Robin.", "Hi there!"}};
    dependencies.demoModel = "lares-mini.gguf";
    dependencies.download = m_download;
    dependencies.sandbox = m_sandbox;
    dependencies.dataFolder = (m_folder.path() + "/data").toStdString();
    m_controller = std::make_unique<app::ChatController>(dependencies);
    m_window = std::make_unique<app::MainWindow>(&m_appearance, m_controller.get(), "/data");
    QSignalSpy ready(m_controller.get(), &app::ChatController::ready);
    m_controller->start();
    if (ready.isEmpty()) ready.wait();
    m_window->restore();
    m_window->show();
    m_window->activateWindow();
    (void)QTest::qWaitForWindowActive(m_window.get());
}

bool WindowFixture::loadModel() {
    m_controller->loadModel({});
    return QTest::qWaitFor(
        [this] { return m_controller->modelState() == app::ChatController::ModelState::Ready; });
}

bool WindowFixture::converse(const QString& question) {
    m_controller->newConversation();
    m_controller->send(question);
    return QTest::qWaitFor([this] { return m_controller->isAnswering(); }) &&
           QTest::qWaitFor([this] { return !m_controller->isAnswering(); });
}

QAbstractButton* WindowFixture::button(const QString& name) const {
    for (QAbstractButton* button : m_window->findChildren<QAbstractButton*>()) {
        if (button->isVisible() && (button->text() == name || button->accessibleName() == name))
            return button;
    }
    return nullptr;
}

}  // namespace lares::test
