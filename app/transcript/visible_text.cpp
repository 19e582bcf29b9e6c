#include "app/transcript/visible_text.h"

#include <QChar>

namespace lares::app {

bool isHiddenCharacter(char32_t c) {
    if (c < 0x20) return c != '\n' && c != '\t' && c != '\r';
    if (c < 0x7f) return false;
    if (c < 0xa0) return true;
    if (c < 0x061c) return false;
    return c == 0x061c || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f ||
           (c >= 0x2029 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffc) || (c >= 0xe0000 && c <= 0xe007f);
}

QString nameOfHiddenCharacter(char32_t c) {
    return QStringLiteral("[U+%1]").arg(static_cast<uint>(c), 4, 16, QLatin1Char('0')).toUpper();
}

void splitVisible(QStringView text,
                  const std::function<void(QStringView)>& plain,
                  const std::function<void(const QString&)>& hidden) {
    qsizetype from = 0;
    const auto flush = [&](qsizetype to) {
        if (to > from) plain(text.mid(from, to - from));
    };
    for (qsizetype i = 0; i < text.size();) {
        const QChar unit = text[i];
        // OPTIMIZATION: one comparison for what nearly all text is made of.
        if (unit.unicode() >= 0x20 && unit.unicode() < 0x7f) {
            ++i;
            continue;
        }
        const bool isPair =
            unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        const char32_t character =
            isPair ? QChar::surrogateToUcs4(unit, text[i + 1]) : char32_t(unit.unicode());
        const qsizetype length = isPair ? 2 : 1;
        if (character == '\r') {
            flush(i);
            if (i + 1 >= text.size() || text[i + 1] != u'\n') plain(u"\n");
            from = i + length;
        } else if (isHiddenCharacter(character)) {
            flush(i);
            hidden(nameOfHiddenCharacter(character));
            from = i + length;
        }
        i += length;
    }
    flush(text.size());
}

QString visibleText(QStringView text) {
    QString visible;
    visible.reserve(text.size());
    splitVisible(
        text, [&](QStringView plain) { visible += plain; },
        [&](const QString& name) { visible += name; });
    return visible;
}

}  // namespace lares::app
