#pragma once

#include "app/chat/chat_controller.h"

#include <QPointer>
#include <QWidget>

class QFileDialog;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// The part of Settings about the log of tool calls: how much it holds, whether all of it is as it
/// was written, a copy of it as a file, and a way to delete it, asked for twice. UI thread only;
/// the controller looks elsewhere.
class ToolLogSection : public QWidget {
    Q_OBJECT

public:
    ToolLogSection(const Appearance* appearance,
                   ChatController* controller,
                   QWidget* parent = nullptr);

    void look();  ///< shows the figures of now

protected:
    void showEvent(QShowEvent* event) override;

private:
    void check();
    void chooseFile();
    void erase();
    void setAsking(bool isAsking);
    /// Until it is answered the buttons wait.
    void take(ChatController::ToolLogReply reply, const QString& whenDone);
    void showState(const Result<ToolLogState>& state, const QString& more);
    void setBusy(bool isBusy);

    ChatController* m_controller;
    TextLabel* m_text;
    TextLabel* m_result;
    Button* m_check;
    Button* m_export;
    Button* m_delete;
    Button* m_confirm;
    Button* m_keep;
    QPointer<QFileDialog> m_dialog;
    bool m_isEmpty = true;
};

}  // namespace lares::app
