#include "tools/mcp/server_answer.h"

#include "engine/base/json_field.h"

#include <algorithm>
#include <string>

namespace lares {
namespace {

constexpr std::size_t kMaxAnswer = 8000;  // characters: as long as a part of a file
constexpr std::size_t kMaxServerError = 1000;

/// The first `most` characters.
std::string beginning_of(const std::string& text, std::size_t most) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (begins_character(text[i]) && n++ == most) return text.substr(0, i);
    }
    return text;
}

/// Base64 holds three bytes in four characters.
std::string no_text(const Json& item, const std::string& kind) {
    const std::string type = text_field(&item, "mimeType");
    return "[" + kind + (type.empty() ? "" : ", " + type) + ", " +
           size_text(text_field(&item, "data").size() / 4 * 3) + ": not shown]";
}

std::string text_of_item(const Json& item) {
    if (!item.is_object()) return {};
    const std::string type = text_field(&item, "type");
    if (type == "text") return text_field(&item, "text");
    if (type == "image" || type == "audio") return no_text(item, type);
    if (type == "resource_link")
        return "[" + text_field(&item, "name") + ": " + text_field(&item, "uri") + "]";
    if (type == "resource" && item.contains("resource") && item["resource"].is_object()) {
        const Json& resource = item["resource"];
        const std::string text = text_field(&resource, "text");
        return text.empty() ? "[" + text_field(&resource, "uri") + ": not shown]" : text;
    }
    return "[something that Lares cannot show]";
}

}  // namespace

std::string without_control_characters(std::string text) {
    std::erase_if(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
    });
    return text;
}

ToolText server_answer(const Json& result) {
    if (!result.is_object()) return tool_error(ErrorCode::Io, "the server gave no result");
    std::string all;
    if (const auto content = result.find("content");
        content != result.end() && content->is_array()) {
        for (const Json& item : *content) {
            const std::string text = text_of_item(item);
            if (!all.empty() && !text.empty()) all += "\n";
            all += text;
        }
    }
    if (all.empty() && result.contains("structuredContent"))
        all = json_text(result["structuredContent"]);
    all = without_control_characters(std::move(all));
    const auto is_error = result.find("isError");
    if (is_error != result.end() && is_error->is_boolean() && is_error->get<bool>())
        return server_error(ErrorCode::Io, all);
    ToolText text;
    text.detail = all.empty() ? "done" : size_text(all.size());
    text.result = beginning_of(all, kMaxAnswer);
    if (text.result.size() < all.size()) {
        text.result += "\n[" + std::to_string(characters_in(all) - characters_in(text.result)) +
                       " more characters were left out]";
    }
    if (all.empty()) text.result = "(done; the tool said nothing)";
    return text;
}

ToolText server_error(ErrorCode code, std::string_view message) {
    std::string line = without_control_characters(std::string(message));
    std::replace(line.begin(), line.end(), '\n', ' ');
    line = beginning_of(line, kMaxServerError);
    return tool_error(code, line.empty() ? "the tool failed" : line);
}

}  // namespace lares
