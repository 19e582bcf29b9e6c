#include "app/transcript/code_highlight.h"

#include "app/transcript/code_languages.h"

#include <QStringList>

#include <algorithm>

namespace lares::app {
namespace {

using Kind = CodeToken::Kind;

constexpr qsizetype kLongestCode = 1'000'000;

/// Keywords of shells that a command follows.
const QStringList kBeforeCommands = {"call", "do",   "elif",  "else", "if",
                                     "sudo", "then", "until", "while"};

bool isWordStart(QChar c) {
    return c.isLetter() || c == u'_';
}

/// Reads code from its beginning to its end; each step takes at least one character.
class CodeScan {
public:
    CodeScan(QStringView code, const CodeLanguage& language) : m_code(code), m_language(language) {}

    std::vector<CodeToken> run() {
        while (m_at < m_code.size()) {
            [[maybe_unused]] const qsizetype before = m_at;
            m_isLineStart = m_at == 0 || m_code[m_at - 1] == u'\n' ||
                            (m_isLineStart && m_code[m_at - 1].isSpace());
            switch (m_language.form) {
                case CodeLanguage::Form::Words:
                    takeOne();
                    break;
                case CodeLanguage::Form::Keyed:
                    if (!m_isLineStart || !takeKey()) takeOne();
                    break;
                case CodeLanguage::Form::Markup:
                    takeMarkup();
                    break;
                case CodeLanguage::Form::Diff:
                    takeDiffLine();
                    break;
            }
            Q_ASSERT(m_at > before);
        }
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] bool has(CodeLanguage::Trait trait) const { return m_language.traits & trait; }
    [[nodiscard]] QChar at(qsizetype i) const { return i < m_code.size() ? m_code[i] : QChar(); }
    [[nodiscard]] bool startsWith(QStringView text) const {
        const auto matching =
            has(CodeLanguage::IgnoresCase) ? Qt::CaseInsensitive : Qt::CaseSensitive;
        return !text.isEmpty() && m_code.sliced(m_at).startsWith(text, matching);
    }
    [[nodiscard]] qsizetype lineEnd(qsizetype from) const {
        const qsizetype end = m_code.indexOf(u'\n', from);
        return end < 0 ? m_code.size() : end;
    }
    [[nodiscard]] qsizetype wordEnd(qsizetype from) const {
        while (from < m_code.size() && (m_code[from].isLetterOrNumber() || m_code[from] == u'_' ||
                                        (has(CodeLanguage::Dashes) && m_code[from] == u'-')))
            ++from;
        return from;
    }
    /// The first character from `from` on that is no space, on the same line.
    [[nodiscard]] QChar afterSpace(qsizetype from) const {
        while (from < m_code.size() && (m_code[from] == u' ' || m_code[from] == u'\t')) ++from;
        return at(from);
    }

    void add(qsizetype end, Kind kind) {
        m_tokens.push_back({static_cast<int>(m_at), static_cast<int>(end - m_at), kind});
        m_at = end;
    }

    void takeOne() {
        const QChar c = m_code[m_at];
        if (c == u'\n') {
            ++m_at;
            m_isCommandNext = true;
        } else if (c.isSpace()) {
            ++m_at;
        } else if (!takeComment() && !takeString() && !takeMarked() && !takeNumber() &&
                   !takeWord()) {
            // Behind these a shell expects a command.
            m_isCommandNext = c == u'|' || c == u'&' || c == u';' || c == u'(' || c == u'`' ||
                              c == u'{' || (m_isCommandNext && (c == u'$' || c == u'>'));
            ++m_at;
        }
    }

    bool takeComment() {
        if (startsWith(m_language.blockOpen)) {
            takeBlockComment();
            return true;
        }
        const bool isWithinWord =
            has(CodeLanguage::CommentWords) && m_at > 0 && !m_code[m_at - 1].isSpace();
        if (isWithinWord) return false;
        const auto& marks = m_language.lineComments;
        const auto mark = std::find_if(marks.begin(), marks.end(),
                                       [this](const QString& one) { return startsWith(one); });
        if (mark == marks.end()) return false;
        // "rem" is a word as well as a mark.
        if (mark->back().isLetter() && wordEnd(m_at) != m_at + mark->size()) return false;
        add(lineEnd(m_at), Kind::Comment);
        return true;
    }

    void takeBlockComment() {
        const QString& open = m_language.blockOpen;
        const QString& close = m_language.blockClose;
        qsizetype end = m_at + open.size();
        for (int depth = 1; depth > 0 && end < m_code.size();) {
            const QStringView rest = m_code.sliced(end);
            if (rest.startsWith(close)) {
                end += close.size();
                --depth;
            } else if (has(CodeLanguage::Nested) && rest.startsWith(open)) {
                end += open.size();
                ++depth;
            } else {
                ++end;
            }
        }
        add(end, Kind::Comment);
    }

