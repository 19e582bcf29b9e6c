#include "tools/builtin/write_file/write_file.h"

namespace lares {

ToolText write_file(const ToolPath& path,
                    std::string_view content,
                    Replacing replacing,
                    const ChangeTools& tools) {
    const StandingFile standing = standing_file(path, replacing, tools);
    if (const auto* error = std::get_if<ToolText>(&standing)) return *error;
    const WholeWrite written = write_whole(path, content, std::get_if<FileBytes>(&standing), tools);
    if (written.outcome.id == 0) return written.outcome.error;
    ToolText text;
    text.result = "wrote " + std::to_string(content.size()) + " bytes to " + path.as_called;
    text.detail = sentence_of(written.change) + " (" + size_text(content.size()) + ")";
    text.changes = {written.outcome.id};
    return text;
}

}  // namespace lares
