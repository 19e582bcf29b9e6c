#include "tools/audit/recorded_arguments.h"

#include "tools/audit/redaction.h"
#include "tools/journal/sha256.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace lares {
namespace {

constexpr std::size_t kMaxText = 16'000;  // as long as a command may be
constexpr std::size_t kBeginning = 512;   // of a longer one
constexpr std::size_t kMaxAll = 65'536;
constexpr std::size_t kMaxFields = 8;
constexpr std::size_t kMaxName = 64;

Json digest_of(const std::string& text) {
    return {{"bytes", text.size()}, {"sha256", sha256_hex(text)}};
}

Json recorded_value(const Json& value, bool is_content) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (is_content) return digest_of(text);
        if (text.size() <= kMaxText) return redacted(text);
        Json digest = digest_of(text);
        digest["begins"] = redacted(text.substr(0, kBeginning));
        return digest;
    }
    if (value.is_number() || value.is_boolean() || value.is_null()) return value;
    // Not looked into: it may be as deep as the model likes.
    return {{"kind", value.type_name()}, {"size", value.size()}};
}

}  // namespace

std::string recorded_text(std::string_view text) {
    if (text.size() <= kMaxText) return redacted(text);
    return redacted(text.substr(0, kMaxText)) + "… (" + std::to_string(text.size()) + " bytes)";
}

std::string recorded_arguments(const Json& arguments, const std::vector<std::string>& contents) {
    if (!arguments.is_object()) return json_text(recorded_value(arguments, /*is_content=*/false));
    std::map<std::string, Json> fields;
    for (const auto& [name, value] : arguments.items()) {
        if (fields.size() == kMaxFields) break;
        const bool is_content = std::find(contents.begin(), contents.end(), name) != contents.end();
        const bool is_secret = value.is_string() && names_a_secret(name);
        fields[redacted(name.substr(0, kMaxName))] =
            is_secret ? Json("[redacted]") : recorded_value(value, is_content);
    }
    Json recorded = Json::object();
    for (auto& [name, value] : fields) recorded[name] = std::move(value);
    if (arguments.size() > kMaxFields) recorded["…"] = arguments.size() - kMaxFields;
    const std::string text = json_text(recorded);
    return text.size() <= kMaxAll ? text : json_text(digest_of(text));
}

}  // namespace lares
