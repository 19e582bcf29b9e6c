#include "tools/builtin/read_file/read_file.h"

#include "tools/builtin/read_file/whole_file.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace lares {
namespace {

/// How many bytes the first `n` characters take. Precondition: valid UTF-8.
std::size_t bytes_of_characters(std::string_view text, std::size_t n) {
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        if (begins_character(text[i]) && n-- == 0) break;
    }
    return i;
}

/// The text of that part, with a notice where it is not all; or the error.
ToolText shown_part(std::string_view text, TextPart part, const std::string& as_called) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    const std::size_t n_character = characters_in(text);
    const std::size_t n_part =
        std::max<std::size_t>(1, (n_character + kPartCharacters - 1) / kPartCharacters);
    if (part.number > n_part) {
        return tool_error(ErrorCode::InvalidArgument,
                          "no such part: " + as_called + " has " + std::to_string(n_part));
    }
    if (text.empty()) return {"(empty file)", {}};
    if (n_part == 1) return {std::string(text), {}};
    text.remove_prefix(bytes_of_characters(text, (part.number - 1) * kPartCharacters));
    text = text.substr(0, bytes_of_characters(text, kPartCharacters));
    std::string shown(text);
    if (part.number == 1) {
        shown += "\n[trimmed: " + std::to_string(kPartCharacters) + " of " +
                 std::to_string(n_character) + " characters shown]";
    } else {
        shown += "\n[part " + std::to_string(part.number) + " of " + std::to_string(n_part) + "]";
    }
    return {std::move(shown),
            "part " + std::to_string(part.number) + " of " + std::to_string(n_part)};
}

std::string detail_of(const ToolText& shown, const std::string& size) {
    return shown.detail.empty() ? size : shown.detail + " of " + size;
}

}  // namespace

std::optional<TextPart> text_part(std::string_view argument) {
    if (argument.empty()) return TextPart{};
    TextPart part;
    const char* end = argument.data() + argument.size();
    const auto [last, fault] = std::from_chars(argument.data(), end, part.number);
    if (fault != std::errc() || last != end || part.number == 0) return std::nullopt;
    return part;
}

ToolText read_file(const ToolPath& path,
                   TextPart part,
                   const RunLimits& limits,
                   const HandOverDocument& hand_over) {
    OpenOutcome opened = open_file_beneath(path.folder, path.relative, limits.open_method);
    if (opened.fault) return open_fault_text(*opened.fault, path, false);
    const WholeFile file = read_whole(opened.handle, hand_over != nullptr, limits);
    if (file.family) {
        hand_over({std::move(opened.handle), *file.family, path.as_called});
        return {};
    }
    if (!file.fault) {
        ToolText shown = shown_part(file.text, part, path.as_called);
        if (!shown.is_error) shown.detail = detail_of(shown, size_text(file.text.size()));
        return shown;
    }
    switch (*file.fault) {
        case WholeFile::Fault::Expired:
            return expired_text(limits);
        case WholeFile::Fault::TooLarge:
            return tool_error(ErrorCode::InvalidArgument, "file too large: " + path.as_called +
                                                              " (" + size_text(kMaxReadBytes) +
                                                              " at most)");
        case WholeFile::Fault::Io:
            return open_fault_text(OpenFault::Io, path, false);
        case WholeFile::Fault::NoText:
            break;
    }
    return open_fault_text(OpenFault::NotAFile, path, false);
}

ToolText document_text(const std::string& as_called,
                       TextPart part,
                       const RunLimits& limits,
                       const Result<DocumentText>& read) {
    if (!read && limits.expired()) return expired_text(limits);
    if (!read) return tool_error(read.error().code, as_called + " " + read.error().message);
    ToolText shown = shown_part(read->text, part, as_called);
    if (shown.is_error) return shown;
    shown.result = "[text taken from " + std::string(called(read->kind)) + "]\n" + shown.result;
    shown.detail = detail_of(shown, size_text(read->text.size()) + " of text");
    return shown;
}

}  // namespace lares
