#pragma once

#include <QString>
#include <QStringList>
#include <QStringView>

#include <vector>

namespace lares::app {

/// How searched text is compared, everywhere in the window: capitals and small letters are the
/// same, as are a letter and that letter with accents (é, whether it is one character or two), a
/// line's end and a space, curly quotes and straight ones. Any thread.
class FoldedText {
public:
    explicit FoldedText(QStringView text);
    [[nodiscard]] const QString& text() const { return m_text; }
    /// Where the character that stands at `place` here stands in the original; its size at the end.
    [[nodiscard]] int originOf(qsizetype place) const;

private:
    QString m_text;
    std::vector<int> m_origins;  ///< empty: every character stands where it stood
};

struct TextMatch {
    int from = 0;
    int length = 0;

    auto operator<=>(const TextMatch&) const = default;
};

/// Texts to look for. What folds to nothing is not looked for.
class TextMatcher {
public:
    TextMatcher() = default;
    explicit TextMatcher(const QStringList& wanted);

    [[nodiscard]] bool isEmpty() const { return m_wanted.isEmpty(); }
    /// Every place of any of them, in order; of places that overlap the first, or the longest.
    [[nodiscard]] std::vector<TextMatch> allIn(QStringView text) const;
    /// Whether each of them is in the text.
    [[nodiscard]] bool areAllIn(const FoldedText& text) const;
    [[nodiscard]] bool areAllIn(QStringView text) const {
        return isEmpty() || areAllIn(FoldedText(text));
    }

    bool operator==(const TextMatcher&) const = default;

private:
    QStringList m_wanted;  ///< folded
};

/// The words of a search, at most sixteen.
[[nodiscard]] QStringList searchWords(const QString& text);

}  // namespace lares::app
