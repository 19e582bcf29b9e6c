#include "app/start/summary_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/start/sample_conversations.h"
#include "app/start/wait_until.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/main_window.h"

#include <QApplication>

namespace lares::app {
namespace {

constexpr const char* kSampleSummary =
    "- The user wants the invoices in ~/Downloads sorted into ~/Documents/Invoices, by vendor.\n"
    "- 12 files are there; invoice-0417.pdf has no vendor in its name and stays where it is.\n"
    "- Decided: folders in lower case, years in four digits.\n"
    "- Open: whether the receipts of 2024 go along.";

void setSampleSummary(ConversationModel& model,
                      int row,
                      const std::optional<BranchSummary>& summary) {
    ChatMessage message = model.messageAt(row);
    message.summary = summary;
    model.update(message);
}

/// Opens the line, or closes it.
void pressSummary(TranscriptView& transcript, int row) {
    for (const TranscriptTarget& target : transcript.targets(row)) {
        if (target.kind == TranscriptTarget::Kind::Summary) return transcript.activate(target);
    }
}

}  // namespace

bool takeSummaryScreenshots(MainWindow& window,
                            ChatController& controller,
                            const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    TranscriptView& transcript = *window.chatPage()->transcript();
    controller.openConversation(kLongSample);
    waitUntil([&] { return !controller.isConversationLoading(); });
    ConversationModel& model = *controller.conversation();
    const int above = model.rowCount() - 3;
    const MessageId below = model.messageAt(above + 1).id;
    setSampleSummary(model, above, BranchSummary{kSampleSummary, false});
    transcript.setSummaryOffer(true, false);
    transcript.scrollToMessage(below);
    isSaved &= save("summary");
    pressSummary(transcript, above + 1);
    isSaved &= save("summary-open");
    for (const TranscriptTarget& target : transcript.targets(above + 1)) {
        if (target.kind == TranscriptTarget::Kind::SummaryAction) transcript.focusTarget(target);
    }
    isSaved &= save("summary-focus");
    transcript.setSummaryOffer(true, true);
    isSaved &= save("summary-rewriting");
    const QJsonValue theme = controller.setting("theme");
    controller.setSetting("theme", "high-contrast");
    isSaved &= save("summary-contrast");
    controller.setSetting("theme", theme);
    transcript.setSummaryOffer(false, false);
    setSampleSummary(model, above, BranchSummary{{}, true});
    isSaved &= save("summary-left-out");
    setSampleSummary(model, above, BranchSummary{kSampleSummary, true});
    controller.setSetting("fontScale", 2.0);
    const QSize size = window.size();
    window.resize(window.minimumSize());
    transcript.scrollToMessage(below);
    isSaved &= save("summary-small-window-large-text");
    window.resize(size);
    controller.setSetting("fontScale", 1.0);
    setSampleSummary(model, above, std::nullopt);

    controller.newConversation();
    controller.send("Name three rivers of Europe.");
    waitUntil([&] { return controller.isAnswering(); });
    emit controller.condensing(4200, 18'300);
    isSaved &= save("condensing");
    controller.stop();
    waitUntil([&] { return !controller.isAnswering(); });
    return isSaved;
}

}  // namespace lares::app
