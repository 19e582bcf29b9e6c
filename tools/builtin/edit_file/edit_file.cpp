#include "tools/builtin/edit_file/edit_file.h"

#include "tools/builtin/read_file/text_decoding.h"

#include <string>

namespace lares {
namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1))
        ++n;
    return n;
}

std::string with_windows_line_ends(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out.push_back('\r');
        out.push_back(text[i]);
    }
    return out;
}

ToolText wrong(const std::string& message) {
    return tool_error(ErrorCode::InvalidArgument, message);
}

/// A passage as it would stand in a file of these bytes.
std::string as_in(std::string_view bytes, std::string_view passage) {
    return bytes.find("\r\n") == std::string_view::npos ? std::string(passage)
                                                        : with_windows_line_ends(passage);
}

}  // namespace

std::optional<std::string> edited_bytes(std::string_view bytes,
                                        std::string_view old_text,
                                        std::string_view new_text) {
    const std::string before = as_in(bytes, old_text);
    const std::size_t at = bytes.find(before);
    if (before.empty() || at == std::string_view::npos ||
        bytes.find(before, at + 1) != std::string_view::npos)
        return std::nullopt;
    std::string content(bytes);
    content.replace(at, before.size(), as_in(bytes, new_text));
    return content;
}

ToolText edit_file(const ToolPath& path,
                   std::string_view old_text,
                   std::string_view new_text,
                   Replacing replacing,
                   const ChangeTools& tools) {
    if (old_text.empty()) return wrong("empty text: old_text");
    if (old_text == new_text) return wrong("old_text and new_text are the same");
    const StandingFile standing = standing_file(path, replacing, tools);
    if (const auto* error = std::get_if<ToolText>(&standing)) return *error;
    const auto* old = std::get_if<FileBytes>(&standing);
    if (!old) return change_fault_text(ChangeFault::NotFound, path.as_called);
    const std::string& bytes = old->bytes;
    const bool is_utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (is_utf16 || !text_from_bytes(bytes))
        return open_fault_text(OpenFault::NotAFile, path, false);

    const std::optional<std::string> content = edited_bytes(bytes, old_text, new_text);
    if (!content) {
        const std::size_t n = count_of(bytes, as_in(bytes, old_text));
        if (n == 0) return wrong("old_text is not in " + path.as_called);
        return wrong("old_text stands " + std::to_string(n) + " times in " + path.as_called +
                     ": take more of the lines around it");
    }
    const WholeWrite written = write_whole(path, *content, old, tools);
    if (written.outcome.id == 0) return written.outcome.error;
    ToolText text;
    text.result = "edited " + path.as_called;
    const std::string name = path.relative.substr(path.relative.rfind('/') + 1);
    text.detail = "Edited " + name + " (" + size_text(content->size()) + ")";
    text.changes = {written.outcome.id};
    return text;
}

}  // namespace lares
