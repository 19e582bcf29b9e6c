#pragma once

#include "tools/mcp/server_config.h"
#include "tools/sandbox/command_runner.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace lares {

/// Who talks to the servers, and how patiently.
struct McpClient {
    std::string version = "0";                ///< of Lares, as a server is told
    std::chrono::milliseconds start{30'000};  ///< until it has said who it is
    std::chrono::milliseconds call{60'000};   ///< of one request
    std::chrono::milliseconds idle{600'000};  ///< without a word of it: then it is ended
};

/// A tool server while it runs: the client's side of the Model Context Protocol (revision
/// 2025-06-18 and the two before it, over standard streams). What the server may ask of a client
/// beyond "are you there" (a model's answer, a person's, a list of folders) it is refused.
///
/// One thread at a time calls it; its program is watched over by a thread of its own. Every wait
/// ends at its time, with the stop token, or when the program ends.
class ServerSession {
public:
    /// Starts the program in the sandbox and greets it. `data_folder` (absolute) is the folder of
    /// its own, which is there; `sandbox` outlives the session.
    /// Errors are sentences for the user: Unsupported (no sandbox here; it speaks another version),
    /// NotFound (a folder is gone), Cancelled, Io (it ended, or said nothing that is of the
    /// protocol; with the last lines of what it complained of).
    [[nodiscard]] static Result<std::unique_ptr<ServerSession>> start(
        const McpServerConfig& config,
        const std::string& data_folder,
        const CommandSandbox& sandbox,
        const McpClient& client,
        const std::stop_token& stop);
    /// Ends the program and all that it started, and waits for that.
    ~ServerSession();
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;

    /// The definitions of all its tools, as one list. Errors: as of `start`.
    [[nodiscard]] Result<Json> list_tools(const std::stop_token& stop);
    /// The result of tools/call. InvalidArgument: the server refused, in its own words; others as
    /// of `start`. After Cancelled by time the program is ended.
    [[nodiscard]] Result<Json> call_tool(const std::string& name,
                                         const Json& arguments,
                                         const std::stop_token& stop);

    /// The program has ended, or is being ended: whoever wants more starts another session.
    [[nodiscard]] bool has_ended() const;
    /// The server said that its tools are others now; forgotten when they are listed again.
    [[nodiscard]] bool says_tools_changed() const;
    /// What keeps it in.
    [[nodiscard]] static std::vector<std::string> layers();

private:
    struct Shared;
    struct Impl;
    explicit ServerSession(std::unique_ptr<Impl> impl);

    [[nodiscard]] Result<void> greet(const std::stop_token& stop);
    [[nodiscard]] Result<Json> request(std::string_view method,
                                       Json params,
                                       std::chrono::milliseconds patience,
                                       const std::stop_token& stop);
    void take(const struct RpcMessage& message);
    [[nodiscard]] Error ended_error();

    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
