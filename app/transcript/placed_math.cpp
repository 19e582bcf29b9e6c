#include "app/transcript/placed_math.h"

#include <algorithm>

namespace lares::app {
namespace {

constexpr QChar kBreakable = QChar(0x200B);  // a line may break here

}  // namespace

PlacedMath::PlacedMath(const QString& text,
                       int offset,
                       const std::vector<MathSpan>& formulas,
                       MathTypesetter* typesetter,
                       const QFont& font,
                       double width) {
    if (formulas.empty() || !typesetter) {
        m_text = text;
        return;
    }
    const auto size = static_cast<int>(text.size());
    int at = 0;
    for (const MathSpan& formula : formulas) {
        const int from = formula.start - offset;
        if (from < at || from + formula.length > size) continue;
        const auto set = typesetter->set(
            formula.latex, formula.isDisplay ? MathStyle::Display : MathStyle::Inline, font, width);
        if (!set) continue;
        m_text += QStringView(text).mid(at, from - at);
        Placed placed = {from, formula.length, static_cast<int>(m_text.size()), 0};
        for (std::size_t i = 0; i < set->pieces.size(); ++i) {
            if (i > 0) m_text += formula.isDisplay ? QChar(QChar::LineSeparator) : kBreakable;
            const double left = formula.isDisplay ? std::max(0.0, (width - set->width) / 2) : 0;
            m_pieces.push_back({static_cast<int>(m_text.size()), formula.isDisplay, left, set, i});
            m_text += kLetter;
        }
        placed.count = static_cast<int>(m_text.size()) - placed.at;
        m_placed.push_back(placed);
        at = from + formula.length;
    }
    m_text += QStringView(text).mid(at);
}

int PlacedMath::toLayout(int position, End end) const {
    const auto after = std::partition_point(m_placed.begin(), m_placed.end(),
                                            [&](const Placed& one) { return one.from < position; });
    if (after == m_placed.begin()) return position;
    const Placed& before = *(after - 1);
    const int inside = position - before.from;
    if (inside >= before.length) return before.at + before.count + inside - before.length;
    const bool isFirst = end == End::First || (end == End::Near && 2 * inside < before.length);
    return isFirst ? before.at : before.at + before.count;
}

int PlacedMath::toText(int position, End end) const {
    const auto after = std::partition_point(m_placed.begin(), m_placed.end(),
                                            [&](const Placed& one) { return one.at < position; });
    if (after == m_placed.begin()) return position;
    const Placed& before = *(after - 1);
    const int inside = position - before.at;
    if (inside >= before.count) return before.from + before.length + inside - before.count;
    const bool isFirst = end == End::First || (end == End::Near && 2 * inside <= before.count);
    return isFirst ? before.from : before.from + before.length;
}

}  // namespace lares::app
