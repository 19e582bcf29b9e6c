#include "app/export/export_documents.h"
#include "app/transcript/markdown_export.h"
#include "app/transcript/visible_text.h"

#include <QStringList>

namespace lares::app {
namespace {

QString indented(QString text) {
    text.replace(u'\n', QStringLiteral("\n  "));
    return QStringLiteral("  ") + text;
}

QString pieceText(const ExportPiece& piece) {
    switch (piece.kind) {
        case ExportPiece::Kind::Words:
            return visibleText(piece.text.trimmed());
        case ExportPiece::Kind::Markdown:
            return toPlainText(parseMarkdown(piece.text));
        case ExportPiece::Kind::Thinking:
            return u'[' + piece.line + QStringLiteral("]\n") +
                   indented(visibleText(piece.text.trimmed()));
        case ExportPiece::Kind::Call:
            return u'[' + piece.line +
                   (piece.detail.isEmpty() ? QString() : QStringLiteral(" · ") + piece.detail) +
                   u']';
        case ExportPiece::Kind::Notice:
            return u'[' + piece.text.simplified() + u']';
        case ExportPiece::Kind::Files: {
            QStringList names;
            for (const Attachment& one : piece.attachments)
                names << u'[' + shownName(one) + QStringLiteral(" · ") + attachedSizeText(one) +
                             u']';
            return names.join(u'\n');
        }
    }
    return {};
}

}  // namespace

QString toTextDocument(const ExportTurns& all, const std::stop_token& stop) {
    QStringList blocks = {all.title + u'\n' + all.about};
    for (const ExportTurn& turn : all.turns) {
        if (stop.stop_requested()) break;
        QStringList pieces;
        for (const ExportPiece& piece : turn.pieces) pieces << pieceText(piece);
        const QString when = turn.when.isEmpty() ? QString() : QStringLiteral(" · ") + turn.when;
        blocks << QStringLiteral("--- ") + turn.who + when + QStringLiteral(" ---");
        if (!pieces.isEmpty()) blocks << pieces.join(QStringLiteral("\n\n"));
    }
    return blocks.join(QStringLiteral("\n\n")) + u'\n';
}

}  // namespace lares::app
