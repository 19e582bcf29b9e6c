#pragma once

#include "app/chat/chat_controller.h"

#include <QHash>
#include <QSet>
#include <QWidget>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class ServerForm;
class TextLabel;

/// In Settings: the tool servers, and where one is added. UI thread only.
class ServersSection : public QWidget {
    Q_OBJECT

public:
    ServersSection(const Appearance* appearance,
                   ChatController* controller,
                   QWidget* parent = nullptr);

    void importFrom(const QString& path);  ///< of another program's settings

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showServers();
    void setAdding(bool isAdding);
    void add(const McpServerConfig& config);
    void chooseImport();
    /// Says what did not work; a success needs no word, the list shows it.
    void follow(ChatController::ServerReply reply);
    void say(const QString& sentence);

    const Appearance* m_appearance;
    ChatController* m_controller;
    QVBoxLayout* m_list;
    ServerForm* m_form;
    QWidget* m_choices;
    Button* m_add;
    Button* m_import;
    TextLabel* m_result;
    QSet<QString> m_unfolded;
    QString m_askingToRemove;
    QString m_focused;  ///< the accessible name of the button that had the focus
};

}  // namespace lares::app
