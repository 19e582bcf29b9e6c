#include "app/panel/activity_entry.h"

#include "app/chat/call_changes.h"
#include "tools/sandbox/display_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

namespace lares::app {
namespace {

using State = ActivityEntry::State;

struct ActivityText {
    Q_DECLARE_TR_FUNCTIONS(Activity)
};

State stateOf(const Part& call) {
    switch (call.callState) {
        case Part::CallState::Waiting:
            return State::Waiting;
        case Part::CallState::None:
        case Part::CallState::Running:
            return State::Running;
        case Part::CallState::Denied:
            return State::Refused;
        case Part::CallState::Failed:
            return isUndone(call) ? State::Undone : State::Failed;
        case Part::CallState::Done:
            break;
    }
    return isUndone(call) ? State::Undone : State::Done;
}

QString durationOf(qint64 ms) {
    if (ms < 1000) return ActivityText::tr("%1 ms").arg(ms);
    return ActivityText::tr("%1 s").arg(QLocale().toString(double(ms) / 1000, 'f', 1));
}

QString shortAllowance(const QString& how) {
    if (how == u"once") return ActivityText::tr("allowed once");
    if (how == u"conversation") return ActivityText::tr("allowed for this conversation");
    if (how == u"always") return ActivityText::tr("always allowed");
    if (how == u"grant") return ActivityText::tr("allowed earlier");
    return {};
}

QString allowanceSentence(const QString& how) {
    if (how == u"once") return ActivityText::tr("You allowed it, this once.");
    if (how == u"conversation")
        return ActivityText::tr("You allowed it, and the like for this conversation.");
    if (how == u"always") return ActivityText::tr("You allowed it, and the like from then on.");
    if (how == u"grant") return ActivityText::tr("A permission covered it that you gave before.");
    if (how == u"setting") {
        return ActivityText::tr(
            "A setting lets the assistant search earlier conversations: Settings → Memory.");
    }
    if (how == u"none") return ActivityText::tr("It needed no permission: it touches no files.");
    return {};
}

QString oneLine(const QString& text) {
    return QString::fromStdString(display_text(text.toStdString()));
}

QString titleOf(const Part& call) {
    if (!call.summary.isEmpty()) return oneLine(call.summary);
    if (!call.toolName.isEmpty()) return oneLine(call.toolName);
    return ActivityText::tr("A call that cannot be read");
}

/// The arguments without the signs of JSON; what is no object is shown as it is.
QString argumentLines(const QString& json) {
    const QJsonDocument document = QJsonDocument::fromJson(json.toUtf8());
    if (!document.isObject()) return shownText(json);
    const QJsonObject object = document.object();
    QStringList lines;
    for (auto at = object.begin(); at != object.end(); ++at) {
        QString value = at->toString();
        if (!at->isString()) {
            value =
                QString::fromUtf8(QJsonDocument(QJsonArray{*at}).toJson(QJsonDocument::Compact));
            value = value.mid(1, value.size() - 2);
        }
        lines << oneLine(at.key()) + (value.contains('\n') ? ":\n" : ": ") + shownText(value);
    }
    return lines.join('\n');
}

QStringList textsIn(const QJsonValue& list) {
    QStringList texts;
    for (const QJsonValue one : list.toArray()) texts << oneLine(one.toString());
    return texts;
}

}  // namespace

QString shownText(const QString& text) {
    // Line ends and tabs are what a text has anyway.
    QStringList lines = text.split('\n');
    for (QString& line : lines) {
        QStringList cells = line.split('\t');
        for (QString& cell : cells) cell = oneLine(cell);
        line = cells.join('\t');
    }
    return lines.join('\n');
}

QString stateName(State state) {
    switch (state) {
        case State::Waiting:
            return ActivityText::tr("waiting for you");
        case State::Running:
            return ActivityText::tr("running");
        case State::Done:
            return ActivityText::tr("done");
        case State::Refused:
            return ActivityText::tr("not allowed");
        case State::Failed:
            return ActivityText::tr("failed");
        case State::Undone:
            return ActivityText::tr("undone");
    }
    return {};
}

std::vector<ActivityEntry> activityOf(const ChatMessage& message) {
    std::vector<ActivityEntry> entries;
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const Part& call = message.parts[i];
        if (call.kind != Part::Kind::ToolCall) continue;
        ActivityEntry entry;
        entry.message = message.id;
        entry.part = i;
        entry.state = stateOf(call);
        entry.title = titleOf(call);
        entry.isChange = isChangeTool(call.toolName);
        QStringList details = {stateName(entry.state)};
        if (call.durationMs > 0) details << durationOf(call.durationMs);
        const QString allowed = shortAllowance(call.data["allowedBy"].toString());
        if (!allowed.isEmpty()) details << allowed;
        entry.detail = details.join(QStringLiteral(" · "));
        entries.push_back(std::move(entry));
    }
    return entries;
}

ActivityDetails detailsOf(const ChatMessage& message, std::size_t part) {
    const Part& call = message.parts[part];
    ActivityDetails details;
    details.tool = oneLine(call.toolName);
    details.allowed = allowanceSentence(call.data["allowedBy"].toString());
    details.arguments = argumentLines(call.text);
    details.paths = textsIn(call.data["paths"]);
    details.change = oneLine(call.data["change"].toString());
    details.layers = textsIn(call.data["layers"]).join(QStringLiteral(", "));
    details.nUndoable = static_cast<int>(undoableChanges(call).size());
    if (part + 1 < message.parts.size() && message.parts[part + 1].kind == Part::Kind::ToolResult) {
        const QString& result = message.parts[part + 1].text;
        details.resultBytes = result.toUtf8().size();
        details.result = shownText(result);
    }
    return details;
}

}  // namespace lares::app
