#pragma once

#include "engine/base/json.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

// Messages of JSON-RPC 2.0 as the Model Context Protocol sends them over a program's standard
// streams: one a line, without line breaks inside (modelcontextprotocol.io, revision 2025-06-18,
// "Transports", stdio). What is read here was written by a stranger's program.

constexpr std::size_t kMaxRpcLine = std::size_t{4} << 20;

/// What went wrong, in the words of the other side.
struct RpcError {
    std::int64_t code = 0;
    std::string message;
};

struct RpcMessage {
    enum class Kind {
        Answer,        ///< to a request of ours: `result` or `error`
        Request,       ///< wants an answer with its `id`
        Notification,  ///< wants none
    };
    Kind kind = Kind::Notification;
    std::int64_t number = 0;  ///< of Answer: our request's
    Json id;                  ///< of Request: a text or a whole number, given back as it came
    std::string method;
    Json params;
    Json result;
    std::optional<RpcError> error;
};

/// One line, without its end. InvalidArgument: no such message, or beyond the bounds of
/// JsonBounds (64 levels, 1,000 keys, 100,000 values).
[[nodiscard]] Result<RpcMessage> parse_rpc(std::string_view line);

// Each is one line with its end.
[[nodiscard]] std::string rpc_request(std::int64_t number, std::string_view method, Json params);
[[nodiscard]] std::string rpc_notification(std::string_view method, Json params);
[[nodiscard]] std::string rpc_answer(const Json& id, Json result);
[[nodiscard]] std::string rpc_refusal(const Json& id, std::int64_t code, std::string_view message);

/// Puts bytes that come in pieces together to lines. One thread at a time.
class LineSplitter {
public:
    /// The lines that are whole now, without their ends and without empty ones. A line that grows
    /// beyond `max_bytes` is dropped up to its end.
    [[nodiscard]] std::vector<std::string> add(std::string_view bytes,
                                               std::size_t max_bytes = kMaxRpcLine);
    /// Lines that were dropped so far.
    [[nodiscard]] std::size_t n_dropped() const { return m_n_dropped; }

private:
    std::string m_rest;
    bool m_is_dropping = false;
    std::size_t m_n_dropped = 0;
};

}  // namespace lares
