#include "app/panel/prompt_lines.h"

#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <numeric>
#include <utility>

namespace lares::app {
namespace {

using Look = PromptLine::Run::Look;

struct PromptLineText {
    Q_DECLARE_TR_FUNCTIONS(PromptLines)
};

Look lookOf(PromptPiece::Kind kind, bool isDropped) {
    if (kind == PromptPiece::Kind::Special) return Look::Special;
    if (isDropped) return Look::Dropped;
    return kind == PromptPiece::Kind::Markup ? Look::Markup : Look::Plain;
}

/// Where the restored tokens end, in bytes, or nothing where there is no border to show.
std::optional<std::size_t> cutOffset(const PromptView& view, std::optional<int> nCached) {
    if (!nCached || *nCached <= 0 || static_cast<std::size_t>(*nCached) >= view.token_bytes.size())
        return std::nullopt;
    return std::accumulate(view.token_bytes.begin(), view.token_bytes.begin() + *nCached,
                           std::size_t{0});
}

class LineMaker {
public:
    LineMaker(const PromptView& view, std::optional<int> nCached)
        : m_view(view), m_cut(cutOffset(view, nCached)) {}

    std::vector<PromptLine> make() {
        std::size_t section = 0;
        bool isDropped = false;
        for (std::size_t i = 0; i < m_view.pieces.size(); ++i) {
            while (section < m_view.sections.size() && m_view.sections[section].first_piece <= i) {
                addHeading(m_view.sections[section]);
                isDropped = m_view.sections[section++].is_dropped_next;
            }
            addPiece(m_view.pieces[i], isDropped);
        }
        // Where a line feed ends the prompt, an empty line is what follows it.
        const bool isOpen = !m_lines.empty() && m_line.runs.empty() && m_lines.back().hasLineEnd;
        endLine(false);
        if (isOpen) m_lines.emplace_back();
        return std::move(m_lines);
    }

private:
    void addHeading(const PromptSection& section) {
        endLine(false);
        if (m_cut == m_offset) addCut();
        if (!m_lines.empty()) m_lines.push_back({PromptLine::Kind::Gap, {}, false});
        QString text =
            sectionName(section.kind) + QStringLiteral(" · ") + tokensText(section.n_tokens);
        if (section.is_dropped_next)
            text += QStringLiteral(" · ") + PromptLineText::tr("left out of the next prompt");
        addOwn(PromptLine::Kind::Heading, text);
    }

    void addOwn(PromptLine::Kind kind, const QString& text) {
        m_lines.push_back({kind, {{text, Look::Markup}}, false});
    }

    void addCut() {
        m_cut.reset();
        if (!m_lines.empty()) m_lines.push_back({PromptLine::Kind::Gap, {}, false});
        addOwn(PromptLine::Kind::Cut,
               PromptLineText::tr("Restored up to here, read anew from here"));
    }

    void addPiece(const PromptPiece& piece, bool isDropped) {
        const Look look = lookOf(piece.kind, isDropped);
        const std::size_t end = m_offset + piece.text.size();
        if (m_cut && *m_cut >= m_offset && *m_cut < end) {
            // A token may end inside a character; the border is shown before it.
            std::size_t at = *m_cut - m_offset;
            while (at > 0 && (static_cast<unsigned char>(piece.text[at]) & 0xc0) == 0x80) --at;
            addText(QString::fromStdString(piece.text.substr(0, at)), look);
            endLine(false);
            addCut();
            addText(QString::fromStdString(piece.text.substr(at)), look);
        } else {
            addText(QString::fromStdString(piece.text), look);
        }
        m_offset = end;
    }

    void addText(const QString& text, Look look) {
        qsizetype from = 0;
        for (qsizetype i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', from)) {
            addToLine(QStringView(text).mid(from, i - from), look);
            endLine(true);
            from = i + 1;
        }
        addToLine(QStringView(text).mid(from), look);
    }

    void addToLine(QStringView text, Look look) {
        while (!text.isEmpty()) {
            qsizetype n = std::min<qsizetype>(text.size(), kLongestPromptLine - m_length);
            if (n < text.size() && n > 0 && text[n - 1].isHighSurrogate()) --n;
            if (n <= 0) {
                endLine(false);
                continue;
            }
            addRuns(text.left(n), look);
            m_length += n;
            text = text.mid(n);
        }
    }

    /// visible_text.h turns these two into line ends, which the prompt does not have there.
    static bool isOtherLineEnd(QChar c) { return c == u'\r' || c == QChar(0x2028); }

    void addRuns(QStringView text, Look look) {
        while (!text.isEmpty()) {
            const auto end = std::find_if(text.begin(), text.end(), isOtherLineEnd) - text.begin();
            splitVisible(
                text.left(end), [&](QStringView some) { addRun(some.toString(), look); },
                [&](const QString& name) { addRun(name, Look::Hidden); });
            if (end == text.size()) return;
            addRun(nameOfHiddenCharacter(text[end].unicode()), Look::Hidden);
            text = text.mid(end + 1);
        }
    }

    void addRun(const QString& text, Look look) {
        if (text.isEmpty()) return;
        if (!m_line.runs.empty() && m_line.runs.back().look == look && look != Look::Special) {
            m_line.runs.back().text += text;
        } else {
            m_line.runs.push_back({text, look});
        }
    }

    void endLine(bool hasLineEnd) {
        if (m_line.runs.empty() && !hasLineEnd) return;
        m_line.hasLineEnd = hasLineEnd;
        m_lines.push_back(std::exchange(m_line, {}));
        m_length = 0;
    }

    const PromptView& m_view;
    std::optional<std::size_t> m_cut;
    std::vector<PromptLine> m_lines;
    PromptLine m_line;
    qsizetype m_length = 0;
    std::size_t m_offset = 0;
};

}  // namespace

std::vector<PromptLine> promptLines(const PromptView& view, std::optional<int> nCached) {
    return LineMaker(view, nCached).make();
}

QString sectionName(PromptMark::Kind kind) {
    switch (kind) {
        case PromptMark::Kind::System:
            return PromptLineText::tr("Instructions");
        case PromptMark::Kind::Tools:
            return PromptLineText::tr("Tools it may ask for");
        case PromptMark::Kind::User:
            return PromptLineText::tr("You");
        case PromptMark::Kind::Assistant:
        case PromptMark::Kind::Reply:
            return PromptLineText::tr("Answer");
        case PromptMark::Kind::Thinking:
            return PromptLineText::tr("Thinking");
        case PromptMark::Kind::ToolResult:
            return PromptLineText::tr("Result of a tool");
        case PromptMark::Kind::Other:
            return PromptLineText::tr("Other");
        case PromptMark::Kind::Answer:
            return PromptLineText::tr("Here it begins to answer");
    }
    return {};
}

QString tokensText(int n) {
    return PromptLineText::tr("%Ln token(s)", nullptr, n);
}

int droppedTokens(const PromptView& view) {
    int n = 0;
    for (const PromptSection& section : view.sections)
        n += section.is_dropped_next ? section.n_tokens : 0;
    return n;
}

}  // namespace lares::app
