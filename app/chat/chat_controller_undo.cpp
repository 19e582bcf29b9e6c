// The part of the controller that takes changes back. The journal works on the tools' thread,
// behind whatever call runs there.
#include "app/chat/call_changes.h"
#include "app/chat/chat_controller_impl.h"

#include <QtConcurrent>

#include <algorithm>

namespace lares::app {
namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

}  // namespace

/// Opening it finds out what became of a change that was under way when the program ended.
void ChatController::Impl::openJournal() {
    if (!broker.can_change()) return;
    QtConcurrent::run(&toolThread, [this]() -> QString {
        const Result<UndoJournal*> opened = journal.get();
        return text(opened ? (*opened)->notice() : opened.error().message);
    }).then(&controller, [this](const QString& notice) {
        if (!notice.isEmpty()) emit controller.problem(notice, notice);
    });
}

/// The program ended while a call changed something, before the message could say so: the journal
/// knows it, and it can still be undone here.
void ChatController::Impl::findForgottenChanges(const std::shared_ptr<ConversationModel>& model,
                                                MessageId answer) {
    const ChatMessage* message = model->find(answer);
    const bool mayHave =
        message && std::any_of(message->parts.begin(), message->parts.end(),
                               [](const Part& part) { return isChangeTool(part.toolName); });
    if (!mayHave || !broker.can_change()) return;
    const std::string turn = journalTurnOf(*message);
    QtConcurrent::run(&toolThread, [this, turn] {
        std::vector<qint64> done;
        const Result<UndoJournal*> opened = journal.get();
        if (!opened) return done;
        if (const auto changes = (*opened)->changes_of_turn(turn)) {
            for (const FileChange& change : *changes) {
                if (change.state == FileChange::State::Done) done.push_back(change.id);
            }
        }
        return done;
    }).then(&controller, [this, model, answer](const std::vector<qint64>& changes) {
        const ChatMessage* found = model->find(answer);
        if (!found || changes.empty()) return;
        ChatMessage known = *found;
        if (!addForgottenChanges(known, changes)) return;
        model->update(known);
        saver.put(known, model, MessageSaver::When::Now);
    });
}

void ChatController::Impl::undo(const std::shared_ptr<ConversationModel>& model, MessageId answer) {
    const ChatMessage* message = model->find(answer);
    if (!message || isUndoing || turnOf(model->info().id)) return;
    const std::vector<qint64> made = undoableChanges(*message);
    if (made.empty()) return;
    const std::vector<ChangeId> changes(made.begin(), made.end());
    UndoneCalls logged{std::to_string(model->info().id), journalTurnOf(*message), {}, 0};
    isUndoing = true;
    QtConcurrent::run(&toolThread, [this, changes, logged]() mutable -> Result<UndoReport> {
        ASSIGN_OR_RETURN(UndoJournal * opened, journal.get());
        Result<UndoReport> report = opened->undo(changes);
        if (report && keepsToolLog && !report->undone.empty()) {
            logged.changes = report->undone;
            logged.n_kept = report->problems.size();
            writeToolLog([&](AuditLog& log) { return log.undone(logged); });
        }
        return report;
    }).then(&controller, [this, model, answer](const Result<UndoReport>& report) {
        undone(model, answer, report);
    });
}

void ChatController::Impl::undone(const std::shared_ptr<ConversationModel>& model,
                                  MessageId answer,
                                  const Result<UndoReport>& report) {
    isUndoing = false;
    if (!report) {
        emit controller.changesUndone(
            tr("Nothing could be undone: %1").arg(text(report.error().message)),
            text(report.error().message));
        return;
    }
    const ChatMessage* found = model->find(answer);
    std::vector<qint64> gone(report->undone.begin(), report->undone.end());
    gone.insert(gone.end(), report->undone_before.begin(), report->undone_before.end());
    if (found && !gone.empty()) {
        ChatMessage message = *found;
        markUndone(message, gone);
        model->update(message);
        saver.put(message, model, MessageSaver::When::Now);
    }
    QStringList reasons;
    for (const UndoReport::Problem& problem : report->problems) reasons << text(problem.sentence);
    const auto n = static_cast<int>(report->undone.size());
    const auto nAll = static_cast<int>(report->undone.size() + report->problems.size());
    const QString sentence =
        report->is_complete() && n == 0 ? tr("These changes were undone before.")
        : report->is_complete()         ? tr("Undid %Ln change(s) to files", nullptr, n)
                                        : tr("Undid %1 of %Ln change(s). %2", nullptr, nAll)
                                      .arg(QLocale().toString(n), reasons.front());
    emit controller.changesUndone(sentence, reasons.join('\n'));
}

void ChatController::undoChanges(MessageId answer) {
    m_impl->undo(m_impl->shown, answer);
}

MessageId ChatController::lastChanges() const {
    const ConversationModel& model = *m_impl->shown;
    for (int row = model.rowCount() - 1; row >= 0; --row) {
        if (!undoableChanges(model.messageAt(row)).empty()) return model.messageAt(row).id;
    }
    return 0;
}

}  // namespace lares::app
