#include "app/ui/lore_row.h"

#include "app/personas/imported_persona.h"
#include "app/personas/persona_text.h"
#include "app/ui/button.h"

namespace lares::app {
namespace {

constexpr int kLoreTextShown = 140;

/// "gulls, the sea · off": what brings it.
QString aboutEntry(const LoreEntry& entry) {
    QStringList about;
    if (entry.isAlways) {
        about << LoreRow::tr("Always read");
    } else if (entry.alsoWords.isEmpty()) {
        about << lineOfWords(entry.words);
    } else {
        about << LoreRow::tr("%1, with %2")
                     .arg(lineOfWords(entry.words), lineOfWords(entry.alsoWords));
    }
    if (!entry.isOn) about << LoreRow::tr("turned off");
    const QString fault = faultOf(entry);
    if (!fault.isEmpty()) about << fault;
    about.removeAll(QString());
    return about.join(QStringLiteral(" · "));
}

}  // namespace

LoreRow::LoreRow(const Appearance* appearance, const LoreEntry& entry, Place place, QWidget* parent)
    : EntryCard(appearance, parent) {
    QString title = shortened(titleOf(entry), kMaxLoreName);
    if (title.isEmpty()) title = tr("Without a name");
    const QString about = aboutEntry(entry);
    setAccessibleName(title);
    setAccessibleDescription(about);
    addLine(TextLabel::Kind::Body, title)->setEnabled(entry.isOn);
    addLine(TextLabel::Kind::Caption, about);
    if (const QString first = shortened(firstLineOf(entry.text), kLoreTextShown); !first.isEmpty())
        addLine(TextLabel::Kind::Secondary, first)->setEnabled(entry.isOn);
    connect(addButton(tr("Edit"), tr("Edit the lore entry %1").arg(title)), &Button::clicked, this,
            &LoreRow::editRequested);
    connect(entry.isOn ? addButton(tr("Turn off"), tr("Turn off the lore entry %1").arg(title))
                       : addButton(tr("Turn on"), tr("Turn on the lore entry %1").arg(title)),
            &Button::clicked, this, &LoreRow::toggled);
    connect(addButton(tr("Remove"), tr("Remove the lore entry %1").arg(title)), &Button::clicked,
            this, &LoreRow::removeRequested);
    if (place == Place::First) return;
    connect(addButton(tr("Move up"), tr("Move the lore entry %1 up").arg(title)), &Button::clicked,
            this, &LoreRow::moveUpRequested);
}

}  // namespace lares::app
