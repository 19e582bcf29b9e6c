#pragma once

#include "tools/mcp/server_set.h"

#include <QWidget>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;

/// One tool server of the list in Settings: what it is, what it may read, what it offers, and what
/// can be done with it. Texts of the server's own are shown with what hides in them written out.
/// UI thread only.
class ServerRow : public QWidget {
    Q_OBJECT

public:
    struct State {
        bool isUnfolded = false;        ///< its tools are shown
        bool isAskingToRemove = false;  ///< instead of the buttons
        bool isBusy = false;            ///< something is done with it: no button works
    };
    ServerRow(const Appearance* appearance,
              const ServerInfo& info,
              const State& state,
              QWidget* parent = nullptr);

signals:
    void turnRequested(const QString& name, bool isOn);
    void lookRequested(const QString& name);
    void acceptRequested(const QString& name, const std::string& changesSha256);
    void removeRequested(const QString& name);
    void allowRequested(const QString& name, const QString& tool, bool isAllowed);
    /// What is shown of it changes; the page does that.
    void stateRequested(const QString& name, bool isUnfolded, bool isAskingToRemove);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addHead(QVBoxLayout* column);
    void addNews(QVBoxLayout* column);
    void addButtons(QVBoxLayout* column);
    void addTools(QVBoxLayout* column);
    Button* addButton(QWidget* row, const QString& text, const QString& name);
    void addLine(QVBoxLayout* column, const QString& text);

    const Appearance* m_appearance;
    const ServerInfo m_info;
    const QString m_name;
    const State m_state;
};

}  // namespace lares::app
