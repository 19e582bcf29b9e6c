#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace lares::app {

/// When a model leaves the memory by itself: after nobody has asked for a while, and when another
/// program takes the card's memory. A value that decides; whoever owns it has the clock, which only
/// goes forward (time that the machine sleeps may count or not), and asks.
class MemoryRules {
public:
    using Time = std::chrono::milliseconds;  ///< since anything

    /// With less than this free on the card, other programs stutter or fail. Between what a desktop
    /// and a browser take and give back by themselves, and what a game asks for.
    static constexpr std::uint64_t kCardReserveBytes = std::uint64_t{512} << 20;
    /// So long after the last use the card is left to the model: who writes again would only have
    /// it loaded again.
    static constexpr Time kQuiet = std::chrono::seconds(30);

    /// Zero: never.
    void setUnloadAfter(std::chrono::minutes minutes) { m_unloadAfter = minutes; }
    void setYieldsCard(bool yields) { m_yieldsCard = yields; }

    /// Somebody asked, wrote, or an answer was being written until now.
    void use(Time now) { m_used = now; }
    /// A model was loaded: what was measured before is not its card.
    void begin(Time now) {
        use(now);
        m_mostFree.reset();
    }
    /// What the card has free.
    void measured(std::uint64_t freeBytes);

    [[nodiscard]] bool isIdle(Time now) const {
        return m_unloadAfter.count() > 0 && now - m_used >= m_unloadAfter;
    }
    [[nodiscard]] bool yieldsCard() const { return m_yieldsCard; }
    /// Others have taken the card's memory since the model was loaded, and the reserve with it. Not
    /// where the model itself left less: then it was known that it fits.
    [[nodiscard]] bool isCardWanted(Time now) const;

private:
    std::chrono::minutes m_unloadAfter{0};
    bool m_yieldsCard = true;
    Time m_used{0};
    std::optional<std::uint64_t> m_mostFree;  // since the model was loaded
    std::uint64_t m_free = 0;                 // when it was measured last
};

}  // namespace lares::app
