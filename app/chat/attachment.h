#pragma once

#include "app/chat/chat_message.h"
#include "app/turn/attached_text.h"
#include "engine/base/result.h"

#include <QJsonArray>
#include <QMetaType>
#include <QString>

#include <vector>

namespace lares::app {

/// A text that goes with a message of the user: a file as it was when it was attached, or a paste
/// that is too long for the field. A plain value; any thread.
struct Attachment {
    QString name;  ///< as the system has it: show it by `shownName`
    QString text;
    qint64 bytes = 0;  ///< of the file, or of the paste in UTF-8
    int tokens = 0;    ///< about so many
    bool isPaste = false;

    bool operator==(const Attachment&) const = default;
};
using Attachments = std::vector<Attachment>;

[[nodiscard]] Attachment attachmentOf(const AttachedText& read);
[[nodiscard]] Attachment pastedText(const QString& text);

/// As a part of a message, and back.
[[nodiscard]] Part partOf(const Attachment& attachment);
[[nodiscard]] Attachment attachmentOf(const Part& part);
[[nodiscard]] Attachments attachmentsOf(const ChatMessage& message);
/// What the prompt shows of it.
[[nodiscard]] AttachedText attachedTextOf(const Part& part);

/// As the settings keep them; anything that is no attachment is left out.
[[nodiscard]] QJsonArray toJson(const Attachments& attachments);
[[nodiscard]] Attachments attachmentsFromJson(const QJsonArray& array);

/// The parts of a message: what goes with it, then what was typed, without space around it.
[[nodiscard]] std::vector<Part> userParts(const QString& typed, const Attachments& attachments);
/// What stands for a message where there is one line: its words, or else the names of what goes
/// with it.
[[nodiscard]] QString summaryOf(const ChatMessage& message);

/// The name on one line, with what one cannot see written out: "a\u{202e}b.txt".
[[nodiscard]] QString shownName(const Attachment& attachment);
/// "12 kB · about 3,100 tokens"
[[nodiscard]] QString attachedSizeText(const Attachment& attachment);
/// "about 3,100 tokens"
[[nodiscard]] QString guessText(int tokens);
[[nodiscard]] int tokensOf(const Attachments& attachments);

/// How much of the model's context there is for what is attached; 0 tokens: not known.
struct ContextRoom {
    int used = 0;  ///< by the conversation so far
    int most = 0;  ///< that it may have
    /// That the conversation takes when it is condensed; nothing: it cannot be.
    std::optional<int> condensed = {};
};
/// Whether one more goes with the others; else a sentence with numbers.
[[nodiscard]] Result<void> checkRoom(const Attachments& others,
                                     const Attachment& next,
                                     const ContextRoom& room);

}  // namespace lares::app

Q_DECLARE_METATYPE(lares::app::Attachment)
Q_DECLARE_METATYPE(lares::app::Attachments)
