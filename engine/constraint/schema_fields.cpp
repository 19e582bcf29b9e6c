#include "engine/constraint/schema_fields.h"

#include "engine/base/json_field.h"

#include <cmath>

namespace lares {

Error schema_error(const std::string& path, const std::string& what) {
    return {ErrorCode::InvalidArgument, "the schema at " + path + " " + what};
}

Result<int> count_of(const Json& schema, const std::string& path, const char* key, int otherwise) {
    constexpr int kMost = 4096;
    const Json* value = field_or_null(&schema, key);
    if (!value) return otherwise;
    const double count = value->is_number() ? value->get<double>() : -1.0;
    const std::string name = "'" + std::string(key) + "'";
    if (!(count >= 0) || count != std::floor(count))
        return schema_error(path, "needs a whole number as " + name);
    if (count > kMost)
        return schema_error(
            path, "has a " + name + " above " + std::to_string(kMost) + ", which is not supported");
    return static_cast<int>(count);
}

}  // namespace lares
