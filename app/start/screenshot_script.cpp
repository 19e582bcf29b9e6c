#include "app/start/screenshot_script.h"

#include <QDir>
#include <QFile>

namespace lares::app {
namespace {

const char* const kScript = R"(,
    {"when": "costs", "steps": [
        {"thinking": "A look at the table."},
        {"text": "The costs of May were **12.50**."}]},
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
    {"when": "rivers", "steps": [
        {"thinking": "Three rivers, with their length. The Danube, the Rhine and the Elbe are well known."},
        {"text": "Three rivers of Europe:\n\n- **Danube**, 2,850 km, into the Black Sea\n- **Rhine**, 1,230 km, into the North Sea\n- **Elbe**, 1,094 km, which rises in"},
        {"hold": true}]}])";

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
    return moveScript() + kScript;
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
