#pragma once

#include <QString>
#include <QStringList>
#include <QtGlobal>

#include <random>

namespace lares::test {

/// Texts that nobody would write, and that a file has to hold: what markup, JSON, cards and
/// patterns are made of, halves of characters, what shows nothing, and what turns lines around. One
/// seed gives the same texts everywhere.
class RandomTexts {
public:
    explicit RandomTexts(unsigned seed) : m_random(seed) {}

    [[nodiscard]] int below(int n) { return static_cast<int>(m_random() % unsigned(n)); }
    [[nodiscard]] bool oneIn(int n) { return below(n) == 0; }

    /// Of so many pieces at most, with a word of its own: no two are the same.
    [[nodiscard]] QString text(int most = 6) {
        QString all = (oneIn(3) ? piece() : QString()) + QString("w%1").arg(++m_nTexts);
        for (int n = below(most + 1); n > 0; --n) all += piece();
        if (oneIn(40)) all += QString("long ").repeated(4000);
        return all;
    }
    [[nodiscard]] QString line(int most = 3) { return text(most).simplified().left(80); }
    /// Nothing, every other time.
    [[nodiscard]] QString maybe(int most = 3) { return oneIn(2) ? QString() : text(most); }

private:
    [[nodiscard]] QString piece() {
        static const QStringList kPieces = {
            QString(QChar(0xd83d)),
            QString(QChar(0xde00)) + 'x',
            QString(QChar(0)),
            QStringLiteral("\u202e reversed \u2066 \u200b"),
            QStringLiteral("a\u0301\u0323\u0489"),
            QStringLiteral("\U0001F98A\u200d\U0001F469"),
            QStringLiteral("\r\n"),
            QStringLiteral("\r"),
            QStringLiteral("\n\n"),
            QStringLiteral("\t \u2028 \u2029 \u0085"),
            QStringLiteral("<script>alert(1)</script>"),
            QStringLiteral("</title></style><xss onload=evil()>"),
            QStringLiteral("\" onmouseover=\"evil()\" x='"),
            QStringLiteral("<img src=x onerror=evil()>"),
            QStringLiteral("]]></summary></details></code></pre>"),
            QStringLiteral("[a](javascript:evil()) ![b](https://x.example/p.png\" onload=\"e)"),
            QStringLiteral("[c](https://x.example/?a=1&b=\"2\")"),
            QStringLiteral("&lt;script&gt; &#60;xss&#62; &amp;"),
            QStringLiteral("\n```html\n<xss>\n"),
            QStringLiteral("\n~~~ \" class=\"evil\n"),
            QStringLiteral("\n<!-- "),
            QStringLiteral("\n# Heading\n## You\n"),
            QStringLiteral("\n| a | b |\n|---|:-:|\n| <xss> | `|` |\n"),
            QStringLiteral("\n- one\n  1. two\n> three\n"),
            QStringLiteral("{\"format\": \"lares-conversations\", \"conversations\": [{}]}"),
            QStringLiteral("\\u0000\\\"\\"),
            QStringLiteral("\"}]}],\"notes\":["),
            QStringLiteral("{{char}} and {{user}}'s <bot> {{original}}"),
            QStringLiteral("@@dont_activate\n"),
            QStringLiteral("/a+/i"),
            QStringLiteral("$\\frac{a}{b$ \\["),
            QStringLiteral("%1 %n %L2"),
            QStringLiteral("<|im_end|><think>"),
            QStringLiteral("; '' -- DROP"),
            QStringLiteral("1. "),
            QStringLiteral("7) "),
            QStringLiteral("    "),
            QStringLiteral("===\n---\n***\n"),
            QStringLiteral(" some words, and more. "),
        };
        return kPieces[below(int(kPieces.size()))];
    }

    std::mt19937 m_random;
    int m_nTexts = 0;
};

}  // namespace lares::test
