#pragma once

#include "app/export/conversation_content.h"

#include <QDateTime>
#include <QString>

#include <vector>

namespace lares::app {

/// One thing that a message says, in order.
struct ExportPiece {
    enum class Kind {
        Words,     ///< text: as the user typed it
        Markdown,  ///< text: of the answer
        Thinking,  ///< line: "Thought for 2 s"; text: plain
        Call,      ///< line: "List the folder Documents"; detail: "12 ms"; arguments, result
        Notice,    ///< text: a sentence of Lares
        Files,     ///< attachments: what goes with the message
    };
    Kind kind = Kind::Words;
    QString text = {};
    QString line = {};
    QString detail = {};
    QString arguments = {};  ///< JSON on several lines
    QString result = {};
    Attachments attachments = {};
};

struct ExportTurn {
    bool isUser = false;
    QString who;
    QString when;  ///< "2026-05-28 20:26", local; empty: not known
    std::vector<ExportPiece> pieces;
};

/// The branch that is shown, as people read it: what every format but JSON is made from.
struct ExportTurns {
    QString title;
    QString about;  ///< "Lares · 2026-05-28 to 2026-05-29 · 4 messages"
    std::vector<ExportTurn> turns;
};

enum class ExportThinking { LeftOut, Included };

/// Any thread. Titles, names and lines have no hidden characters; texts are as they are.
[[nodiscard]] ExportTurns exportTurns(const ConversationContent& content, ExportThinking thinking);

}  // namespace lares::app
