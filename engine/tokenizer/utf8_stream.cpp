#include "engine/tokenizer/utf8_stream.h"

#include "engine/base/utf8.h"

namespace lares {
namespace {
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
}

std::string Utf8Stream::push(std::string_view bytes) {
    m_pending.append(bytes);
    std::string text;
    text.reserve(m_pending.size());
    std::size_t position = 0;
    while (position < m_pending.size()) {
        const Utf8Unit unit = decode_utf8(m_pending, position);
        if (unit.kind == Utf8Unit::Kind::Incomplete) break;
        if (unit.kind == Utf8Unit::Kind::Valid)
            text.append(m_pending, position, unit.size);
        else
            text.append(kReplacement);
        position += unit.size;
    }
    m_pending.erase(0, position);
    return text;
}

std::string Utf8Stream::flush() {
    // What is held back is one maximal subpart, so it becomes one replacement character.
    std::string text(m_pending.empty() ? std::string_view() : kReplacement);
    m_pending.clear();
    return text;
}

}  // namespace lares
