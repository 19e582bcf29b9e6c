#include "app/store/message_names.h"

#include <array>
#include <utility>

namespace lares::app {
namespace {

template <class Enum>
using Names = std::pair<Enum, QLatin1String>;

constexpr std::array kRoles = {
    Names<Role>{Role::User, QLatin1String("user")},
    Names<Role>{Role::Assistant, QLatin1String("assistant")},
};

using State = ChatMessage::State;
constexpr std::array kStates = {
    Names<State>{State::Complete, QLatin1String("complete")},
    Names<State>{State::Generating, QLatin1String("generating")},
    Names<State>{State::Stopped, QLatin1String("stopped")},
    Names<State>{State::Failed, QLatin1String("failed")},
};

using PartKind = Part::Kind;
constexpr std::array kKinds = {
    Names<PartKind>{PartKind::Text, QLatin1String("text")},
    Names<PartKind>{PartKind::Thinking, QLatin1String("thinking")},
    Names<PartKind>{PartKind::ToolCall, QLatin1String("tool_call")},
    Names<PartKind>{PartKind::ToolResult, QLatin1String("tool_result")},
    Names<PartKind>{PartKind::Notice, QLatin1String("notice")},
    Names<PartKind>{PartKind::Attachment, QLatin1String("attachment")},
    Names<PartKind>{PartKind::Lore, QLatin1String("lore")},
};

using CallState = Part::CallState;
constexpr std::array kCallStates = {
    Names<CallState>{CallState::None, QLatin1String("")},
    Names<CallState>{CallState::Waiting, QLatin1String("waiting")},
    Names<CallState>{CallState::Running, QLatin1String("running")},
    Names<CallState>{CallState::Done, QLatin1String("done")},
    Names<CallState>{CallState::Failed, QLatin1String("failed")},
    Names<CallState>{CallState::Denied, QLatin1String("denied")},
};

template <class Table, class Enum>
QLatin1String nameIn(const Table& table, Enum value) {
    for (const auto& [known, name] : table) {
        if (known == value) return name;
    }
    return {};
}

template <class Table, class Enum>
Enum valueIn(const Table& table, const QString& name, Enum fallback) {
    for (const auto& [value, known] : table) {
        if (known == name) return value;
    }
    return fallback;
}

}  // namespace

QLatin1String storedName(Role role) {
    return nameIn(kRoles, role);
}
QLatin1String storedName(ChatMessage::State state) {
    return nameIn(kStates, state);
}
QLatin1String storedName(Part::Kind kind) {
    return nameIn(kKinds, kind);
}
QLatin1String storedName(Part::CallState state) {
    return nameIn(kCallStates, state);
}

Role roleOf(const QString& name) {
    return valueIn(kRoles, name, Role::Assistant);
}
ChatMessage::State stateOf(const QString& name) {
    return valueIn(kStates, name, State::Complete);
}
Part::Kind partKindOf(const QString& name) {
    return valueIn(kKinds, name, PartKind::Notice);
}
Part::CallState callStateOf(const QString& name) {
    return valueIn(kCallStates, name, CallState::None);
}

}  // namespace lares::app
