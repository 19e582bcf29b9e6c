#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace lares {

/// Reads little-endian values one after another and never past the end: every read is checked
/// against what is left, by comparison and not by addition, so no length can wrap. A read that
/// does not fit returns nothing and moves nothing.
/// Borrows the bytes. One thread at a time.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::uint64_t position() const noexcept { return m_position; }
    [[nodiscard]] std::uint64_t remaining() const noexcept { return m_bytes.size() - m_position; }

    /// A number of `sizeof(T)` bytes.
    template <class T>
    [[nodiscard]] std::optional<T> read() {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        static_assert(std::endian::native == std::endian::little);
        if (sizeof(T) > remaining()) return std::nullopt;
        T value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof value);
        m_position += sizeof value;
        return value;
    }

    /// The next `size` bytes, still where they are.
    [[nodiscard]] std::optional<std::span<const std::byte>> take(std::uint64_t size) {
        if (size > remaining()) return std::nullopt;
        const auto taken = m_bytes.subspan(m_position, static_cast<std::size_t>(size));
        m_position += static_cast<std::size_t>(size);
        return taken;
    }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_position = 0;
};

/// The same bytes as text.
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace lares
