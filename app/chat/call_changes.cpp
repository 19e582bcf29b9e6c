#include "app/chat/call_changes.h"

#include "tools/registry/tool_registry.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace lares::app {
namespace {

constexpr QLatin1String kChanges("changes");
constexpr QLatin1String kUndone("undone");
constexpr QLatin1String kNote("note");

std::vector<qint64> idsOf(const Part& call, QLatin1String key) {
    std::vector<qint64> ids;
    for (const QJsonValue& id : call.data[key].toArray()) ids.push_back(id.toInteger());
    return ids;
}

bool contains(const std::vector<qint64>& ids, qint64 id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void append(Part& call, QLatin1String key, qint64 id) {
    QJsonArray ids = call.data[key].toArray();
    ids.append(id);
    call.data[key] = ids;
}

}  // namespace

std::string journalTurnOf(const ChatMessage& answer) {
    // With the time: a new database begins its ids anew, and the journal outlives it.
    return "message-" + std::to_string(answer.id) + "-" +
           std::to_string(answer.createdAt.toMSecsSinceEpoch());
}

MessageId messageOfTurn(const std::string& turn) {
    const QStringList parts = QString::fromStdString(turn).split('-');
    return parts.value(0) == u"message" ? parts.value(1).toLongLong() : 0;
}

bool addForgottenChanges(ChatMessage& answer, const std::vector<qint64>& changes) {
    Part* interrupted = nullptr;
    std::vector<qint64> known;
    for (Part& part : answer.parts) {
        if (part.kind != Part::Kind::ToolCall || !isChangeTool(part.toolName)) continue;
        const std::vector<qint64> some = idsOf(part, kChanges);
        known.insert(known.end(), some.begin(), some.end());
        // Calls run in their order: the first that came to no end is the one that was under way.
        if (!interrupted && some.empty() && part.callState != Part::CallState::Denied)
            interrupted = &part;
    }
    bool isAdded = false;
    for (const qint64 change : changes) {
        if (!interrupted || contains(known, change)) continue;
        addChange(*interrupted, change);
        isAdded = true;
    }
    return isAdded;
}

bool isChangeTool(const QString& name) {
    const ToolDefinition* tool = ToolRegistry::builtin().find_or_null(name.toStdString());
    return tool &&
           (tool->effect == ToolEffect::ChangeFiles || tool->effect == ToolEffect::RunPrograms);
}

bool isNoteTool(const QString& name) {
    const ToolDefinition* tool = ToolRegistry::builtin().find_or_null(name.toStdString());
    return tool && tool->effect == ToolEffect::KeepNotes;
}

bool isPastTool(const QString& name) {
    const ToolDefinition* tool = ToolRegistry::builtin().find_or_null(name.toStdString());
    return tool && tool->effect == ToolEffect::ReadPast;
}

NoteId keptNote(const Part& call) {
    return call.data[kNote].toInteger();
}

void setKeptNote(Part& call, NoteId note) {
    call.data[kNote] = note;
}

void addChange(Part& call, qint64 change) {
    append(call, kChanges, change);
}

std::vector<qint64> undoableChanges(const Part& call) {
    std::vector<qint64> changes = idsOf(call, kChanges);
    const std::vector<qint64> undone = idsOf(call, kUndone);
    std::erase_if(changes, [&](qint64 id) { return contains(undone, id); });
    return changes;
}

std::vector<qint64> undoableChanges(const ChatMessage& message) {
    std::vector<qint64> changes;
    for (const Part& part : message.parts) {
        const std::vector<qint64> some = undoableChanges(part);
        changes.insert(changes.end(), some.begin(), some.end());
    }
    return changes;
}

bool markUndone(ChatMessage& message, const std::vector<qint64>& changes) {
    bool isMarked = false;
    for (Part& part : message.parts) {
        for (const qint64 id : undoableChanges(part)) {
            if (!contains(changes, id)) continue;
            append(part, kUndone, id);
            isMarked = true;
        }
    }
    return isMarked;
}

void forgetChanges(Part& call) {
    call.data.remove(kChanges);
    call.data.remove(kUndone);
    call.data.remove(kNote);
    call.data.remove(kEditedNoteKey);
}

bool isUndone(const Part& call) {
    return !idsOf(call, kChanges).empty() && undoableChanges(call).empty();
}

}  // namespace lares::app
