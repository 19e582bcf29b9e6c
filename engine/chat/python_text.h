#pragma once

#include "engine/chat/message.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// Chat templates are Jinja programs, so what they print is what Python prints: these functions are
/// the few pieces of Python that the known templates use. Pure, thread safe.
/// Precondition of all that take JSON: check_json_bounds() accepted it.

/// str.strip(): white space as str.isspace() has it, Unicode's included. Invalid UTF-8 is kept.
[[nodiscard]] std::string_view python_strip(std::string_view text);
[[nodiscard]] std::string_view python_lstrip(std::string_view text);
[[nodiscard]] std::string_view python_rstrip(std::string_view text);

/// what in text.
[[nodiscard]] inline bool python_contains(std::string_view text, std::string_view what) {
    return text.find(what) != std::string_view::npos;
}

/// str.replace(what, "").
[[nodiscard]] std::string python_remove(std::string_view text, std::string_view what);

/// repr(float): the shortest digits that read back equal, "1.0", "1e+16", "1e-05", "inf".
[[nodiscard]] std::string python_float(double value);

/// str(value): strings as they are, True, None, 1.5, ['a', {'b': 1}].
/// Characters that Unicode has not assigned are printed as they are in nested strings; Python
/// escapes them, but which they are depends on its version.
[[nodiscard]] std::string python_str(const Json& value);

/// json.dumps(value, ensure_ascii=False): ", " and ": ", keys in order.
[[nodiscard]] std::string python_json(const Json& value);

/// One UTF-8 sequence.
struct CodePoint {
    char32_t value;
    std::size_t size_bytes;
};
/// The sequence that `text` begins with; nothing when it is not valid UTF-8 or `text` is empty.
[[nodiscard]] std::optional<CodePoint> decode_code_point(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace lares
