// The part of the controller about the log of tool calls. It is looked at on a thread of its own.
#include "app/chat/chat_controller_impl.h"

#include <QFileInfo>
#include <QtConcurrent>

namespace lares::app {
namespace {

ToolLogState stateOf(const AuditReport& report) {
    ToolLogState state;
    state.entries = report.n_entry;
    if (report.first_ms > 0) state.since = QDateTime::fromMSecsSinceEpoch(report.first_ms);
    state.problem = QString::fromStdString(report.problem);
    return state;
}

/// What `look` finds; an empty log where none was begun.
template <class Look>
Result<ToolLogState> lookAt(LazyAudit& log, const Look& look) {
    if (!log.is_there()) return ToolLogState{};
    ASSIGN_OR_RETURN(AuditLog * opened, log.get());
    ASSIGN_OR_RETURN(const AuditReport report, look(*opened));
    return stateOf(report);
}

}  // namespace

/// At a start, so that a log that was damaged is said before an answer needs it.
void ChatController::Impl::openToolLog() {
    if (!keepsToolLog) return;
    QtConcurrent::run(&logThread, [this]() -> QString {
        if (!toolLog.is_there()) return {};
        const Result<AuditLog*> opened = toolLog.get();
        return QString::fromStdString(opened ? (*opened)->take_notice() : opened.error().message);
    }).then(&controller, [this](const QString& notice) { sayOfToolLog(notice); });
}

void ChatController::Impl::writeToolLog(const std::function<Result<void>(AuditLog&)>& write) {
    const Result<AuditLog*> opened = toolLog.get();
    const Result<void> written = opened ? write(**opened) : Result<void>(opened.error());
    if (written) return;
    const QString sentence = QString::fromStdString(written.error().message);
    QMetaObject::invokeMethod(&controller, [this, sentence] { sayOfToolLog(sentence); });
}

void ChatController::Impl::logRevoked(const GrantInfo& grant) {
    if (!keepsToolLog) return;
    RevokedGrant revoked{grant.id, {}, grant.isForChanges, {}};
    if (!temporaryModel(grant.conversation)) revoked.folder = grant.folder.toStdString();
    if (grant.conversation != 0) revoked.conversation = std::to_string(grant.conversation);
    (void)QtConcurrent::run(&logThread, [this, revoked] {
        writeToolLog([&](AuditLog& log) { return log.revoked(revoked); });
    });
}

void ChatController::Impl::sayOfToolLog(const QString& notice) {
    if (!notice.isEmpty()) emit controller.problem(notice, notice);
}

/// One that was damaged under way: the calls went on in a new one.
void ChatController::Impl::askToolLog() {
    QtConcurrent::run(&logThread, [this] {
        return QString::fromStdString(toolLog.take_notice());
    }).then(&controller, [this](const QString& notice) { sayOfToolLog(notice); });
}

/// What was deleted 30 days ago goes for good.
void ChatController::Impl::emptyTrash() {
    store->expiredTrash().then(
        &controller, [this](const Result<std::vector<ConversationId>>& expired) {
            if (!expired || expired->empty()) return;
            forgetCalls(*expired).then(&controller, [this, ids = *expired](
                                                        const Result<void>& forgotten) {
                if (forgotten) {
                    store->emptyTrash(ids);
                    return;
                }
                const QString why = QString::fromStdString(forgotten.error().message);
                emit controller.problem(tr("What was deleted long ago is still there: the tool log "
                                           "cannot let go of it. %1")
                                            .arg(why),
                                        why);
            });
        });
}

/// What the log of tool calls has of these. Before they are deleted, so that nothing private is
/// left over where the program ends in between.
QFuture<Result<void>> ChatController::Impl::forgetCalls(const std::vector<ConversationId>& ids) {
    return QtConcurrent::run(&logThread, [this, ids]() -> Result<void> {
        if (!keepsToolLog || !toolLog.is_there()) return {};
        std::vector<std::string> names;
        names.reserve(ids.size());
        for (const ConversationId id : ids) names.push_back(std::to_string(id));
        ASSIGN_OR_RETURN(AuditLog * opened, toolLog.get());
        return opened->forget(names);
    });
}

bool ChatController::keepsToolLog() const {
    return m_impl->keepsToolLog;
}

ChatController::ToolLogReply ChatController::toolLog() const {
    return QtConcurrent::run(&m_impl->logThread, [log = &m_impl->toolLog] {
        return lookAt(*log, [](AuditLog& opened) { return opened.summary(); });
    });
}

ChatController::ToolLogReply ChatController::checkToolLog() {
    return QtConcurrent::run(&m_impl->logThread, [log = &m_impl->toolLog] {
        return lookAt(*log, [](AuditLog& opened) { return opened.check(); });
    });
}

QFuture<Result<qint64>> ChatController::exportToolLog(const QString& path) {
    return QtConcurrent::run(
        &m_impl->logThread, [log = &m_impl->toolLog, path]() -> Result<qint64> {
            ASSIGN_OR_RETURN(AuditLog * opened, log->get());
            ASSIGN_OR_RETURN(const std::int64_t n,
                             opened->export_lines(QFileInfo(path).filesystemFilePath()));
            return qint64{n};
        });
}

ChatController::ToolLogReply ChatController::deleteToolLog() {
    return QtConcurrent::run(&m_impl->logThread,
                             [log = &m_impl->toolLog]() -> Result<ToolLogState> {
                                 RETURN_IF_ERROR(AuditLog::erase(log->folder()));
                                 ASSIGN_OR_RETURN(AuditLog * opened, log->get());
                                 ASSIGN_OR_RETURN(const AuditReport report, opened->summary());
                                 return stateOf(report);
                             });
}

}  // namespace lares::app
