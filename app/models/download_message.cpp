#include "app/models/download_message.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

namespace lares::app {
namespace {

using Event = DownloadMessage::Event;

constexpr std::array kEventNames = {"state", "progress", "stopped", "done", "error"};
constexpr std::array kPhaseNames = {"checking", "connecting", "downloading", "waiting",
                                    "verifying"};
constexpr qsizetype kMostLine = 16'384;
constexpr qsizetype kMostMessage = 2000;

template <std::size_t n>
std::optional<int> indexOf(const std::array<const char*, n>& names, const QString& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return {};
    return static_cast<int>(found - names.begin());
}

QByteArray lineOf(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

}  // namespace

QByteArray toLine(const DownloadMessage& message) {
    QJsonObject object{{"event", QString(kEventNames.at(static_cast<std::size_t>(message.event)))}};
    switch (message.event) {
        case Event::State:
            object["state"] = QString(kPhaseNames.at(static_cast<std::size_t>(message.phase)));
            if (message.phase == DownloadMessage::Phase::Waiting) {
                object["seconds"] = message.seconds;
                object["message"] = message.message;
            }
            break;
        case Event::Progress:
            object["total"] = message.total;
            [[fallthrough]];
        case Event::Stopped:
            object["done"] = message.done;
            break;
        case Event::Done:
            break;
        case Event::Error:
            object["code"] = message.code;
            object["message"] = message.message;
            break;
    }
    return lineOf(object);
}

std::optional<DownloadMessage> readMessage(const QByteArray& line) {
    if (line.size() > kMostLine) return {};
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const auto event = indexOf(kEventNames, object["event"].toString());
    if (!event) return {};
    DownloadMessage message;
    message.event = static_cast<Event>(*event);
    if (message.event == Event::State) {
        const auto phase = indexOf(kPhaseNames, object["state"].toString());
        if (!phase) return {};
        message.phase = static_cast<DownloadMessage::Phase>(*phase);
    }
    message.seconds = std::clamp(object["seconds"].toInt(), 0, 24 * 3600);
    message.total = std::max<qint64>(0, object["total"].toInteger());
    message.done = std::max<qint64>(0, object["done"].toInteger());
    message.code = object["code"].toString().left(kMostMessage);
    message.message = object["message"].toString().left(kMostMessage);
    return message;
}

QByteArray stopLine() {
    return lineOf({{"command", "stop"}});
}

bool isStopLine(const QByteArray& line) {
    return QJsonDocument::fromJson(line).object()["command"].toString() == "stop";
}

}  // namespace lares::app
