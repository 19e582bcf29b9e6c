#pragma once

#include "app/chat/chat_controller.h"
#include "app/panel/side_panel.h"
#include "app/ui/banner.h"
#include "app/ui/window_commands.h"

#include <QPointer>
#include <QWidget>

#include <memory>

class QFileDialog;
class QSplitter;
class QStackedWidget;
class QTemporaryDir;

namespace lares::app {

class Appearance;
class ChatPage;
class ConversationList;
class DownloadBar;
class FirstRunPage;
class HeaderBar;
class KeysPage;
class LoadBar;
class NotesPage;
class Palette;
class PanelHost;
class PersonasPage;
class SettingsPage;
class TemporaryBar;
class Toast;
struct PaletteEntry;

/// The window: puts the parts together, carries wishes to the controller and its signals to the
/// parts. Keeps its size, the list's width and whether it is hidden in the settings. UI thread
/// only.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    /// `dataFolder` is only shown; empty: nothing is kept.
    MainWindow(Appearance* appearance,
               ChatController* controller,
               const QString& dataFolder,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Size and list as they were left. After the controller's `ready`, before the first show.
    void restore();
    // main_window_desktop.cpp: into the front, wherever it was
    void comeForward();
    void openConversation(ConversationId id);
    void beginConversation();
    void beginTemporaryConversation();
    /// False: something would be lost, a temporary conversation or what a full disk did not take,
    /// and the user is asked, in the window. `end` follows when the answer is to go.
    [[nodiscard]] bool mayEnd(const std::function<void()>& end);
    void showFirstRun();
    void showChat();
    void focusPage();
    void showSettings();
    void showKeys();
    void showPersonas();
    void showNotes();  ///< what the assistant remembers
    void showDemoNote();
    void showProblem(const QString& sentence);
    void setPanelOpen(bool isOpen);  ///< the right panel
    void run(WindowCommand command);
    /// Whether it would do anything now; the palette offers no other. Keys say why they do nothing.
    [[nodiscard]] bool canRun(WindowCommand command) const;

    [[nodiscard]] ChatPage* chatPage() const { return m_chat; }
    [[nodiscard]] ConversationList* list() const { return m_list; }
    [[nodiscard]] HeaderBar* header() const { return m_header; }
    [[nodiscard]] Banner* banner() const { return m_banner; }
    [[nodiscard]] Toast* toast() const { return m_toast; }
    [[nodiscard]] FirstRunPage* firstRun() const { return m_firstRun; }
    [[nodiscard]] SettingsPage* settingsPage() const { return m_settings; }
    [[nodiscard]] SidePanel* panel() const { return m_panel; }
    [[nodiscard]] PanelHost* panelHost() const { return m_panelHost; }
    [[nodiscard]] PersonasPage* personasPage() const { return m_personas; }
    [[nodiscard]] NotesPage* notesPage() const { return m_notes; }
    [[nodiscard]] Palette* commandPalette() const { return m_palette; }

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void layOut();
    void connectList();
    void connectHeader();
    void connectPages();
    void connectController();
    void connectDownload();
    // main_window_panel.cpp
    void connectPanel();
    void restorePanel();
    void savePanel();
    void showPanel();
    void leavePanel();
    void showPrompt(MessageId answer);
    // main_window_notes.cpp
    void connectNotes();
    void remember(MessageId message, const QString& text);
    void rememberShown();
    void usePresentNotes();
    // main_window_folders.cpp
    void connectFolders();
    void restoreFolded();
    void saveFolded();
    // main_window_export.cpp
    void connectExport();
    void chooseExport(ConversationId id);
    void exportTo(ConversationId id, const QString& path, const QString& filter);
    void printConversation(ConversationId id);
    void duplicate(ConversationId id);
    // main_window_ending.cpp
    void connectEnding();
    [[nodiscard]] bool mayLoseUnsaved(const std::function<void()>& end);
    [[nodiscard]] bool mayLoseTemporary(const std::function<void()>& end);
    void showProblemSolved(const QString& sentence);
    // main_window_temporary.cpp
    void connectTemporary();
    void openTemporary();
    void showTemporary();
    void keep(const std::vector<ConversationId>& ids, const std::function<void()>& then = {});
    void removeConversation(ConversationId id);
    void ask(const QString& question, std::vector<Banner::Action> answers);
    // main_window_attachments.cpp
    void connectAttachments();
    void chooseAttachments();
    // main_window_commands.cpp
    void addKeys();
    void runOnConversation(WindowCommand command);
    void runOnLook(WindowCommand command);
    void togglePin();
    // main_window_palette.cpp
    void openPalette();
    [[nodiscard]] std::vector<PaletteEntry> paletteCommands();
    [[nodiscard]] std::vector<PaletteEntry> paletteConversations();
    void showPanelTab(SidePanel::Tab tab);
    void applyTheme();
    void applySetting(const QString& key);
    void showConversation();
    void showTitle();
    void showModelState();
    void showModelFailure(const QString& sentence);
    void refuseSend(const QString& sentence);
    [[nodiscard]] std::vector<Banner::Action> waysToAModel();
    void open(ConversationId id);
    void openNew();
    void openNeighbour(int step);
    void setListShown(bool isShown);
    void chooseModelFile();
    void zoom(double by);
    void undoLastChanges();
    void offerPersonaBack(const Persona& persona, bool wasOwn);
    void placeToast();
    void finishFirstRun();
    void saveLayout();
    [[nodiscard]] bool isTypingForComposer(const QObject* watched, const QKeyEvent* event) const;

    Appearance* m_appearance;
    ChatController* m_controller;
    QStackedWidget* m_outer;
    QSplitter* m_splitter;
    ConversationList* m_list;
    QWidget* m_right;
    HeaderBar* m_header;
    TemporaryBar* m_temporary;
    LoadBar* m_loadBar;
    DownloadBar* m_downloadBar;
    Banner* m_banner;
    QString m_unsavedQuestion;      ///< what the banner asked before the end
    bool m_mayLoseUnsaved = false;  ///< it was answered so
    QString m_modelSentence;        ///< what the banner said last of a model that is missing
    QStackedWidget* m_pages;
    ChatPage* m_chat;
    SettingsPage* m_settings;
    PersonasPage* m_personas;
    NotesPage* m_notes;
    KeysPage* m_keys;
    FirstRunPage* m_firstRun;
    SidePanel* m_panel;
    PanelHost* m_panelHost;
    bool m_isPanelOpen = false;  ///< where there is a conversation beside it
    Toast* m_toast;
    Palette* m_palette;
    QPointer<QFileDialog> m_fileDialog;
    std::unique_ptr<QTemporaryDir> m_printed;  ///< pages that a program of the desktop's shows
    QMetaObject::Connection m_infoChanges;
};

}  // namespace lares::app
