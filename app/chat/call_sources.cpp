#include "app/chat/call_sources.h"

#include <QJsonArray>

namespace lares::app {
namespace {

constexpr QLatin1String kSources("sources");
constexpr QLatin1String kOtherConversation("conversation");

QJsonObject toJson(const ToolSource& source) {
    QJsonObject json = {{"path", QString::fromStdString(source.path)},
                        {"page", QString::fromStdString(source.page)}};
    if (!source.message) return json;
    json[kOtherConversation] = qint64{source.message->conversation};
    json["message"] = qint64{source.message->message};
    json["saidAt"] = qint64{source.message->said_at_ms};
    return json;
}

}  // namespace

void setSources(Part& call, const std::vector<ToolSource>& sources) {
    QJsonArray list;
    for (const ToolSource& source : sources) list.append(toJson(source));
    call.data[kSources] = list;
}

std::vector<CallSource> sourcesOf(const Part& call) {
    std::vector<CallSource> sources;
    for (const QJsonValue& json : call.data[kSources].toArray()) {
        CallSource source;
        source.path = json["path"].toString();
        source.page = json["page"].toString();
        source.conversation = json[kOtherConversation].toInteger();
        source.message = json["message"].toInteger();
        if (const qint64 at = json["saidAt"].toInteger(); at != 0)
            source.when = QDateTime::fromMSecsSinceEpoch(at, Qt::UTC);
        sources.push_back(std::move(source));
    }
    return sources;
}

void forgetPastSources(Part& call) {
    if (!call.data.contains(kSources)) return;
    QJsonArray files;
    for (const QJsonValue& source : call.data[kSources].toArray()) {
        if (!source.toObject().contains(kOtherConversation)) files.append(source);
    }
    call.data[kSources] = files;
    if (files.isEmpty()) call.data.remove(kSources);
}

}  // namespace lares::app
