#pragma once

#include <optional>
#include <string_view>

namespace lares::reader {

/// "amp", "eacute", "#8364", "#x20AC" → its character: all of Latin-1, the signs of typography and
/// the Greek letters that pages name. Nothing where it is not known.
[[nodiscard]] std::optional<char32_t> character_of_entity(std::string_view name);

}  // namespace lares::reader
