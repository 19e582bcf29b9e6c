#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lares::fuzz {
namespace {

// Around the borders of the integer types, and small counts.
constexpr std::array<std::uint64_t, 16> kHostile{
    0,          1,          2,          0x7F,       0x80,       0xFF,       0x7FFF, 0xFFFF,
    0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1ULL << 32, 1ULL << 61, 1ULL << 63, ~0ULL,  ~0ULL >> 1};

class Mutator {
public:
    Mutator(const std::vector<std::string>& seeds, std::mt19937_64& random)
        : m_seeds(seeds), m_random(random), m_bytes(seeds[below(seeds.size())]) {}

    std::string run() {
        for (std::uint64_t n = 1 + below(8); n > 0 && !m_bytes.empty(); --n) change();
        return std::move(m_bytes);
    }

private:
    std::uint64_t below(std::uint64_t n) { return m_random() % std::max<std::uint64_t>(n, 1); }
    /// Any position, half of them in the first half, a quarter in the first quarter, and so on.
    std::size_t position() { return below(m_bytes.size() >> below(12)); }
    std::size_t length(std::size_t from) {
        return std::min<std::size_t>(1ULL << below(12), m_bytes.size() - from);
    }

    void change() {
        const std::size_t at = position();
        switch (below(8)) {
            case 0:
                m_bytes[at] = static_cast<char>(m_bytes[at] ^ (1 << below(8)));
                return;
            case 1:
                m_bytes[at] = static_cast<char>(below(256));
                return;
            case 2:
                m_bytes[at] = static_cast<char>(m_bytes[at] + 1 - 2 * below(2));
                return;
            case 3:
                write_number(at);
                return;
            case 4:
                m_bytes.erase(at, length(at));
                return;
            case 5:
                m_bytes.insert(at, m_bytes.substr(position(), length(at)));
                return;
            case 6:
                splice(at);
                return;
            default:
                if (below(8) == 0) m_bytes.resize(at);
        }
    }

    void write_number(std::size_t at) {
        const std::uint64_t value = kHostile[below(kHostile.size())];
        const std::size_t size = std::min<std::size_t>(1ULL << below(4), m_bytes.size() - at);
        for (std::size_t i = 0; i < size; ++i)
            m_bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xFF);
    }

    void splice(std::size_t at) {
        const std::string& other = m_seeds[below(m_seeds.size())];
        const std::size_t from = below(other.size());
        m_bytes.replace(at, length(at), other, from, 1ULL << below(12));
    }

    const std::vector<std::string>& m_seeds;
    std::mt19937_64& m_random;
    std::string m_bytes;
};

}  // namespace

std::string mutate(const std::vector<std::string>& seeds, std::mt19937_64& random) {
    return Mutator(seeds, random).run();
}

}  // namespace lares::fuzz
