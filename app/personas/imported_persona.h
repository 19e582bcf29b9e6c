#pragma once

#include "app/personas/persona.h"

#include <QStringList>

namespace lares::app {

/// A persona out of a stranger's file, and what else the file held.
struct ImportedPersona {
    Persona persona;      ///< tidied and within the bounds
    QStringList leftOut;  ///< to be listed in a sentence: "a lore book with 12 entries"
};

/// At most so many characters, up to where a paragraph, a sentence or a word ends, and "…".
[[nodiscard]] QString shortened(const QString& text, qsizetype most);
/// "“tools”, “grants”, …": a stranger's names, shortened, with what nobody sees made visible.
[[nodiscard]] QString shownNames(const QStringList& names);
/// "unknown fields (“tools”, “grants”)", or nothing.
[[nodiscard]] QStringList unknownFields(const QStringList& names);

}  // namespace lares::app
