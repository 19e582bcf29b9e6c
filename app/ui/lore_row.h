#pragma once

#include "app/personas/lore_book.h"
#include "app/ui/entry_card.h"

namespace lares::app {

/// One entry of a lore book in its list: what it is called, what brings it, how it begins. UI
/// thread only.
class LoreRow : public EntryCard {
    Q_OBJECT

public:
    enum class Place { First, Below };  ///< of the list; one that stands below can be moved up
    LoreRow(const Appearance* appearance,
            const LoreEntry& entry,
            Place place,
            QWidget* parent = nullptr);

signals:
    void editRequested();
    void toggled();
    void removeRequested();
    void moveUpRequested();
};

}  // namespace lares::app
