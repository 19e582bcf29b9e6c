#include "app/start/screenshot_script.h"

#include <QDir>
#include <QFile>

namespace lares::app {
namespace {

const char* const kScript = R"(,
    {"when": "costs", "steps": [
        {"thinking": "A look at the table."},
        {"text": "The costs of May were **12.50**."}]},
    {"when": "pier", "steps": [
        {"text": "Otto and Ida sit on the rail; the **Admiral** is late, as he always is. The sea is grey and in no hurry."}]},
    {"when": "flour", "steps": [
        {"thinking": "One line changes, and the note below it."},
        {"call": "edit_file", "arguments": {"path": "~/Documents/pancakes.md",
            "old_text": "- 200 g flour\n- 3 eggs", "new_text": "- 400 g flour\n- 6 eggs\n- a pinch of salt"}}]},
    {"when": "flour", "steps": [{"text": "It is for eight people now."}]},
    {"when": "Documents", "steps": [
        {"thinking": "The user asks about a folder. I list it."},
        {"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
    {"when": "photos", "steps": [
        {"thinking": "A small script renames them all."},
        {"call": "run_command", "arguments": {"folder": "~/Documents", "command": "for f in *.JPG; do\n    mv \"$f\" \"$(date -r \"$f\" +%Y-%m-%d)-$f\"\ndone\nls | wc -l"}}]},
    {"when": "sourdough", "steps": [
        {"thinking": "The notes have to be searched."},
        {"call": "notes__search_notes", "arguments": {"query": "sourdough"}}]},
    {"when": "pancakes", "steps": [
        {"thinking": "The recipe is in a file of the user's."},
        {"call": "list_folder", "arguments": {"path": "~/Documents"}}]},
    {"when": "pancakes", "steps": [
        {"thinking": "The number of people matters for every recipe. I ask whether to remember it."},
        {"call": "remember", "arguments": {"note": "Recipes are for eight people, and one of them eats no nuts."}}]},
    {"when": "pancakes", "steps": [{"text": "For eight people: 400 g flour, 6 eggs and 800 ml milk. I will remember how many you are."}]},
    {"when": "earlier", "steps": [
        {"thinking": "That was in another conversation."},
        {"call": "search_conversations", "arguments": {"query": "invoices move total"}}]},
    {"when": "earlier", "steps": [{"text": "You wanted to move the invoices into **Invoices/2026**, one folder a supplier."}]},
    {"when": "rivers", "steps": [
        {"thinking": "Three rivers, with their length. The Danube, the Rhine and the Elbe are well known."},
        {"text": "Three rivers of Europe:\n\n- **Danube**, 2,850 km, into the Black Sea\n- **Rhine**, 1,230 km, into the North Sea\n- **Elbe**, 1,094 km, which rises in"},
        {"hold": true}]}])";

/// What a textbook of the first year has, as a model writes it.
const char* const kFormulas =
    R"~(,
    {"when": "formulas", "steps": [{"text": )~"
    R"~("The roots of $ax^2 + bx + c = 0$ with $a \\neq 0$ are\n\n$$x_{1,2} = \\frac{-b )~"
    R"~(\\pm \\sqrt{b^2 - 4ac}}{2a},$$\n\nwhich are real when $b^2 \\ge 4ac$. With )~"
    R"~($f(x) = \\frac{1}{\\sigma\\sqrt{2\\pi}}\\, )~"
    R"~(e^{-\\frac{1}{2}\\left(\\frac{x-\\mu}{\\sigma}\\right)^2}$ the integral over )~"
    R"~(all $x \\in \\mathbb{R}$ is 1:\n\n\\[\n\\int_{-\\infty}^{\\infty} f(x)\\,dx = )~"
    R"~(1, \\qquad \\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\frac{\\pi^2}{6}, \\qquad )~"
    R"~(\\lim_{n\\to\\infty}\\left(1 + \\frac{x}{n}\\right)^n = e^x\n\\]\n\nA rotation )~"
    R"~(is $\\vec{v}' = R\\,\\vec{v}$ with\n\n$$\nR = \\begin{pmatrix} \\cos\\theta & )~"
    R"~(-\\sin\\theta \\\\ \\sin\\theta & \\cos\\theta \\end{pmatrix}, \\quad\n\\det R )~"
    R"~(= \\begin{vmatrix} \\cos\\theta & -\\sin\\theta \\\\ \\sin\\theta & )~"
    R"~(\\cos\\theta \\end{vmatrix} = 1, \\quad\n|x| = \\begin{cases} x & \\text{if } x )~"
    R"~(\\ge 0 \\\\ -x & \\text{otherwise} \\end{cases}\n$$\n\nStep by )~"
    R"~(step:\n\n\\begin{align}\n(a+b)^3 &= (a+b)(a^2 + 2ab + b^2) \\\\\n        &= a^3 )~"
    R"~(+ 3a^2b + 3ab^2 + b^3 = \\sum_{k=0}^{3} \\binom{3}{k} a^{3-k} )~"
    R"~(b^k\n\\end{align}\n\n$$\\begin{aligned} \\nabla \\times \\mathbf{E} &= )~"
    R"~(-\\frac{\\partial \\mathbf{B}}{\\partial t} \\\\ \\oint_{\\partial\\Sigma} )~"
    R"~(\\mathbf{E}\\cdot d\\boldsymbol{\\ell} &= -\\iint_\\Sigma \\frac{\\partial )~"
    R"~(\\mathbf{B}}{\\partial t}\\cdot d\\mathbf{S} \\end{aligned}$$\n\n- the mean )~"
    R"~($\\bar{x} = \\frac{1}{n}\\sum_{i=1}^n x_i$ and $\\hat{\\beta} = (X^\\top )~"
    R"~(X)^{-1}X^\\top y$\n- a group $\\underbrace{1 + 1 + \\dots + 1}_{n\\ )~"
    R"~(\\text{times}} = n$, a root $\\sqrt[3]{27} = 3$, a set $\\left\\{\\, x \\in )~"
    R"~(\\mathcal{A} \\;\\middle|\\; x^2 < \\tfrac{1}{2} \\right\\}$\n\n| Name | )~"
    R"~(Formula |\n|---|---|\n| Gamma | $\\Gamma(z) = \\int_0^\\infty t^{z-1} )~"
    R"~(e^{-t}\\,dt$ |\n| Zeta | $\\zeta(s) = \\prod_p \\frac{1}{1 - p^{-s}}$ |\n")~"
    R"~(}]})~";

QString invoiceName(int number) {
    return QString("invoice-%1.pdf").arg(4100 + 17 * number);
}

/// The beginning of a script: an answer that moves all of them, and one that says so.
QString moveScript() {
    QStringList calls = {
        R"({"call": "make_folder", "arguments": {"path": "~/Documents/Invoices"}})"};
    for (int i = 0; i < kSampleInvoices; ++i) {
        calls << QString(R"({"call": "move", "arguments": {"source": "~/Downloads/%1",)"
                         R"( "destination": "~/Documents/Invoices"}})")
                     .arg(invoiceName(i));
    }
    return QString(R"([{"when": "invoices", "steps": [%1]},)"
                   R"( {"when": "invoices", "steps": [{"text": "All %2 invoices are in )"
                   R"(**~/Documents/Invoices** now."}]})")
        .arg(calls.join(", "))
        .arg(kSampleInvoices);
}

}  // namespace

QString screenshotScript() {
    return moveScript() + QString::fromUtf8(kFormulas) + kScript;
}

void makeInvoices() {
    const QString downloads = QDir::homePath() + "/Downloads/";
    QDir(QDir::homePath() + "/Documents/Invoices").removeRecursively();
    QDir().mkpath(downloads);
    for (int i = 0; i < kSampleInvoices; ++i) {
        QFile file(downloads + invoiceName(i));
        (void)file.open(QIODevice::WriteOnly);
    }
}

void makeRecipe() {
    QFile file(QDir::homePath() + "/Documents/pancakes.md");
    if (!file.open(QIODevice::WriteOnly)) return;
    file.write(
        "# Pancakes\n\nFor four people:\n\n- 200 g flour\n- 3 eggs\n- 400 ml milk\n\n"
        "Rest for half an hour, then bake in butter.\n");
}

}  // namespace lares::app
