#pragma once

#include "app/export/conversation_reader.h"

#include <QString>
#include <QStringList>

namespace lares::app {

/// What bringing in a file of conversations came to. A plain value.
struct ImportReport {
    int added = 0;
    int known = 0;         ///< were there already, or went on since
    int broken = 0;        ///< could not be read
    int personas = 0;      ///< that were not known here and came along
    int notes = 0;         ///< the same of what is to be remembered
    int knownTexts = 0;    ///< personas and notes of the user's that were there already
    int brokenTexts = 0;   ///< that could not be read
    QStringList refusals;  ///< why personas and notes could not be kept: sentences
    QStringList reasons;  ///< why, of the first few of the broken: "the 3rd (“Letter”): it …"
    QStringList unknown;  ///< parts of the file that this Lares does not know
    bool isCutOff = false;  ///< the file ends in the middle
    LeftOut leftOut;        ///< of those that were added
    QString failure;        ///< why it stopped before the end: a sentence; empty: it did not
};

/// "Imported 12 conversations. 3 were here already. …"
[[nodiscard]] QString sentenceOf(const ImportReport& report);

}  // namespace lares::app
