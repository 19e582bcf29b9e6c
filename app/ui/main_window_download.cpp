#include "app/approval/approval_card.h"
#include "app/ui/chat_page.h"
#include "app/ui/conversation_list.h"
#include "app/ui/download_bar.h"
#include "app/ui/first_run_page.h"
#include "app/ui/main_window.h"
#include "app/ui/settings_page.h"

namespace lares::app {

void MainWindow::connectDownload() {
    ModelDownload* download = m_controller->download();
    connect(m_downloadBar, &DownloadBar::useRequested, m_controller, &ChatController::loadDownload);
    connect(m_firstRun, &FirstRunPage::downloadUseRequested, m_controller, [this, download] {
        download->acknowledge();
        m_controller->loadDownload();
    });
    const auto show = [this, download] {
        m_chat->setDownloading(download->state() == ModelDownload::State::Running);
    };
    connect(download, &ModelDownload::changed, this, show);
    show();
}

std::vector<Banner::Action> MainWindow::waysToAModel() {
    std::vector<Banner::Action> ways;
    const auto state = m_controller->download()->state();
    if (state == ModelDownload::State::Finished && !m_controller->usesDownload())
        ways.push_back({tr("Use the downloaded model"), [this] { m_controller->loadDownload(); }});
    if (state == ModelDownload::State::Offered)
        ways.push_back({tr("Download…"), [this] {
                            showSettings();
                            m_settings->showModelSection();
                        }});
    ways.push_back({tr("Choose a file…"), [this] { chooseModelFile(); }});
    ways.push_back({tr("Try the demo model"), [this] { m_controller->loadModel({}); }});
    return ways;
}

}  // namespace lares::app
