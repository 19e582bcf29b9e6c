#include "app/transcript/markdown_blocks.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/markdown_stream.h"
#include "tests/fuzz/fuzz_target.h"

#include <cstdio>
#include <cstdlib>

using namespace lares::app;

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

void check(const MarkdownBlock& block) {
    qsizetype end = 0;
    for (const InlineSpan& span : block.spans) {
        require(span.start >= end && span.length > 0, "spans are in order");
        require(span.link < block.links.size(), "a link has a target");
        end = span.start + span.length;
    }
    require(end <= block.text.size(), "spans end with the text");
    int before = 0;
    for (const MathSpan& formula : block.formulas) {
        require(formula.start >= before && formula.length > 0, "formulas are in order");
        before = formula.start + formula.length;
    }
    require(before <= block.text.size(), "formulas end with the text");
    for (const int cell : block.cells)
        require(cell >= 0 && cell <= block.text.size(), "cells are in the text");
    require(static_cast<int>(block.containers.size()) <= kMaxNesting, "nesting is capped");
}

}  // namespace

/// Any bytes as Markdown: whole, grown in three steps, and as every format that is copied.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QString text =
        QString::fromUtf8(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const auto blocks = parseMarkdown(text);
    for (const MarkdownBlock& block : blocks) check(block);
    MarkdownStream stream;
    for (int part = 1; part <= 3; ++part) stream.update(text.left(text.size() * part / 3));
    require(stream.blocks() == blocks, "a grown text has the blocks of the whole");
    static_cast<void>(toPlainText(blocks));
    static_cast<void>(toHtml(blocks));
    static_cast<void>(parseMarkdown(toMarkdown(blocks)));
    return 0;
}

std::vector<std::string> lares::fuzz::seeds() {
    return {
        "$x^2$ \\(y\\) **$$z$$**\n\\begin{align}a &= b\\\\ c\\end{align} \\[w\\]\n\n| $a$ |\n|-|\n",
        "# H\n\na **b *c*** `d` [e](http://x/?a&amp;b)\n\n- x\n- [x] y\n  1. z\n\n> q\n",
        "| a | b |\n|:-:|--:|\n| 1<br>2 | `x` |\n\n```c\nint i;\n```\n\n<div>\n\n---\n",
        "[a]: http://b\n\n[a] ![i](j) ~~s~~ \xE2\x80\xAE x\n\n1. a\n\n   b\n\nwww.x.org\n"};
}
