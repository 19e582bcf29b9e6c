#include "app/turn/unused_mark.h"

#include "engine/base/xxhash64.h"

#include <algorithm>
#include <cstdint>

namespace lares {
namespace {

std::uint64_t hashOf(std::uint64_t before, std::string_view text) {
    return xxhash64(std::as_bytes(std::span(text)), before);
}

}  // namespace

std::string unusedMark(std::span<const std::string_view> inside, std::string_view beside) {
    std::uint64_t hash = 0;
    for (const std::string_view text : inside) hash = hashOf(hash, text);
    while (true) {
        std::string digits;
        for (int shift = 20; shift >= 0; shift -= 4)
            digits += "0123456789abcdef"[(hash >> (shift + 20)) & 15];
        const auto holdsThem = [&](std::string_view text) {
            return text.find(digits) != std::string_view::npos;
        };
        if (!holdsThem(beside) && std::none_of(inside.begin(), inside.end(), holdsThem))
            return digits;
        hash = hashOf(hash, digits);
    }
}

}  // namespace lares
