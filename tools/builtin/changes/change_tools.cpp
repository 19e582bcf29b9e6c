#include "tools/builtin/changes/change_tools.h"

#include <array>
#include <cstdio>
#include <random>

namespace lares {

RecordedPlace recorded(const ToolPath& path) {
    return {path.folder.path(), path.folder.identity().file, path.relative};
}

FileChange change_at(FileChange::Kind kind, const ToolPath& path, const ChangeTools& tools) {
    FileChange change;
    change.kind = kind;
    change.conversation = tools.conversation;
    change.turn = tools.turn;
    change.place = recorded(path);
    return change;
}

RecordedOutcome make_recorded(const ChangeTools& tools,
                              const FileChange& change,
                              std::string_view replaced_bytes,
                              const std::string& as_called,
                              const std::function<ChangeOutcome()>& make) {
    const Result<ChangeId> begun = tools.log.begin(change, replaced_bytes);
    if (!begun) {
        ToolText error =
            tool_error(begun.error().code, "cannot be undone, so not done: " + as_called);
        error.detail += " (" + begun.error().message + ")";
        return {0, std::move(error)};
    }
    const ChangeOutcome outcome = make();
    if (outcome.fault && !outcome.is_made) {
        tools.log.drop(*begun);
        return {0, change_fault_text(*outcome.fault, as_called)};
    }
    tools.log.done(*begun);
    return {*begun, {}};
}

ToolText change_fault_text(ChangeFault fault, const std::string& as_called) {
    const auto about = [&](ErrorCode code, std::string_view what) {
        return tool_error(code, std::string(what) + ": " + as_called);
    };
    switch (fault) {
        case ChangeFault::NotFound:
            return about(ErrorCode::NotFound, "no such file");
        case ChangeFault::NoFolder:
            return tool_error(ErrorCode::NotFound,
                              "no such folder: " + folder_as_called(as_called));
        case ChangeFault::Exists:
        case ChangeFault::NotEmpty:
            return about(ErrorCode::InvalidArgument, "already exists");
        case ChangeFault::IntoItself:
            return about(ErrorCode::InvalidArgument, "a folder cannot go into itself");
        case ChangeFault::OtherDisk:
            return about(ErrorCode::Unsupported, "on another disk");
        case ChangeFault::Changed:
            return about(ErrorCode::Io, "changed by somebody else just now");
        case ChangeFault::DiskFull:
            return tool_error(ErrorCode::Io, "disk full");
        case ChangeFault::NameTooLong:
            return about(ErrorCode::InvalidArgument, "name too long");
        case ChangeFault::TooLarge:
            return about(ErrorCode::InvalidArgument, "file too large");
        case ChangeFault::Unsupported:
            return tool_error(ErrorCode::Unsupported,
                              "file tools are not available on this system");
        case ChangeFault::Io:
            return about(ErrorCode::Io, "cannot be changed");
        case ChangeFault::Denied:
            break;
    }
    return about(ErrorCode::PermissionDenied, "permission denied");
}

std::string temporary_name() {
    std::random_device random;
    std::array<char, 40> name{};
    std::snprintf(name.data(), name.size(), ".lares-%08x%08x", static_cast<unsigned>(random()),
                  static_cast<unsigned>(random()));
    return name.data();
}

}  // namespace lares
