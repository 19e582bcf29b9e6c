#include "app/chat/memory_rules.h"

#include <algorithm>

namespace lares::app {

void MemoryRules::measured(std::uint64_t freeBytes) {
    m_free = freeBytes;
    m_mostFree = std::max(m_mostFree.value_or(0), freeBytes);
}

bool MemoryRules::isCardWanted(Time now) const {
    return m_yieldsCard && m_mostFree >= kCardReserveBytes && m_free < kCardReserveBytes &&
           now - m_used >= kQuiet;
}

}  // namespace lares::app
