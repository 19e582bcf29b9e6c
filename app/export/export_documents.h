#pragma once

#include "app/export/export_turns.h"

#include <QByteArray>
#include <QString>

#include <stop_token>

namespace lares::app {

/// A conversation as a document of its own, which one can read anywhere. Whatever a message holds,
/// it stays in its place: text of one message never becomes markup of the document, nor of the
/// next message. All end early, with a part, where they are stopped. Any thread.

/// Answers word for word, where that is Markdown that ends with them; what goes with a message
/// follows in full, fenced. Of a tool call its line alone.
[[nodiscard]] QString toMarkdownDocument(const ExportTurns& turns,
                                         const std::stop_token& stop = {});
/// As it reads. Of what goes with a message its name and size.
[[nodiscard]] QString toTextDocument(const ExportTurns& turns, const std::stop_token& stop = {});
/// One page for a browser, light or dark as that is: no scripts, nothing that is fetched, and a
/// policy that forbids both. What goes with a message, thinking and what calls were about are
/// folded.
[[nodiscard]] QString toHtmlDocument(const ExportTurns& turns, const std::stop_token& stop = {});

/// A4 or Letter, as the locale has it, numbered. Of what goes with a message its name and size. An
/// empty array where it cannot be laid out. Needs a QGuiApplication.
[[nodiscard]] QByteArray toPdfDocument(const ExportTurns& turns, const std::stop_token& stop = {});

}  // namespace lares::app
