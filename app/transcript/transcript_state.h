#pragma once

#include "app/chat/chat_message.h"
#include "app/chat/note.h"

#include <QHash>
#include <QPair>
#include <QSet>

#include <functional>

namespace lares::app {

/// What the reader and the window told the view about the conversation: which lines are open,
/// which message is being written. Not saved.
struct TranscriptState {
    using PartKey = QPair<MessageId, int>;

    QHash<PartKey, bool> opened;           ///< by the reader: thinking, tool lines, chips
    QSet<PartKey> openedByFind;            ///< and those that show what is looked for
    bool isAllOpen = false;                ///< for who looks through everything
    MessageId live = 0;                    ///< the message that is being written; 0: none
    QHash<PartKey, qint64> thinkingSince;  ///< ms of a steady clock, of live thinking
    qint64 now = 0;                        ///< the same clock
    /// The message above which stands that what was said before is read as a summary; 0: none.
    MessageId summaryAbove = 0;
    BranchSummary summary;
    bool canReadEverything = false;  ///< in its place
    bool isRewriting = false;        ///< it is being written again
    QString progress;                ///< "Reading… 40 %", shown at the end; empty: nothing
    QSet<NoteId> notes;              ///< that are kept: those of calls can be forgotten
    QHash<PartKey, int> cards;       ///< parts below which a widget stands, its height
    std::function<QString(const QString& personaId)> personaName;
};

}  // namespace lares::app
