#include "app/math/math_symbols.h"

#include <QHash>
#include <QStringList>

namespace lares::app {
namespace {

/// Pairs of a command and its sign.
constexpr const char16_t* kLetters =
    u"alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι "
    u"kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς "
    u"tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi "
    u"Π "
    u"Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph "
    u"ℵ "
    u"emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ angle ∠ triangle △ degree ° "
    u"circ ° prime ′ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ "
    u"iiint ∭ "
    u"oint ∮ bigcup ⋃ bigcap ⋂ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | "
    u"vert | Vert ‖ lVert ‖ rVert ‖ checkmark ✓ star ⋆ dagger † bot ⊥ top ⊤ square □ blacksquare ■ "
    u"qed □ "
    u"bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ lbrace { rbrace } lbrack [ rbrack ] wp ℘ beth ℶ "
    u"varkappa ϰ complement ∁ flat ♭ natural ♮ sharp ♯ surd √ ddagger ‡ dotsb ⋯ dotsc … dotsm ⋯ "
    u"therefore ∴ because ∵ imath ı jmath ȷ percent % backslash \\";
constexpr const char16_t* kOperators =
    u"pm ± mp ∓ times × div ÷ cdot · ast ∗ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ equiv ≡ cong "
    u"≅ "
    u"sim ∼ simeq ≃ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ "
    u"cup ∪ "
    u"cap ∩ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ oplus ⊕ otimes ⊗ perp ⊥ parallel ∥ mid | to → "
    u"rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ "
    u"Leftrightarrow ⇔ iff ⇔ longrightarrow ⟶ mapsto ↦ uparrow ↑ downarrow ↓ colon : coloneqq ≔ lt "
    u"< gt > bullet • odot ⊙ ominus ⊖ oslash ⊘ uplus ⊎ sqcup ⊔ sqcap ⊓ prec ≺ succ ≻ preceq ⪯ "
    u"succeq ⪰ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ nmid ∤ Longrightarrow ⟹ Longleftarrow ⟸ "
    u"Longleftrightarrow ⟺ longleftarrow ⟵ longleftrightarrow ⟷ hookrightarrow ↪ rightleftharpoons "
    u"⇌ nearrow ↗ searrow ↘ Uparrow ⇑ Downarrow ⇓ updownarrow ↕ leadsto ⇝ triangleq ≜ bowtie ⋈ "
    u"leqslant ≤ geqslant ≥ lesssim ≲ gtrsim ≳ vdash ⊢ models ⊨ bmod mod doteq ≐ asymp ≍";
constexpr const char16_t* kWords =
    u"sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp lim limsup liminf "
    u"max min "
    u"sup inf det dim ker deg gcd arg Pr hom";

constexpr QStringView kRaisable =
    u"0123456789+-−=(),abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθ′";
constexpr QStringView kRaised =
    u"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾,ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿ′";
constexpr QStringView kLowerable = u"0123456789+-−=(),aehijklmnoprstuvxβγρφχ";
constexpr QStringView kLowered = u"₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎,ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ";
static_assert(kRaisable.size() == kRaised.size());
static_assert(kLowerable.size() == kLowered.size());

QHash<QString, MathSymbol> symbolTable() {
    QHash<QString, MathSymbol> table;
    const auto addPairs = [&table](const char16_t* list, MathSpacing spacing) {
        const QStringList words = QString::fromUtf16(list).split(u' ');
        for (qsizetype i = 0; i + 1 < words.size(); i += 2)
            table[words[i]] = {words[i + 1], spacing};
    };
    addPairs(kLetters, MathSpacing::None);
    addPairs(kOperators, MathSpacing::Operator);
    for (const QString& word : QString::fromUtf16(kWords).split(u' '))
        table[word] = {word, MathSpacing::Word};
    return table;
}

std::optional<QString> mapped(QStringView text, QStringView from, QStringView to) {
    QString result;
    for (const QChar c : text) {
        if (c == u' ') continue;
        const qsizetype at = from.indexOf(c);
        if (at < 0) return std::nullopt;
        result += to[at];
    }
    return result;
}

}  // namespace

std::optional<MathSymbol> mathSymbol(QStringView command) {
    static const QHash<QString, MathSymbol> kTable = symbolTable();
    const auto found = kTable.constFind(command.toString());
    if (found == kTable.cend()) return std::nullopt;
    return *found;
}

std::optional<QString> superscript(QStringView text) {
    return mapped(text, kRaisable, kRaised);
}

std::optional<QString> subscript(QStringView text) {
    return mapped(text, kLowerable, kLowered);
}

QString blackboard(QStringView text) {
    return mapped(text, u"CHNPQRZ", u"ℂℍℕℙℚℝℤ").value_or(text.toString());
}

}  // namespace lares::app
