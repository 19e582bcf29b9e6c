#include "app/transcript/html_entities.h"

#include <algorithm>
#include <array>

namespace lares::app {
namespace {

struct Entity {
    QStringView name;
    char16_t character;
};

// Those that people and models write; the other two thousand stay visible as written.
constexpr std::array kEntities = {
    Entity{u"amp", u'&'},         Entity{u"lt", u'<'},          Entity{u"gt", u'>'},
    Entity{u"quot", u'"'},        Entity{u"apos", u'\''},       Entity{u"nbsp", u'\u00a0'},
    Entity{u"copy", u'\u00a9'},   Entity{u"reg", u'\u00ae'},    Entity{u"trade", u'\u2122'},
    Entity{u"deg", u'\u00b0'},    Entity{u"plusmn", u'\u00b1'}, Entity{u"times", u'\u00d7'},
    Entity{u"divide", u'\u00f7'}, Entity{u"middot", u'\u00b7'}, Entity{u"bull", u'\u2022'},
    Entity{u"hellip", u'\u2026'}, Entity{u"ndash", u'\u2013'},  Entity{u"mdash", u'\u2014'},
    Entity{u"lsquo", u'\u2018'},  Entity{u"rsquo", u'\u2019'},  Entity{u"ldquo", u'\u201c'},
    Entity{u"rdquo", u'\u201d'},  Entity{u"laquo", u'\u00ab'},  Entity{u"raquo", u'\u00bb'},
    Entity{u"euro", u'\u20ac'},   Entity{u"pound", u'\u00a3'},  Entity{u"yen", u'\u00a5'},
    Entity{u"cent", u'\u00a2'},   Entity{u"sect", u'\u00a7'},   Entity{u"para", u'\u00b6'},
    Entity{u"larr", u'\u2190'},   Entity{u"uarr", u'\u2191'},   Entity{u"rarr", u'\u2192'},
    Entity{u"darr", u'\u2193'},   Entity{u"harr", u'\u2194'},   Entity{u"rArr", u'\u21d2'},
    Entity{u"le", u'\u2264'},     Entity{u"ge", u'\u2265'},     Entity{u"ne", u'\u2260'},
    Entity{u"asymp", u'\u2248'},  Entity{u"infin", u'\u221e'},  Entity{u"radic", u'\u221a'},
    Entity{u"sum", u'\u2211'},    Entity{u"pi", u'\u03c0'},     Entity{u"alpha", u'\u03b1'},
    Entity{u"beta", u'\u03b2'},   Entity{u"gamma", u'\u03b3'},  Entity{u"lambda", u'\u03bb'},
    Entity{u"mu", u'\u03bc'},     Entity{u"auml", u'\u00e4'},   Entity{u"ouml", u'\u00f6'},
    Entity{u"uuml", u'\u00fc'},   Entity{u"Auml", u'\u00c4'},   Entity{u"Ouml", u'\u00d6'},
    Entity{u"Uuml", u'\u00dc'},   Entity{u"szlig", u'\u00df'},  Entity{u"eacute", u'\u00e9'},
    Entity{u"egrave", u'\u00e8'}, Entity{u"agrave", u'\u00e0'}, Entity{u"ccedil", u'\u00e7'},
    Entity{u"ntilde", u'\u00f1'}, Entity{u"check", u'\u2713'},  Entity{u"shy", u'\u00ad'},
};

QString fromNumber(QStringView digits, int base) {
    bool isNumber = false;
    const uint code = digits.toUInt(&isNumber, base);
    if (!isNumber || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return QString(QChar(QChar::ReplacementCharacter));
    const char32_t character = code;
    return QString::fromUcs4(&character, 1);
}

}  // namespace

QString decodeEntity(QStringView entity) {
    QStringView name = entity;
    if (name.startsWith(u'&')) name = name.mid(1);
    if (name.endsWith(u';')) name.chop(1);
    if (name.startsWith(u"#x") || name.startsWith(u"#X")) return fromNumber(name.mid(2), 16);
    if (name.startsWith(u'#')) return fromNumber(name.mid(1), 10);
    const auto* found = std::find_if(kEntities.begin(), kEntities.end(),
                                     [&](const Entity& known) { return known.name == name; });
    return found == kEntities.end() ? entity.toString() : QString(QChar(found->character));
}

QString escapeHtml(QStringView text) {
    QString escaped;
    escaped.reserve(text.size() + text.size() / 8);
    for (const QChar c : text) {
        if (c == u'&')
            escaped += u"&amp;";
        else if (c == u'<')
            escaped += u"&lt;";
        else if (c == u'>')
            escaped += u"&gt;";
        else if (c == u'"')
            escaped += u"&quot;";
        else
            escaped += c;
    }
    return escaped;
}

}  // namespace lares::app
