#pragma once

#include "engine/base/json.h"

#include <string>
#include <string_view>

namespace lares {

/// A field of an object; null where there is none, or no object.
[[nodiscard]] inline const Json* field_or_null(const Json* object, std::string_view key) {
    if (object == nullptr || !object->is_object()) return nullptr;
    const auto found = object->find(key);
    return found == object->end() ? nullptr : &*found;
}

/// A field that is a text; empty where there is none.
[[nodiscard]] inline std::string text_field(const Json* object, std::string_view key) {
    const Json* field = field_or_null(object, key);
    return field != nullptr && field->is_string() ? field->get<std::string>() : std::string();
}

}  // namespace lares
