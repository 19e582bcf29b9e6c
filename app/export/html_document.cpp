#include "app/export/export_documents.h"
#include "app/transcript/attachment_export.h"
#include "app/transcript/html_entities.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/visible_text.h"

namespace lares::app {
namespace {

// The colours are the window's, light and dark (ui/theme.cpp).
constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --page: #fbfaf8; --text: #23211e; --quiet: #6b665f; --line: #e4e0d9;
  --bubble: #ece8e1; --code: #f4f2ee; --accent: #b4532a; --keyword: #9c4421; --string: #2c6e49; --number: #7a4a86;
  --comment: #6f6961; --name: #2f5f86; --added: #2f7d4f; --removed: #a3352a; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1b1a18; --text: #e9e6e0; --quiet: #a39d93; --line: #2f2d29; --bubble: #2a2825; --code: #151412;
    --accent: #e07b4c; --keyword: #e5936b; --string: #8cc79a; --number: #c7a3d6; --comment: #948e84;
    --name: #93b8d8; --added: #6cc08b; --removed: #ee8f83; } }
@media print { :root { --page: #fff; } section { break-inside: auto; } }
* { box-sizing: border-box; }
html { background: var(--page); color: var(--text);
  font: 16px/1.6 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem; overflow-wrap: break-word; }
header { margin-bottom: 3rem; padding-bottom: 1.5rem; border-bottom: 1px solid var(--line); }
header h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.01em; }
header p, time, summary, .call, .notice, .file { color: var(--quiet); font-size: .875rem; }
header p { margin: .5rem 0 0; }
section { margin: 0 0 2.25rem; }
section > h2 { margin: 0 0 .6rem; font-size: .9375rem; font-weight: 600; }
section > h2 time { margin-left: .5rem; font-weight: 400; font-variant-numeric: tabular-nums; }
.you .words { background: var(--bubble); border-radius: 1rem; padding: .7rem 1.05rem; white-space: pre-wrap; }
.answer > :first-child { margin-top: 0; } .answer > :last-child { margin-bottom: 0; }
h1, h2, h3, h4, h5, h6 { line-height: 1.3; }
.answer h1 { font-size: 1.375rem; } .answer h2 { font-size: 1.2rem; } .answer h3 { font-size: 1.075rem; }
.answer h4, .answer h5, .answer h6 { font-size: 1rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: .875em; }
code { background: var(--code); border-radius: .3rem; padding: .1em .3em; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .75rem; padding: .9rem 1.1rem;
  overflow-x: auto; line-height: 1.5; font-size: .8125rem; }
pre code { background: none; padding: 0; font-size: inherit; }
blockquote { margin: 1rem 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; font-size: .9375rem; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem 1.5rem .45rem 0; text-align: left; }
[align=right] { text-align: right; } [align=center] { text-align: center; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.75rem 0; }
details, .call, .notice { margin: .75rem 0; }
details > summary { cursor: pointer; }
details > div { white-space: pre-wrap; color: var(--quiet); border-left: 3px solid var(--line);
  margin: .5rem 0; padding-left: 1rem; font-size: .9375rem; }
.keyword { color: var(--keyword); } .string { color: var(--string); } .number { color: var(--number); }
.comment { color: var(--comment); } .name { color: var(--name); }
.added { color: var(--added); } .removed { color: var(--removed); }
)css";

QString visibleHtml(const QString& text) {
    return escapeHtml(visibleText(text));
}

QString preHtml(const QString& text) {
    return QStringLiteral("<pre><code>") + visibleHtml(text) + QStringLiteral("</code></pre>");
}

QString callHtml(const ExportPiece& piece) {
    const QString line =
        escapeHtml(piece.line) +
        (piece.detail.isEmpty() ? QString() : QStringLiteral(" · ") + escapeHtml(piece.detail));
    QString inside;
    if (!piece.arguments.isEmpty()) inside += preHtml(piece.arguments);
    if (!piece.result.isEmpty()) inside += preHtml(piece.result);
    if (inside.isEmpty())
        return QStringLiteral("<p class=\"call\">") + line + QStringLiteral("</p>");
    return QStringLiteral("<details><summary>") + line + QStringLiteral("</summary>") + inside +
           QStringLiteral("</details>");
}

QString pieceHtml(const ExportPiece& piece) {
    switch (piece.kind) {
        case ExportPiece::Kind::Words:
            return QStringLiteral("<div class=\"words\">") + visibleHtml(piece.text.trimmed()) +
                   QStringLiteral("</div>");
        case ExportPiece::Kind::Markdown:
            return QStringLiteral("<div class=\"answer\">") + toHtml(parseMarkdown(piece.text)) +
                   QStringLiteral("</div>");
        case ExportPiece::Kind::Thinking:
            return QStringLiteral("<details><summary>") + escapeHtml(piece.line) +
                   QStringLiteral("</summary><div>") + visibleHtml(piece.text.trimmed()) +
                   QStringLiteral("</div></details>");
        case ExportPiece::Kind::Call:
            return callHtml(piece);
        case ExportPiece::Kind::Notice:
            return QStringLiteral("<p class=\"notice\">") + escapeHtml(piece.text) +
                   QStringLiteral("</p>");
        case ExportPiece::Kind::Files:
            return attachmentsHtml(piece.attachments);
    }
    return {};
}

}  // namespace

QString toHtmlDocument(const ExportTurns& all, const std::stop_token& stop) {
    const QString title = escapeHtml(all.title);
    QString page = QStringLiteral(
                       "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                       "<meta name=\"referrer\" content=\"no-referrer\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta name=\"generator\" content=\"Lares\">\n<title>") +
                   title + QStringLiteral("</title>\n<style>") + QLatin1String(kStyle) +
                   QStringLiteral("</style>\n</head>\n<body>\n<header><h1>") + title +
                   QStringLiteral("</h1><p>") + escapeHtml(all.about) +
                   QStringLiteral("</p></header>\n<main>\n");
    for (const ExportTurn& turn : all.turns) {
        if (stop.stop_requested()) break;
        page += turn.isUser ? QStringLiteral("<section class=\"you\"><h2>")
                            : QStringLiteral("<section><h2>");
        page += escapeHtml(turn.who);
        if (!turn.when.isEmpty())
            page += QStringLiteral("<time>") + turn.when + QStringLiteral("</time>");
        page += QStringLiteral("</h2>\n");
        for (const ExportPiece& piece : turn.pieces) page += pieceHtml(piece) + u'\n';
        page += QStringLiteral("</section>\n");
    }
    return page + QStringLiteral("</main>\n</body>\n</html>\n");
}

}  // namespace lares::app
