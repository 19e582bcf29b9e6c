#pragma once

#include "engine/base/json.h"

#include <string_view>

namespace lares {

/// A field of an object; null where there is none, or no object.
[[nodiscard]] inline const Json* field_or_null(const Json* object, std::string_view key) {
    if (object == nullptr || !object->is_object()) return nullptr;
    const auto found = object->find(key);
    return found == object->end() ? nullptr : &*found;
}

}  // namespace lares
