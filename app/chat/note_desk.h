#pragma once

#include "app/chat/note.h"
#include "tools/policy/note_keeper.h"

#include <mutex>
#include <vector>

namespace lares::app {

class ConversationStore;
class NoteBook;

/// Keeps the notes that a model proposes and the user wants, as the user's own are kept: in the
/// store, from the thread of the tools, and then in the book. Made on the UI thread, where `book`
/// lives; both outlive it, and no call runs when it goes.
class NoteDesk final : public NoteKeeper {
public:
    /// `store` may be null: then nothing is kept.
    NoteDesk(ConversationStore* store, NoteBook* book);

    /// The book has other notes now. UI thread.
    void look();

    [[nodiscard]] Result<std::string> check(const std::string& text,
                                            const std::string& persona) const override;
    [[nodiscard]] Result<std::int64_t> keep(const NoteToKeep& note) override;

private:
    ConversationStore* m_store;
    NoteBook* m_book;
    mutable std::mutex m_mutex;
    std::vector<Note> m_notes;  ///< as the book has them, and what was kept since
};

}  // namespace lares::app