    bool takeString() {
        for (const QString& quote : m_language.longQuotes) {
            if (!startsWith(quote)) continue;
            const qsizetype close = m_code.indexOf(quote, m_at + quote.size());
            addString(close < 0 ? m_code.size() : close + quote.size());
            return true;
        }
        const QChar quote = m_code[m_at];
        if (!m_language.quotes.contains(quote)) return false;
        const qsizetype end = closingQuote(quote);
        if (quote == u'\'' && has(CodeLanguage::CharQuotes) && !isCharacter(end)) return false;
        addString(end);
        return true;
    }

    /// Behind the quote that closes the string, or the end of the line.
    [[nodiscard]] qsizetype closingQuote(QChar quote) const {
        for (qsizetype i = m_at + 1; i < m_code.size(); ++i) {
            if (m_code[i] == u'\n') return i;
            if (m_code[i] == quote) return i + 1;
            if (m_code[i] == u'\\' && at(i + 1) != u'\n') ++i;
        }
        return m_code.size();
    }
    /// 'x', '\n', '\u{1F600}': not the quote of a lifetime or of an apostrophe.
    [[nodiscard]] bool isCharacter(qsizetype end) const {
        const qsizetype length = end - m_at;
        if (at(end - 1) != u'\'' || length < 3) return false;
        return m_code[m_at + 1] == u'\\' ? length <= 12 : length <= 4;
    }
    void addString(qsizetype end) {
        const bool isKey = has(CodeLanguage::Keys) && afterSpace(end) == u':';
        add(end, isKey ? Kind::Name : Kind::String);
        m_isCommandNext = false;
    }

    /// Words that a sign in front makes special.
    bool takeMarked() {
        const QChar c = m_code[m_at];
        const QChar next = at(m_at + 1);
        const bool isMark = (c == u'@' && has(CodeLanguage::Annotations)) ||
                            (c == u'\\' && has(CodeLanguage::Backslashes));
        if (isMark && isWordStart(next)) {
            add(wordEnd(m_at + 1), Kind::Keyword);
        } else if (c == u'#' && has(CodeLanguage::Directives) && m_isLineStart) {
            qsizetype word = m_at + 1;
            while (at(word) == u' ') ++word;
            add(std::max(wordEnd(word), m_at + 1), Kind::Keyword);
        } else if (c == u'$' && has(CodeLanguage::Variables)) {
            return takeVariable(next);
        } else {
            return false;
        }
        return true;
    }

    bool takeVariable(QChar next) {
        if (next == u'{') {
            constexpr qsizetype kLongest = 200;
            const QStringView rest = m_code.sliced(m_at).left(kLongest);
            const qsizetype close = rest.indexOf(u'}');
            if (close < 0 || rest.left(close).contains(u'\n')) return false;
            add(m_at + close + 1, Kind::Name);
        } else if (isWordStart(next)) {
            qsizetype end = m_at + 1;
            while (at(end).isLetterOrNumber() || at(end) == u'_') ++end;
            add(end, Kind::Name);
        } else if (next.isDigit() || next == u'@' || next == u'?' || next == u'#') {
            add(m_at + 2, Kind::Name);
        } else {
            return false;
        }
        m_isCommandNext = false;
        return true;
    }

    bool takeNumber() {
        const QChar c = m_code[m_at];
        const bool isFraction =
            c == u'.' && at(m_at + 1).isDigit() &&
            (m_at == 0 || !(m_code[m_at - 1] == u'.' || m_code[m_at - 1].isLetterOrNumber()));
        if (!c.isDigit() && !isFraction) return false;
        qsizetype end = m_at + 1;
        for (; end < m_code.size(); ++end) {
            const QChar d = m_code[end];
            const bool isSign = (d == u'+' || d == u'-') &&
                                (m_code[end - 1] == u'e' || m_code[end - 1] == u'E') &&
                                at(end + 1).isDigit();
            const bool isSeparator =
                d == u'\'' && has(CodeLanguage::CharQuotes) && at(end + 1).isLetterOrNumber();
            const bool isPoint = d == u'.' && at(end + 1) != u'.';
            if (!d.isLetterOrNumber() && d != u'_' && !isPoint && !isSign && !isSeparator) break;
        }
        m_isCommandNext = false;
        // To a shell most are part of a name: "Invoices/2026".
        const bool isAlone = (m_at == 0 || m_code[m_at - 1].isSpace()) &&
                             (end == m_code.size() || m_code[end].isSpace() || m_code[end] == u';');
        if (!has(CodeLanguage::Commands) || isAlone) {
            add(end, Kind::Number);
        } else {
            m_at = end;
        }
        return true;
    }

