#include "tools/mcp/rpc_message.h"

#include "engine/base/json_builder.h"
#include "engine/base/json_field.h"

#include <limits>
#include <utility>

namespace lares {
namespace {

constexpr JsonBounds kBounds{.depth = 64, .n_value = 100'000, .n_key = 1000};

/// Of a whole number, wherever it stands; nothing for what we never sent.
std::optional<std::int64_t> whole_number(const Json& value) {
    if (!value.is_number_integer()) return std::nullopt;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1} << 62U)
        return std::nullopt;
    return value.get<std::int64_t>();
}

Result<RpcMessage> answer_from(const Json& id, Json& message) {
    const auto number = whole_number(id);
    if (!number) return invalid_argument("an answer to a request that nobody made");
    RpcMessage answer;
    answer.kind = RpcMessage::Kind::Answer;
    answer.number = *number;
    const Json* error = field_or_null(&message, "error");
    const Json* result = field_or_null(&message, "result");
    if ((error != nullptr) == (result != nullptr))
        return invalid_argument("an answer has either a result or an error");
    if (result) {
        answer.result = std::move(message["result"]);
        return answer;
    }
    const Json* text = field_or_null(error, "message");
    const Json* code = field_or_null(error, "code");
    if (!text || !text->is_string()) return invalid_argument("an error has a message");
    answer.error = RpcError{code ? whole_number(*code).value_or(0) : 0, text->get<std::string>()};
    return answer;
}

std::string line_of(const Json& message) {
    return json_text(message) + "\n";
}

}  // namespace

Result<RpcMessage> parse_rpc(std::string_view line) {
    JsonBuilder<Json> builder(kBounds);
    if (!Json::sax_parse(line.begin(), line.end(), &builder))
        return invalid_argument(builder.problem());
    Json& message = builder.root();
    if (!message.is_object()) return invalid_argument("a message is an object");
    const Json* version = field_or_null(&message, "jsonrpc");
    if (!version || *version != "2.0")
        return invalid_argument("a message says \"jsonrpc\": \"2.0\"");
    const Json* id = field_or_null(&message, "id");
    const Json* method = field_or_null(&message, "method");
    if (!method) {
        if (!id) return invalid_argument("a message has a method or an id");
        const Json ours = *id;
        return answer_from(ours, message);
    }
    if (!method->is_string()) return invalid_argument("a method is a text");
    RpcMessage read;
    read.method = method->get<std::string>();
    if (message.contains("params")) read.params = message["params"];
    if (!id) return read;
    if (!id->is_string() && !id->is_number_integer())
        return invalid_argument("the id of a request is a text or a whole number");
    read.kind = RpcMessage::Kind::Request;
    read.id = *id;
    return read;
}

std::string rpc_request(std::int64_t number, std::string_view method, Json params) {
    return line_of({{"jsonrpc", "2.0"},
                    {"id", number},
                    {"method", std::string(method)},
                    {"params", std::move(params)}});
}

std::string rpc_notification(std::string_view method, Json params) {
    return line_of(
        {{"jsonrpc", "2.0"}, {"method", std::string(method)}, {"params", std::move(params)}});
}

std::string rpc_answer(const Json& id, Json result) {
    return line_of({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

std::string rpc_refusal(const Json& id, std::int64_t code, std::string_view message) {
    return line_of({{"jsonrpc", "2.0"},
                    {"id", id},
                    {"error", {{"code", code}, {"message", std::string(message)}}}});
}

std::vector<std::string> LineSplitter::add(std::string_view bytes, std::size_t max_bytes) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const bool is_whole = end != std::string_view::npos;
        const std::string_view piece = bytes.substr(0, end);
        bytes.remove_prefix(is_whole ? end + 1 : bytes.size());
        if (!m_is_dropping && m_rest.size() + piece.size() > max_bytes) {
            m_is_dropping = true;
            ++m_n_dropped;
            m_rest.clear();
        }
        if (!m_is_dropping) m_rest.append(piece);
        if (!is_whole) break;
        if (m_rest.ends_with('\r')) m_rest.pop_back();
        if (!m_rest.empty()) lines.push_back(std::exchange(m_rest, {}));
        m_is_dropping = false;
    }
    return lines;
}

}  // namespace lares
