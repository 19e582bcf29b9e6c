#pragma once

#include "engine/base/error.h"
#include "tools/sandbox/open_beneath.h"
#include "tools/sandbox/windows_path.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// A message of an earlier conversation that a result shows text of, by ids of the program's.
struct SourceMessage {
    std::int64_t conversation = 0;
    std::int64_t message = 0;
    std::int64_t said_at_ms = 0;  ///< since 1970

    friend bool operator==(const SourceMessage&, const SourceMessage&) = default;
};

/// A place of a file or conversation that a result shows text of.
struct ToolSource {
    std::string path;       ///< of a conversation: its title
    std::string page = {};  ///< "page 3", "slide 1", "sheet Costs"; empty: none is named
    std::optional<SourceMessage> message = {};

    friend bool operator==(const ToolSource&, const ToolSource&) = default;
};

/// What a tool gives back.
struct ToolText {
    std::string result;  ///< for the model, as tools/registry/README.md has it
    /// For the user's summary: "12 entries", "812 B"; of a change the whole sentence.
    std::string detail;
    bool is_error = false;
    ErrorCode code = ErrorCode::Internal;  ///< of an error
    /// What it changed, in the journal's ids; some of it may have happened beside an error.
    std::vector<std::int64_t> changes = {};
    /// Of a search: whose passages it shows, each place once, best first.
    std::vector<ToolSource> sources = {};
};
/// "error: " in front of the message.
[[nodiscard]] ToolText tool_error(ErrorCode code, std::string_view message);

/// A place inside a granted folder, as a call names it. Borrowed: valid while the tool runs.
struct ToolPath {
    const FolderHandle& folder;
    std::string relative;   ///< plain (is_plain_relative)
    std::string as_called;  ///< what results and errors show
};

/// `name` in the folder that a call names as `folder`, with the separator that stands there.
[[nodiscard]] std::string path_as_called(std::string folder,
                                         std::string_view name,
                                         PathStyle style = kNativePaths);
/// "/a/b/c" → "/a/b", "notes.txt" → ".": the folder of a path as it was called.
[[nodiscard]] std::string folder_as_called(std::string_view as_called,
                                           PathStyle style = kNativePaths);

/// When a tool has to give up. Loops over anything that came from outside ask `expired` each time.
struct RunLimits {
    std::stop_token stop;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    OpenMethod open_method = OpenMethod::Best;

    [[nodiscard]] bool expired() const {
        return stop.stop_requested() || std::chrono::steady_clock::now() >= deadline;
    }
};
/// "error: timed out", or "error: stopped by the user".
[[nodiscard]] ToolText expired_text(const RunLimits& limits);

/// Why `path` was not opened, as the model reads it. `wants_folder`: the tool asked for a folder.
[[nodiscard]] ToolText open_fault_text(OpenFault fault, const ToolPath& path, bool wants_folder);

/// "0 B", "812 B", "4.1 kB", "48 kB", "1.2 MB".
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// "1 line", "2 lines"
[[nodiscard]] std::string counted_text(std::size_t n, std::string_view one);

/// Characters (code points) of a text. Precondition: valid UTF-8.
[[nodiscard]] bool begins_character(char byte);
[[nodiscard]] std::size_t characters_in(std::string_view text);

/// A file's name as one line of valid UTF-8: control characters and bytes that are no text are
/// written as \x0a.
[[nodiscard]] std::string name_text(std::string_view name);

}  // namespace lares
