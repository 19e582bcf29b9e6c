#pragma once

#include "tools/mcp/server_config.h"

#include <QWidget>

#include <optional>

class QLineEdit;

namespace lares::app {

class Appearance;
class Button;
class ComposerText;
class TextLabel;

/// Where a tool server is described: name, command line, the folders that it may read, variables.
/// The folders that the command line names are filled in until somebody writes there. UI thread
/// only.
class ServerForm : public QWidget {
    Q_OBJECT

public:
    explicit ServerForm(const Appearance* appearance, QWidget* parent = nullptr);

    void begin();  ///< empty, with the focus in the name
    /// Why it was not added; what was written stays.
    void showProblem(const QString& sentence);

signals:
    void addRequested(const lares::McpServerConfig& config);
    void leaveRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    TextLabel* addText(const QString& text);
    void fillFolders();
    void add();

    const Appearance* m_appearance;
    QLineEdit* m_name;
    QLineEdit* m_command;
    ComposerText* m_folders;
    ComposerText* m_variables;
    TextLabel* m_problem;
    Button* m_add;
    Button* m_leave;
    QString m_filled;  ///< what we wrote into m_folders last
};

}  // namespace lares::app
