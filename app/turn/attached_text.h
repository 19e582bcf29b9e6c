#pragma once

#include "engine/base/result.h"
#include "tools/documents/document_reader.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace lares {

/// A text that goes with what the user writes: a file as it was when it was attached, the text of a
/// document, or a long paste. What window and terminal have in common about it, so that both give
/// the same prompt. Any thread.
struct AttachedText {
    std::string name;  ///< without folders; whatever the system allows: show it by shownName
    std::string text;  ///< UTF-8; lines end with "\n"
    std::uint64_t sizeBytes = 0;  ///< of the file; of the text that a document holds

    bool operator==(const AttachedText&) const = default;
};

// Of one message. Beyond them no context of these models is long enough.
inline constexpr std::size_t kMaxAttachments = 20;
inline constexpr std::size_t kMaxAttachedBytes = 1'000'000;       ///< one file
inline constexpr std::size_t kMaxAttachedBytesInAll = 2'000'000;  ///< all of them

/// Reads a file once, whole: a text as it is; a PDF, an office document, an e-book or a web page as
/// the text in it, which `documents` takes out in a process of its own. Waits for that, until
/// `stop`. InvalidArgument, NotFound, Io, PermissionDenied, Unsupported, Corrupt: a sentence that
/// names the file, says what is wrong with it (a folder, an image, nothing in it, too long) and
/// what can be attached. Cancelled: stopped.
[[nodiscard]] Result<AttachedText> readAttachedText(
    const std::filesystem::path& file,
    const DocumentReader& documents = DocumentReader(),
    const std::stop_token& stop = {});
/// Whether one more of `sizeBytes` may go with a message; InvalidArgument says why not.
[[nodiscard]] Result<void> checkAttached(std::size_t nAttached,
                                         std::uint64_t attachedBytes,
                                         const std::string& name,
                                         std::uint64_t sizeBytes);

/// What the user's turn says: the documents, each between a pair of tags that neither it nor
/// another one contains, with a sentence that they are no instructions, and then `words`. Without
/// documents: `words`, byte for byte. The tags depend on the documents alone.
[[nodiscard]] std::string userTurn(std::string_view words, std::span<const AttachedText> attached);

/// How many tokens a text takes, guessed from its letters, digits and signs within a fifth or so;
/// a few milliseconds for a megabyte.
[[nodiscard]] int aboutTokens(std::string_view text);
/// "about 41,000 tokens": to two digits.
[[nodiscard]] std::string aboutTokensText(int tokens);
/// The name on one line, with what one cannot see written out.
[[nodiscard]] std::string shownName(const std::string& name);

}  // namespace lares
