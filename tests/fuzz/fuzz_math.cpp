#include "app/math/math_parser.h"
#include "app/math/math_text.h"
#include "tests/fuzz/fuzz_target.h"

#include <cstdio>
#include <cstdlib>

using namespace lares::app;

/// Any bytes as a formula: a tree no larger than its source asks for, or none, and some text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QString latex =
        QString::fromUtf8(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    static_cast<void>(mathText(latex));
    const auto list = parseMath(latex);
    constexpr qsizetype kCellsAtMost = 2000;  // empty ones are written "{}"
    if (list && describe(*list).size() > 40 * latex.size() + 2 * kCellsAtMost + 40) {
        std::fprintf(stderr, "broken: a tree larger than its formula\n");
        std::abort();
    }
    return 0;
}

std::vector<std::string> lares::fuzz::seeds() {
    return {"x = \\frac{-b \\pm \\sqrt[3]{b^2 - 4ac}}{2a} + \\left( \\binom n k \\right]'_i",
            "\\begin{cases} 1 & \\text{if $x$} \\\\[2pt] \\hat{\\mathbb{R}} \\end{cases}",
            "\\sum\\limits_{\\substack{i \\\\ j}}^n \\underbrace{a}_b \\xrightarrow[c]{d} e"};
}
