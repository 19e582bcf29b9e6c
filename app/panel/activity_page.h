#pragma once

#include "app/chat/chat_controller.h"
#include "app/panel/activity_model.h"

#include <QWidget>

#include <array>
#include <optional>
#include <utility>

class QListView;
class QScrollArea;
class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class TextLabel;

/// "Activity": the tool calls of the conversation, and below them all that is known about the one
/// that is chosen. UI thread only.
class ActivityPage : public QWidget {
    Q_OBJECT

public:
    ActivityPage(const Appearance* appearance,
                 ChatController* controller,
                 QWidget* parent = nullptr);

    [[nodiscard]] ActivityModel* model() const { return m_model; }
    [[nodiscard]] QListView* list() const { return m_list; }

signals:
    void messageRequested(lares::app::MessageId message);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void layOut();
    void addFilters();
    void setFilter(ActivityModel::Filter filter);
    void followConversation();
    void choose(int row);
    void chosenChanged();
    void showDetails();
    void addDetails(const ChatMessage& message, std::size_t part);
    void addText(const QString& text, bool isCaption);
    void addCode(const QString& name, const QString& text);
    void showEmptiness();

    const Appearance* m_appearance;
    ChatController* m_controller;
    ActivityModel* m_model;
    std::array<Button*, 3> m_filters{};
    QListView* m_list;
    TextLabel* m_empty;
    QScrollArea* m_scroll;
    QWidget* m_details;
    QVBoxLayout* m_column;
    std::optional<std::pair<MessageId, std::size_t>> m_chosen;
};

}  // namespace lares::app
