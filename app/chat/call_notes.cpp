#include "app/chat/call_notes.h"

#include "app/chat/call_changes.h"
#include "app/chat/call_sources.h"

#include <QJsonArray>

#include <string>
#include <vector>

namespace lares::app {
namespace {

QJsonArray listOf(const std::vector<std::string>& texts) {
    QJsonArray list;
    for (const std::string& one : texts) list.append(QString::fromStdString(one));
    return list;
}

}  // namespace

void noteRequest(Part& call, const PermissionRequest& request) {
    std::vector<std::string> paths = {request.path};
    if (request.change) {
        paths = {request.change->before, request.change->after};
        if (!request.change->note.empty())
            call.data["change"] = QString::fromStdString(request.change->note);
    }
    std::erase(paths, std::string());
    call.data["paths"] = listOf(paths);
}

void noteOutcome(Part& call, const ToolOutcome& outcome) {
    if (!outcome.layers.empty()) call.data["layers"] = listOf(outcome.layers);
    if (!outcome.paths.empty()) call.data["paths"] = listOf(outcome.paths);
    if (!outcome.sources.empty()) setSources(call, outcome.sources);
    if (call.data.contains("allowedBy")) return;
    if (!outcome.is_error && isPastTool(call.toolName)) {
        call.data["allowedBy"] = "setting";
    } else if (!outcome.paths.empty()) {
        call.data["allowedBy"] = "grant";
    } else if (!outcome.is_error) {
        call.data["allowedBy"] = "none";
    }
}

}  // namespace lares::app
