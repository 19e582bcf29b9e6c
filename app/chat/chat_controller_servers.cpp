// The part of the controller that has tool servers added, looked at and turned on. Their calls are
// the broker's; here they run on a thread of their own, so that a page of settings waits for none.
#include "app/chat/chat_controller_impl.h"

#include <QFile>
#include <QtConcurrent>

#include <utility>

namespace lares::app {
namespace {

constexpr qint64 kMaxServerSettings = 1 << 20;

std::string nameOfServer(const QString& name) {
    return name.toStdString();
}

}  // namespace

bool ChatController::keepsToolServers() const {
    return m_impl->keepsToolLog && m_impl->sandbox != nullptr;
}

std::vector<ServerInfo> ChatController::toolServers() const {
    return m_impl->servers.infos();
}

bool ChatController::isBusyWithServers() const {
    return m_impl->nServerJobs > 0;
}

QFuture<Result<void>> ChatController::Impl::onServers(
    std::function<Result<void>(ServerSet&, const std::stop_token&)> work) {
    ++nServerJobs;
    emit controller.toolServersChanged();
    return QtConcurrent::run(&serverThread,
                             [this, work = std::move(work), stop = ending.get_token()] {
                                 return work(servers, stop);
                             })
        .then(&controller, [this](const Result<void>& result) {
            --nServerJobs;
            lastAhead.clear();  // prompts have other tools now
            emit controller.toolServersChanged();
            return result;
        });
}

void ChatController::Impl::readServers() {
    if (!controller.keepsToolServers()) return;
    onServers([](ServerSet& set, const std::stop_token&) -> Result<void> {
        const Result<std::vector<std::string>> problems = set.load();
        if (!problems) return problems.error();
        if (!problems->empty()) return Error{ErrorCode::Corrupt, problems->front()};
        return {};
    }).then(&controller, [this](const Result<void>& read) {
        if (read) return;
        emit controller.problem(tr("Not all tool servers could be read: %1")
                                    .arg(QString::fromStdString(read.error().message)),
                                {});
    });
}

ChatController::ServerReply ChatController::addToolServer(const McpServerConfig& config) {
    return m_impl->onServers([config](ServerSet& set, const std::stop_token& stop) -> Result<void> {
        RETURN_IF_ERROR(set.add(config));
        return set.look(config.name, stop);
    });
}

ChatController::ServerReply ChatController::importToolServers(const QString& path) {
    return m_impl->onServers([path](ServerSet& set, const std::stop_token& stop) -> Result<void> {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            return Error{ErrorCode::Io,
                         tr("%1 cannot be read: %2").arg(path, file.errorString()).toStdString()};
        }
        const std::string text = file.read(kMaxServerSettings + 1).toStdString();
        ASSIGN_OR_RETURN(const auto configs, servers_from_settings(text));
        Result<void> all;
        for (const McpServerConfig& config : configs) {
            Result<void> one = set.add(config);
            if (one) one = set.look(config.name, stop);
            if (!one && all) all = std::move(one).error().with_context(config.name);
        }
        return all;
    });
}

ChatController::ServerReply ChatController::lookAtToolServer(const QString& name) {
    return m_impl->onServers(
        [name = nameOfServer(name)](ServerSet& set, const std::stop_token& stop) {
            return set.look(name, stop);
        });
}

ChatController::ServerReply ChatController::acceptToolServer(const QString& name,
                                                             const std::string& changesSha256) {
    return m_impl->onServers(
        [name = nameOfServer(name), changesSha256](ServerSet& set, const std::stop_token&) {
            return set.accept(name, changesSha256);
        });
}

ChatController::ServerReply ChatController::setToolServerOn(const QString& name, bool isOn) {
    return m_impl->onServers(
        [name = nameOfServer(name), isOn](ServerSet& set, const std::stop_token&) {
            return set.set_on(name, isOn);
        });
}

ChatController::ServerReply ChatController::setToolAllowed(const QString& server,
                                                           const QString& tool,
                                                           bool isAllowed) {
    return m_impl->onServers([name = nameOfServer(server), tool = nameOfServer(tool), isAllowed](
                                 ServerSet& set, const std::stop_token&) {
        return set.set_allowed(name, tool, isAllowed);
    });
}

ChatController::ServerReply ChatController::removeToolServer(const QString& name) {
    return m_impl->onServers([name = nameOfServer(name)](ServerSet& set, const std::stop_token&) {
        return set.remove(name);
    });
}

}  // namespace lares::app
