#pragma once

#include "app/personas/lore_book.h"

#include <QWidget>

#include <optional>
#include <vector>

class QVBoxLayout;

namespace lares::app {

class Appearance;
class Button;
class LoreForm;
class LoreRow;
class TextLabel;

/// A persona's lore book: its entries as a list, folded away behind a line that says how many there
/// are, and one of them open to be written. It keeps nothing but what is shown. UI thread only.
class PersonaLore : public QWidget {
    Q_OBJECT

public:
    explicit PersonaLore(const Appearance* appearance, QWidget* parent = nullptr);

    void setBook(const LoreBook& book);  ///< folded; no `changed`
    [[nodiscard]] const LoreBook& book() const { return m_book; }
    void setReadOnly(bool isReadOnly);
    void setUnfolded(bool isUnfolded);
    void edit(std::size_t entry);
    void add();  ///< a new entry, and edits it
    /// Of the shown entries, in order; the one that is edited has none.
    [[nodiscard]] const std::vector<LoreRow*>& rows() const { return m_rows; }
    [[nodiscard]] LoreForm* form() const { return m_form; }
    [[nodiscard]] bool isEditing() const { return m_edited.has_value(); }
    void endEditing();  ///< the focus goes to the entry's row

signals:
    void changed();  ///< by the user
    void savePressed();
    void appeared(QWidget* widget);  ///< something to write in has appeared

private:
    void showRows();
    void showSummary();
    void removeEntry(std::size_t entry);
    void moveUp(std::size_t entry);
    void placeRow(std::size_t entry);
    [[nodiscard]] LoreRow* rowOf(std::size_t entry) const;

    const Appearance* m_appearance;
    LoreBook m_book;
    std::optional<std::size_t> m_edited;
    std::optional<LoreEntry> m_removed;  ///< the last one, which can be brought back
    std::size_t m_removedFrom = 0;
    TextLabel* m_summary;
    Button* m_fold;
    QWidget* m_list;
    QVBoxLayout* m_column;
    LoreForm* m_form;
    Button* m_add;
    Button* m_bringBack;
    Button* m_recursive;
    std::vector<LoreRow*> m_rows;
    bool m_isReadOnly = false;
};

}  // namespace lares::app
