#include "app/export/export_turns.h"

#include "app/chat/conversation_model.h"
#include "app/chat/lore_match.h"
#include "app/transcript/message_content.h"
#include "app/transcript/visible_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace lares::app {
namespace {

struct ExportText {
    Q_DECLARE_TR_FUNCTIONS(Export)
};

/// The same everywhere, and sorted as it is written.
QString stamp(const QDateTime& time, const char* format) {
    return time.isValid() ? time.toLocalTime().toString(QLatin1String(format)) : QString();
}

QString nameOfPersona(const ConversationContent& content, const QString& id) {
    const auto found = std::find_if(content.personas.begin(), content.personas.end(),
                                    [&](const Persona& persona) { return persona.id == id; });
    const QString name = found == content.personas.end() ? QString() : found->name.simplified();
    return name.isEmpty() ? ExportText::tr("Assistant") : visibleText(name);
}

ExportPiece callPiece(const Part& call) {
    ExportPiece piece{ExportPiece::Kind::Call};
    piece.line = visibleText(call.summary.isEmpty() ? call.toolName : call.summary).simplified();
    if (piece.line.isEmpty()) piece.line = ExportText::tr("A tool call that could not be read");
    piece.detail = callDetail(call);
    piece.arguments = indentedJson(call.text);
    return piece;
}

void addPiece(ExportTurn& turn, const Part& part, ExportThinking thinking) {
    using Kind = ExportPiece::Kind;
    switch (part.kind) {
        case Part::Kind::Text:
            if (!part.text.trimmed().isEmpty())
                turn.pieces.push_back({turn.isUser ? Kind::Words : Kind::Markdown, part.text});
            break;
        case Part::Kind::Thinking:
            if (thinking == ExportThinking::Included && !part.text.trimmed().isEmpty())
                turn.pieces.push_back({Kind::Thinking, part.text, thoughtLine(part)});
            break;
        case Part::Kind::ToolCall:
            turn.pieces.push_back(callPiece(part));
            break;
        case Part::Kind::ToolResult:
            if (!turn.pieces.empty() && turn.pieces.back().kind == Kind::Call)
                turn.pieces.back().result = part.text;
            break;
        case Part::Kind::Notice:
            turn.pieces.push_back({Kind::Notice, visibleText(part.text)});
            break;
        case Part::Kind::Attachment:
            if (turn.pieces.empty() || turn.pieces.back().kind != Kind::Files)
                turn.pieces.push_back({Kind::Files});
            turn.pieces.back().attachments.push_back(attachmentOf(part));
            break;
        case Part::Kind::Lore:  // one line for all of it
            break;
    }
}

QString aboutText(const ConversationContent& content, const std::vector<ExportTurn>& turns) {
    QStringList about;
    for (const ExportTurn& turn : turns) {
        if (!turn.isUser && !about.contains(turn.who)) about << turn.who;
    }
    const QString first = stamp(content.info.createdAt, "yyyy-MM-dd");
    const QString last = stamp(content.info.updatedAt, "yyyy-MM-dd");
    if (!first.isEmpty())
        about << (last.isEmpty() || last == first ? first
                                                  : ExportText::tr("%1 to %2").arg(first, last));
    about << ExportText::tr("%Ln message(s)", nullptr, static_cast<int>(turns.size()));
    return about.join(QStringLiteral(" · "));
}

}  // namespace

ExportTurns exportTurns(const ConversationContent& content, ExportThinking thinking) {
    ConversationModel model;  // knows which branch is shown, of a damaged tree too
    model.setMessages(content.info, content.messages);
    ExportTurns all;
    all.title = visibleText(exportTitle(content.info));
    for (int row = 0; row < model.rowCount(); ++row) {
        const ChatMessage& message = model.messageAt(row);
        ExportTurn turn;
        turn.isUser = message.role == Role::User;
        turn.who = turn.isUser ? ExportText::tr("You") : nameOfPersona(content, message.personaId);
        turn.when = stamp(message.createdAt, "yyyy-MM-dd HH:mm");
        for (const Part& part : message.parts) addPiece(turn, part, thinking);
        if (const QString lore = loreLine(message); !lore.isEmpty())
            turn.pieces.push_back({ExportPiece::Kind::Notice, lore});
        all.turns.push_back(std::move(turn));
    }
    all.about = aboutText(content, all.turns);
    return all;
}

}  // namespace lares::app
