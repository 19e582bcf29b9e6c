#pragma once

#include "app/personas/lore_book.h"

#include <QJsonObject>
#include <QString>

namespace lares::app {

/// Who answers. The built-in ones come from resources/personas.
struct Persona {
    QString id;
    QString name;
    QString system;    ///< the system message
    QString greeting;  ///< shown in an empty conversation; never in the prompt
    /// How it answers where that is not as usual: chat/answer_parameters.h. What a conversation has
    /// of its own wins.
    QJsonObject parameters{};
    LoreBook lore{};  ///< what it knows beside its instructions

    bool operator==(const Persona&) const = default;
};

}  // namespace lares::app
