#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lares {

/// The beginning and the end of what somebody prints, however much it is. One thread at a time.
class KeptOutput {
public:
    KeptOutput(std::size_t first_bytes, std::size_t last_bytes)
        : m_first_bytes(first_bytes), m_last_bytes(last_bytes) {}

    void add(std::string_view bytes);

    /// Without what left_out_bytes() counts, which came after the first part.
    [[nodiscard]] std::string text() const { return m_first + std::string(kept_last()); }
    [[nodiscard]] std::uint64_t left_out_bytes() const { return m_n_last - kept_last().size(); }

private:
    [[nodiscard]] std::string_view kept_last() const;

    std::size_t m_first_bytes;
    std::size_t m_last_bytes;
    std::string m_first;
    std::string m_last;  ///< up to twice as much as is kept, so that little is moved
    std::uint64_t m_n_last = 0;
};

}  // namespace lares
