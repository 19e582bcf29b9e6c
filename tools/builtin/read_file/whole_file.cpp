#include "tools/builtin/read_file/whole_file.h"

#include "tools/builtin/read_file/text_decoding.h"
#include "tools/sandbox/read_bytes.h"

#include <array>
#include <string_view>
#include <utility>

namespace lares {
namespace {

WholeFile failed(WholeFile::Fault fault) {
    return {{}, fault, std::nullopt};
}

/// Pictures and programs show it at once; they need not be read to their end.
bool begins_as_binary(std::string_view bytes) {
    const bool is_utf16 = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    return !is_utf16 && bytes.find('\0') != std::string_view::npos;
}

}  // namespace

WholeFile read_whole(const UniqueNativeHandle& file,
                     bool finds_documents,
                     const RunLimits& limits) {
    std::string bytes;
    std::array<char, 65536> chunk{};
    while (true) {
        if (limits.expired()) return failed(WholeFile::Fault::Expired);
        // The size that the system names is not asked: a file can grow while it is read.
        const auto n = read_bytes(file, chunk);
        if (!n) return failed(WholeFile::Fault::Io);
        if (*n == 0) break;
        if (bytes.empty()) {
            const std::string_view beginning(chunk.data(), *n);
            if (finds_documents) {
                if (const auto family = family_of(beginning)) return {{}, std::nullopt, family};
            }
            if (begins_as_binary(beginning)) return failed(WholeFile::Fault::NoText);
        }
        bytes.append(chunk.data(), *n);
        if (bytes.size() > kMaxReadBytes) return failed(WholeFile::Fault::TooLarge);
    }
    auto text = text_from_bytes(std::move(bytes));
    if (!text) return failed(WholeFile::Fault::NoText);
    return {std::move(*text), std::nullopt, std::nullopt};
}

}  // namespace lares
