#include "tools/sandbox/linux/kept_output.h"

#include <algorithm>

namespace lares {

void KeptOutput::add(std::string_view bytes) {
    const std::size_t n = std::min(bytes.size(), m_first_bytes - m_first.size());
    m_first += bytes.substr(0, n);
    bytes.remove_prefix(n);
    m_n_last += bytes.size();
    if (bytes.size() >= m_last_bytes) {
        m_last = bytes.substr(bytes.size() - m_last_bytes);
        return;
    }
    m_last += bytes;
    if (m_last.size() >= 2 * m_last_bytes) m_last.erase(0, m_last.size() - m_last_bytes);
}

std::string_view KeptOutput::kept_last() const {
    const std::string_view all = m_last;
    return all.substr(all.size() - std::min(all.size(), m_last_bytes));
}

}  // namespace lares
