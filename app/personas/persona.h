#pragma once

#include <QString>

namespace lares::app {

/// Who answers. The built-in ones come from resources/personas.
struct Persona {
    QString id;
    QString name;
    QString system;    ///< the system message
    QString greeting;  ///< shown in an empty conversation; never in the prompt

    bool operator==(const Persona&) const = default;
};

}  // namespace lares::app
