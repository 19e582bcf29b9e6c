#include "tools/builtin/read_file/read_file.h"

#include "tools/builtin/read_file/text_decoding.h"
#include "tools/sandbox/read_bytes.h"

#include <array>
#include <cstddef>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxCharacters = 8000;
constexpr std::size_t kMaxFileBytes = 16'000'000;

/// How many bytes the first `n` characters take. Precondition: valid UTF-8.
std::size_t bytes_of_characters(std::string_view text, std::size_t n) {
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        if (begins_character(text[i]) && n-- == 0) break;
    }
    return i;
}

std::string shown_part(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    if (text.empty()) return "(empty file)";
    const std::size_t n_character = characters_in(text);
    if (n_character <= kMaxCharacters) return text;
    text.resize(bytes_of_characters(text, kMaxCharacters));
    return text + "\n[trimmed: " + std::to_string(kMaxCharacters) + " of " +
           std::to_string(n_character) + " characters shown]";
}

}  // namespace

ToolText read_file(const ToolPath& path,
                   const RunLimits& limits,
                   const HandOverDocument& hand_over) {
    OpenOutcome opened = open_file_beneath(path.folder, path.relative, limits.open_method);
    if (opened.fault) return open_fault_text(*opened.fault, path, false);

    std::string bytes;
    std::array<char, 65536> chunk{};
    while (true) {
        if (limits.expired()) return expired_text(limits);
        // The size that the system names is not asked: a file can grow while it is read.
        const auto n = read_bytes(opened.handle, chunk);
        if (!n) return open_fault_text(OpenFault::Io, path, false);
        if (*n == 0) break;
        if (hand_over && bytes.empty()) {
            // A web page stays as it is written: whoever reads it here may want to change it.
            if (const auto family = family_of({chunk.data(), *n})) {
                hand_over({std::move(opened.handle), *family});
                return {};
            }
        }
        bytes.append(chunk.data(), *n);
        if (bytes.size() > kMaxFileBytes) {
            return tool_error(ErrorCode::InvalidArgument, "file too large: " + path.as_called +
                                                              " (" + size_text(kMaxFileBytes) +
                                                              " at most)");
        }
    }
    const std::size_t size = bytes.size();
    auto text = text_from_bytes(std::move(bytes));
    if (!text) return open_fault_text(OpenFault::NotAFile, path, false);
    return {shown_part(std::move(*text)), size_text(size)};
}

ToolText document_text(const std::string& as_called,
                       const RunLimits& limits,
                       const Result<DocumentText>& read) {
    if (!read && limits.expired()) return expired_text(limits);
    if (!read) return tool_error(read.error().code, as_called + " " + read.error().message);
    const std::string heading = "[text taken from " + std::string(called(read->kind)) + "]\n";
    return {heading + shown_part(read->text), size_text(read->text.size()) + " of text"};
}

}  // namespace lares
