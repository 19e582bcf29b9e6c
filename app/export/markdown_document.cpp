#include "app/export/export_documents.h"
#include "app/transcript/attachment_export.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/visible_text.h"

#include <QStringList>

namespace lares::app {
namespace {

/// Text as one paragraph that reads as it is.
QString proseMarkdown(const QString& text) {
    MarkdownBlock block;
    block.text = text;
    return toMarkdown({block});
}

/// Whether what follows the text, behind an empty line, is read as if the text were not there: no
/// fence and no comment is left open.
bool endsWithItself(const QString& markdown) {
    const auto blocks = parseMarkdown(QString(markdown + QStringLiteral("\n\n***\n")));
    return !blocks.empty() && blocks.back().kind == MarkdownBlock::Kind::Rule &&
           blocks.back().containers.empty();
}

QString bodyMarkdown(const QString& text) {
    QString whole = text.trimmed();
    if (endsWithItself(whole)) return whole;
    QString tidied = toMarkdown(parseMarkdown(whole));
    if (endsWithItself(tidied)) return tidied;
    MarkdownBlock block;
    block.kind = MarkdownBlock::Kind::Code;
    block.text = whole;
    return toMarkdown({block});
}

QString quotedMarkdown(const QString& head, const QString& text) {
    QString quoted = head;
    if (!text.isEmpty()) quoted += QStringLiteral("\n\n") + text;
    quoted.replace(u'\n', QStringLiteral("\n> "));
    return QString(QStringLiteral("> ") + quoted)
        .replace(QStringLiteral("> \n"), QStringLiteral(">\n"));
}

QString pieceMarkdown(const ExportPiece& piece) {
    switch (piece.kind) {
        case ExportPiece::Kind::Words:
        case ExportPiece::Kind::Markdown:
            return bodyMarkdown(piece.text);
        case ExportPiece::Kind::Thinking:
            return quotedMarkdown(
                u'*' + proseMarkdown(piece.line) + u'*',
                proseMarkdown(
                    visibleText(piece.text.trimmed()).replace(u'\n', QChar(QChar::LineSeparator))));
        case ExportPiece::Kind::Call: {
            const QString detail =
                piece.detail.isEmpty() ? QString() : QStringLiteral(" · ") + piece.detail;
            return quotedMarkdown(u'*' + proseMarkdown(piece.line) + u'*' + proseMarkdown(detail),
                                  {});
        }
        case ExportPiece::Kind::Notice:
            return quotedMarkdown(proseMarkdown(piece.text.simplified()), {});
        case ExportPiece::Kind::Files:
            return attachmentsMarkdown(piece.attachments);
    }
    return {};
}

}  // namespace

QString toMarkdownDocument(const ExportTurns& all, const std::stop_token& stop) {
    QStringList blocks = {QStringLiteral("# ") + proseMarkdown(all.title),
                          u'*' + proseMarkdown(all.about) + u'*'};
    for (const ExportTurn& turn : all.turns) {
        if (stop.stop_requested()) break;
        QString head = QStringLiteral("## ") + proseMarkdown(turn.who);
        if (!turn.when.isEmpty()) head += QStringLiteral(" · ") + turn.when;
        blocks << head;
        for (const ExportPiece& piece : turn.pieces) blocks << pieceMarkdown(piece);
    }
    blocks.removeAll(QString());
    return blocks.join(QStringLiteral("\n\n")) + u'\n';
}

}  // namespace lares::app
