#pragma once

#include "app/chat/chat_message.h"
#include "app/personas/persona.h"

#include <QString>

#include <vector>

namespace lares::app {

class ConversationModel;

inline constexpr int kMaxLoreTokens = 2'000;          ///< of one message, guessed (aboutTokens)
inline constexpr qsizetype kMaxLoreScanned = 10'000;  ///< characters of a text that are looked at

/// Whether a text names a word: as a whole word, with capitals as small letters unless they are to
/// count; anywhere in the scripts that set no spaces between words. Any thread.
[[nodiscard]] bool isNamedIn(const QString& text, const QString& word, Qt::CaseSensitivity letters);

/// What a message brings: the entries that one of these texts names, without those whose text is
/// in `known`, in the book's order. Where they are more than `mostTokens`, the ones of the lowest
/// priority stay away. Any thread.
[[nodiscard]] std::vector<Part> loreFor(const LoreBook& book,
                                        const QStringList& texts,
                                        const QStringList& known,
                                        int mostTokens);

/// Puts behind a message of the user, which is not in its conversation yet, what it brings: what
/// it says is looked through, and what the answer before it said, or the greeting where it is the
/// first. What the model still reads from earlier messages of the branch is not brought again.
/// `contextLength`: tokens that the model can read; 0: not known. An eighth of it and
/// kMaxLoreTokens are the most.
void addLore(ChatMessage& message,
             const ConversationModel& conversation,
             const Persona& persona,
             int contextLength);

/// On one line, with what one cannot see written out.
[[nodiscard]] QString loreTitle(const Part& part);
/// "Lore: The Sea, Gulls"; empty: the message brought none.
[[nodiscard]] QString loreLine(const ChatMessage& message);

}  // namespace lares::app
