#include "app/math/math_fonts.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

/// The letter in one of Unicode's alphabets for mathematics, some of whose letters stand apart.
QString alphabetLetter(QChar letter, MathFace face) {
    struct Apart {
        MathFace face;
        char16_t letter;
        char16_t sign;
    };
    static constexpr Apart kApart[] = {
        {MathFace::Blackboard, u'C', u'ℂ'},   {MathFace::Blackboard, u'H', u'ℍ'},
        {MathFace::Blackboard, u'N', u'ℕ'},   {MathFace::Blackboard, u'P', u'ℙ'},
        {MathFace::Blackboard, u'Q', u'ℚ'},   {MathFace::Blackboard, u'R', u'ℝ'},
        {MathFace::Blackboard, u'Z', u'ℤ'},   {MathFace::Calligraphic, u'B', u'ℬ'},
        {MathFace::Calligraphic, u'E', u'ℰ'}, {MathFace::Calligraphic, u'F', u'ℱ'},
        {MathFace::Calligraphic, u'H', u'ℋ'}, {MathFace::Calligraphic, u'I', u'ℐ'},
        {MathFace::Calligraphic, u'L', u'ℒ'}, {MathFace::Calligraphic, u'M', u'ℳ'},
        {MathFace::Calligraphic, u'R', u'ℛ'}, {MathFace::Fraktur, u'C', u'ℭ'},
        {MathFace::Fraktur, u'H', u'ℌ'},      {MathFace::Fraktur, u'I', u'ℑ'},
        {MathFace::Fraktur, u'R', u'ℜ'},      {MathFace::Fraktur, u'Z', u'ℨ'}};
    for (const Apart& one : kApart)
        if (one.face == face && letter == one.letter) return QString(QChar(one.sign));
    const char32_t first = face == MathFace::Blackboard     ? 0x1D538
                           : face == MathFace::Calligraphic ? 0x1D49C
                                                            : 0x1D504;
    const bool isCapital = letter >= u'A' && letter <= u'Z';
    const bool isSmall = letter >= u'a' && letter <= u'z' && face != MathFace::Calligraphic;
    if (!isCapital && !isSmall) return letter;
    const char32_t at =
        isCapital ? first + (letter.unicode() - u'A') : first + 26 + (letter.unicode() - u'a');
    return QString::fromUcs4(&at, 1);
}

/// Whether any font here has these characters.
bool canShow(const QString& text, const QFont& font) {
    QTextLayout layout(text, font);
    layout.beginLayout();
    layout.createLine();
    layout.endLayout();
    for (const QGlyphRun& run : layout.glyphRuns())
        if (run.glyphIndexes().contains(0)) return false;
    return true;
}

}  // namespace

MathFonts::MathFonts(const QFont& text, const QFont& code) : m_text(text), m_code(code) {
    const double size = std::max(6, text.pixelSize());
    const double smallest = std::min(size, 8.0);
    m_em = {size, std::max(smallest, std::round(size * 0.72)),
            std::max(smallest, std::round(size * 0.56))};
    m_text.setItalic(false);
    m_text.setStrikeOut(false);
    m_text.setUnderline(false);
    const QFontMetricsF metrics(m_text);
    m_xHeight = metrics.xHeight() / size;
    const QRectF minus = metrics.tightBoundingRect(QStringLiteral("−"));
    m_axis = minus.isEmpty() ? 0.27 : std::clamp(-minus.center().y() / size, 0.15, 0.45);
    m_rule = std::max(1.0, size * 0.06);
}

const MathFonts::Glyph& MathFonts::glyph(const QString& text,
                                         MathFace face,
                                         MathSize size,
                                         double grow) {
    const int kind = static_cast<int>(face) * 3 + static_cast<int>(size);
    const QString key = QString::number(kind) + u':' + QString::number(grow, 'f', 2) + u':' + text;
    const auto known = m_glyphs.constFind(key);
    if (known != m_glyphs.cend()) return *known;
    if (m_glyphs.size() > 4000) m_glyphs.clear();
    Glyph made;
    made.font = face == MathFace::Mono ? m_code : m_text;
    made.font.setPixelSize(static_cast<int>(std::lround(em(size) * grow)));
    made.font.setItalic(face == MathFace::Italic || face == MathFace::BoldItalic);
    if (face == MathFace::Bold || face == MathFace::BoldItalic) made.font.setWeight(QFont::Bold);
    // A letter that is drawn larger would be bolder than those beside it.
    if (grow > 1.3) made.font.setWeight(QFont::Light);
    made.text = text;
    const bool isAlphabet =
        face == MathFace::Blackboard || face == MathFace::Calligraphic || face == MathFace::Fraktur;
    if (isAlphabet && text.size() == 1) {
        made.text = alphabetLetter(text[0], face);
        if (!canShow(made.text, made.font)) {
            made.text = text;
            made.font.setItalic(face == MathFace::Calligraphic);
            made.font.setWeight(QFont::Bold);
        }
    }
    const QFontMetricsF metrics(made.font);
    made.width = metrics.horizontalAdvance(made.text);
    made.ink = metrics.tightBoundingRect(made.text);
    return *m_glyphs.insert(key, made);
}

}  // namespace lares::app
