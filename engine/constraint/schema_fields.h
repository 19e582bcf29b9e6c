#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"

#include <string>

namespace lares {

/// "the schema at #/properties/x has 'pattern', which is not supported": `path` and `what`.
[[nodiscard]] Error schema_error(const std::string& path, const std::string& what);

/// A number of items or characters that a schema names, `otherwise` where it does not.
/// InvalidArgument where it is none, or above 4096: a grammar has a node for each.
[[nodiscard]] Result<int> count_of(const Json& schema,
                                   const std::string& path,
                                   const char* key,
                                   int otherwise);

}  // namespace lares
