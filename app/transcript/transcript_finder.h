#pragma once

#include "app/chat/conversation_model.h"
#include "app/chat/text_match.h"
#include "app/transcript/message_content.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace lares::app {

/// A found text in a message, by a name that holds whatever is open there.
struct FoundText {
    BlockPlace block;
    TextMatch match;

    auto operator<=>(const FoundText&) const = default;
};
/// Where in the shown path something is.
struct FindPlace {
    int row = 0;
    FoundText text = {};

    auto operator<=>(const FindPlace&) const = default;
};

/// Looks for texts in all messages of the shown path, as a reader sees them and with all that is
/// folded, and keeps what it found up to date while the conversation changes. It reads in portions
/// of a few milliseconds, from the place where it was told to begin to the end and then the rest.
/// One of the places is the current one. UI thread only.
class TranscriptFinder : public QObject {
    Q_OBJECT

public:
    explicit TranscriptFinder(QObject* parent = nullptr);

    /// The model outlives the finder or is replaced first; null: there is nothing to look through.
    void setModel(const ConversationModel* model);

    enum class Pick {
        Next,      ///< the first place behind `from`, or from the beginning on
        InRowOnly  ///< only if the row of `from` has one; it is known when `search` returns
    };
    /// Nothing to look for: nothing is found, and what was read is forgotten.
    void search(const TextMatcher& wanted, const FindPlace& from, Pick pick = Pick::Next);
    /// To the next place, or the one before; round at the ends.
    void step(bool isForward);

    [[nodiscard]] bool isActive() const { return !m_wanted.isEmpty(); }
    [[nodiscard]] bool isSearching() const { return isActive() && m_nScanned < m_rows.size(); }
    [[nodiscard]] int count() const { return m_count; }  ///< so far
    [[nodiscard]] const std::optional<FindPlace>& current() const { return m_current; }
    [[nodiscard]] int currentNumber() const;  ///< from 1; 0: there is none
    /// In order; empty for a row that is not there.
    [[nodiscard]] const std::vector<FoundText>& foundIn(int row) const;

signals:
    void changed();
    void currentMoved();  ///< by `search` or `step`: show it

private:
    struct Text {
        BlockPlace block;
        QString text;
    };
    struct Row {
        MessageId id = 0;
        bool isRead = false;
        bool isScanned = false;
        std::vector<Text> texts;
        std::vector<FoundText> found;
    };

    void reset();
    void insertRows(int first, int last);
    void removeRows(int first, int last);
    void changeRows(int first, int last);
    void scanPortion();
    void scan(int row);
    void read(Row& row, int index);
    void match(Row& row, std::size_t firstText);
    void follow(int row);
    void pick(int row);
    void choose(const FindPlace& place);
    [[nodiscard]] std::optional<FindPlace> after(const FindPlace& place) const;
    [[nodiscard]] std::optional<FindPlace> before(const FindPlace& place) const;
    [[nodiscard]] Row& at(int row) { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] const Row& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int rowCount() const { return static_cast<int>(m_rows.size()); }

    const ConversationModel* m_model = nullptr;
    TranscriptState m_everything;
    TextMatcher m_wanted;
    FindPlace m_from;
    Pick m_pick = Pick::Next;
    bool m_isPicking = false;
    std::optional<FindPlace> m_current;
    std::vector<Row> m_rows;
    std::size_t m_nScanned = 0;
    int m_nextRow = 0;  ///< the scan looks for a row that is left from here on
    int m_count = 0;
    QTimer m_portion;
    MessageId m_growingId = 0;
    MessageContent m_growing;  ///< of the message that changed last: it is parsed where it changed
};

}  // namespace lares::app
