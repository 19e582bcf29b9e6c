#include "engine/base/json.h"

namespace lares {

Result<Json> parse_json(std::string_view text) {
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {  // the library's way to say where
        return invalid_argument(std::string("this is no JSON: ") + error.what());
    }
}

std::string json_text(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lares
