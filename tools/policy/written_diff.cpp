#include "tools/policy/written_diff.h"

#include "tools/builtin/edit_file/edit_file.h"
#include "tools/builtin/read_file/text_decoding.h"

#include <optional>
#include <utility>

namespace lares {
namespace {

constexpr std::uint64_t kMaxComparedBytes = 1'000'000;

/// The bytes of the file, if they are text; empty where nothing stands there.
std::optional<std::string> standing_bytes(const CallPlace& place, OpenMethod method) {
    const PlaceBeneath beneath{*place.folder, place.relative};
    if (!facts_beneath(beneath, method)) return std::string();
    FileBytes file = read_beneath(beneath, kMaxComparedBytes, method);
    if (file.fault || !text_from_bytes(file.bytes)) return std::nullopt;
    return std::move(file.bytes);
}

}  // namespace

LineDiff written_diff(std::string_view tool,
                      const Json& arguments,
                      const CallPlace& place,
                      bool is_made_before,
                      OpenMethod method) {
    if (tool == "edit_file") {
        const std::string before = argument_text(arguments, "old_text");
        const std::string after = argument_text(arguments, "new_text");
        if (!is_made_before) {
            const auto bytes = standing_bytes(place, method);
            const auto edited = bytes ? edited_bytes(*bytes, before, after) : std::nullopt;
            if (edited) return line_diff(*bytes, *edited);
        }
        return line_diff(before, after);
    }
    const auto bytes = is_made_before ? std::nullopt : standing_bytes(place, method);
    return bytes ? line_diff(*bytes, argument_text(arguments, "content")) : LineDiff();
}

}  // namespace lares