    bool takeWord() {
        if (!isWordStart(m_code[m_at])) return false;
        const qsizetype end = wordEnd(m_at);
        const QStringView word = m_code.sliced(m_at, end - m_at);
        const bool isCommand = m_isCommandNext && has(CodeLanguage::Commands);
        if (isKeyword(word)) {
            m_isCommandNext = kBeforeCommands.contains(word, Qt::CaseInsensitive);
            add(end, Kind::Keyword);
        } else if ((has(CodeLanguage::Calls) && at(end) == u'(') ||
                   (has(CodeLanguage::Keys) && afterSpace(end) == u':') ||
                   (isCommand && at(end) != u'=')) {
            add(end, Kind::Name);
            m_isCommandNext = false;
        } else {
            m_at = end;
            // Behind "NAME=value" another assignment or the command comes; the value is no command.
            m_isCommandNext = false;
        }
        return true;
    }

    [[nodiscard]] bool isKeyword(QStringView word) const {
        const auto& words = m_language.keywords;
        if (has(CodeLanguage::IgnoresCase))
            return std::binary_search(words.begin(), words.end(), word.toString().toLower());
        return std::binary_search(words.begin(), words.end(), word,
                                  [](QStringView a, QStringView b) { return a < b; });
    }

    /// "[section]", "key: ", "- key: ", "key = " where a line begins.
    bool takeKey() {
        if (m_code[m_at].isSpace()) return false;
        const qsizetype end = lineEnd(m_at);
        if (m_code[m_at] == u'[') {
            const qsizetype close = m_code.sliced(0, end).lastIndexOf(u']');
            if (close > m_at && afterSpace(close + 1) != u':') {
                add(close + 1, Kind::Keyword);
                return true;
            }
        }
        qsizetype key = m_at;
        while (at(key) == u'-' && at(key + 1) == u' ') {
            key += 2;
            while (at(key) == u' ') ++key;
        }
        qsizetype stop = key;
        while (stop < end && (m_code[stop].isLetterOrNumber() || m_code[stop] == u'_' ||
                              m_code[stop] == u'-' || m_code[stop] == u'.' || m_code[stop] == u'/'))
            ++stop;
        const QChar sign = afterSpace(stop);
        if (stop == key || (sign != u'=' && sign != u':')) return false;
        m_at = key;
        add(stop, Kind::Name);
        return true;
    }

    void takeMarkup() {
        if (startsWith(m_language.blockOpen)) {
            takeBlockComment();
        } else if (m_isInTag) {
            takeInTag();
        } else if (m_code[m_at] == u'<' && (isWordStart(at(m_at + 1)) || at(m_at + 1) == u'/' ||
                                            at(m_at + 1) == u'!' || at(m_at + 1) == u'?')) {
            m_isInTag = true;
            qsizetype name = m_at + (isWordStart(at(m_at + 1)) ? 1 : 2);
            m_at = std::min(name, m_code.size());
            name = m_at;
            while (at(name).isLetterOrNumber() || at(name) == u'-' || at(name) == u':' ||
                   at(name) == u'_')
                ++name;
            if (name > m_at) add(name, Kind::Keyword);
        } else if (m_code[m_at] == u'&') {
            constexpr qsizetype kLongestEntity = 12;
            const qsizetype close = m_code.sliced(m_at).left(kLongestEntity).indexOf(u';');
            if (close > 0) {
                add(m_at + close + 1, Kind::Number);
            } else {
                ++m_at;
            }
        } else {
            ++m_at;
        }
    }

    void takeInTag() {
        const QChar c = m_code[m_at];
        if (c == u'>') {
            m_isInTag = false;
            ++m_at;
        } else if (c == u'"' || c == u'\'') {
            const qsizetype close = m_code.indexOf(c, m_at + 1);
            add(close < 0 ? m_code.size() : close + 1, Kind::String);
        } else if (isWordStart(c)) {
            qsizetype end = m_at;
            while (at(end).isLetterOrNumber() || at(end) == u'-' || at(end) == u':' ||
                   at(end) == u'_' || at(end) == u'.')
                ++end;
            add(end, Kind::Name);
        } else {
            ++m_at;
        }
    }

    void takeDiffLine() {
        const qsizetype end = lineEnd(m_at);
        const QStringView line = m_code.sliced(m_at, end - m_at);
        const auto begins = [&line](const char* mark) {
            return line.startsWith(QLatin1String(mark));
        };
        if (begins("+++") || begins("---") || begins("diff ") || begins("index ")) {
            add(end, Kind::Comment);
        } else if (begins("@@")) {
            add(end, Kind::Keyword);
        } else if (begins("+")) {
            add(end, Kind::Added);
        } else if (begins("-")) {
            add(end, Kind::Removed);
        }
        m_at = std::min(end + 1, m_code.size());
    }

    const QStringView m_code;
    const CodeLanguage& m_language;
    qsizetype m_at = 0;
    bool m_isLineStart = true;  ///< nothing but space stands before on the line
    bool m_isCommandNext = true;
    bool m_isInTag = false;
    std::vector<CodeToken> m_tokens;
};

}  // namespace

std::vector<CodeToken> highlightCode(QStringView code, QStringView language) {
    const CodeLanguage* known = codeLanguageOrNull(language);
    if (!known || code.size() > kLongestCode) return {};
    return CodeScan(code, *known).run();
}

}  // namespace lares::app
