#pragma once

#include "app/export/export_turns.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <stop_token>
#include <vector>

namespace lares::app {

enum class ExportFormat { Markdown, Html, Pdf, Text, Json };

/// What a file dialog offers, one filter each.
struct ExportChoice {
    ExportFormat format = ExportFormat::Markdown;
    ExportThinking thinking = ExportThinking::LeftOut;
    QString filter = {};  ///< "Markdown (*.md)"

    bool operator==(const ExportChoice&) const = default;
};
/// First all without thinking, then those that can have it; JSON has everything anyway.
[[nodiscard]] std::vector<ExportChoice> exportChoices();
[[nodiscard]] QString suffixOf(ExportFormat format);  ///< "md"
/// What a name and the chosen filter come to: the name's ending wins where it is a known one.
[[nodiscard]] ExportChoice exportChoice(const QString& path, const QString& filter);

/// A name that every file system takes, Windows' among them, for what may be called anything; cut
/// at whole characters. `fallback` where nothing is left of it.
[[nodiscard]] QString safeFileName(const QString& title, const QString& fallback);

/// The file's bytes. Cancelled, without a sentence, where it was stopped. Any thread; a large
/// conversation takes seconds as PDF.
[[nodiscard]] Result<QByteArray> exported(const ConversationContent& content,
                                          const ExportChoice& choice,
                                          const std::stop_token& stop = {});

}  // namespace lares::app
