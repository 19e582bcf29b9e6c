#pragma once

#include "app/math/math_commands.h"
#include "app/math/math_parser.h"
#include "app/math/math_symbols.h"

#include <QString>
#include <QStringView>

#include <optional>

namespace lares::app {

/// Walks over one formula (math_parser.h). What is broken ends the walk: `broken` moves to the end,
/// so nothing that comes after it can go wrong.
class MathParser {
public:
    explicit MathParser(QStringView latex) : m_latex(latex) {}

    std::optional<MathList> parse();

private:
    using NodeKind = MathNode::Kind;

    // Reading.
    [[nodiscard]] QChar peek() const { return m_at < m_latex.size() ? m_latex[m_at] : QChar(); }
    void skipSpace();
    MathList broken();
    /// The name behind a backslash, without moving on: letters, or one other character.
    [[nodiscard]] QStringView commandAhead() const;
    QString takeCommand();
    [[nodiscard]] bool isAtStop(QChar stop) const;
    /// A delimiter's character; "" for ".".
    QString delimiter();
    /// "[2pt]" behind a row.
    void skipLength();
    QString rawArgument();

    // Lists, and what is in them.
    /// Up to what ends a list: a closing bracket, a cell, a row, an environment.
    MathList list(int depth, QChar stop = {});
    void addAtom(MathList& out, int depth);
    void addCharacter(MathList& out);
    void addSymbol(MathList& out, const QString& text, MathClass cls);
    static void addSpace(MathList& out, double width);
    static void addWords(MathList& out, const QString& text, MathFace face, MathClass cls);
    /// "{…}"; its end is needed.
    MathList braced(int depth);
    /// What a command or a script is about: a group, a command or a character.
    MathList argument(int depth);
    void addScript(MathList& out, MathList script, bool isAbove);
    /// "f''" and "f'^2": one script.
    void addPrimes(MathList& out, int depth);

    // What stands behind a backslash (math_parser_commands.cpp).
    void addCommand(MathList& out, int depth);
    void addEscaped(MathList& out, QChar c);
    void addNamed(MathList& out, const QString& name, const MathSymbol& symbol);
    /// What has parts.
    bool addStructure(MathList& out, const QString& name, int depth);
    /// What stands over, under or around one part.
    bool addDecorated(MathList& out, const QString& name, int depth);
    /// What changes how things look.
    bool addLook(MathList& out, const QString& name, int depth);
    static void addGroup(MathList& out, MathList inside, MathClass cls);
    /// Words in which "$…$" is a formula.
    void addProse(MathList& out, const QString& text, MathFace face, int depth);
    /// \left … \middle … \right
    void addFence(MathNode& node, int depth);
    /// Cells and rows, up to what ends them.
    MathNode grid(const GridLook& look, int depth);
    void addEnvironment(MathNode& node, int depth);

    static constexpr std::size_t kMostCells = 2000;

    const QStringView m_latex;
    qsizetype m_at = 0;
    std::optional<MathFace> m_face;
    bool m_isBroken = false;
};

}  // namespace lares::app
