#pragma once

#include "app/chat/chat_controller.h"
#include "app/ui/page.h"

namespace lares::app {

class DownloadPanel;

/// General, personas, model, permissions, about: one page, no dialog. Changes take effect at once.
/// UI thread only.
class SettingsPage : public Page {
    Q_OBJECT

public:
    SettingsPage(Appearance* appearance,
                 ChatController* controller,
                 const QString& dataFolder,
                 QWidget* parent = nullptr);

    void showModelSection();  ///< scrolls there

signals:
    void modelFileRequested();
    void personasRequested();
    void notesRequested();
    void closeRequested();

private:
    void buildGeneral();
    void buildPersonas();
    void buildNotes();
    void buildModel();
    void buildPermissions();
    void buildCommands();
    void buildLibrary();
    void buildServers();
    void buildToolLog();
    void buildReadings();
    void buildFiles();
    void buildTrash();
    void buildDesktop();
    void buildAbout(const QString& dataFolder);
    QWidget* makeThemeChoices();
    QWidget* makeLanguageChoices();
    QWidget* makeScaleChoices();
    QWidget* makeSendChoices();
    void addSetting(const QString& name, QWidget* control);
    void showChoices();
    void showModel();
    void addDownload();
    void showGrants();
    void showPastGrant();

    Appearance* m_changed;
    ChatController* m_controller;
    std::vector<Button*> m_themes;
    std::vector<std::pair<QString, Button*>> m_languages;  ///< by what the setting says
    Button* m_smaller = nullptr;
    Button* m_scale = nullptr;
    Button* m_larger = nullptr;
    Button* m_enterSends = nullptr;
    Button* m_controlSends = nullptr;
    TextLabel* m_modelHeading = nullptr;
    TextLabel* m_model = nullptr;
    DownloadPanel* m_download = nullptr;  ///< null: nothing can be downloaded
    QVBoxLayout* m_grants = nullptr;
    QWidget* m_pastGrant = nullptr;
};

}  // namespace lares::app
