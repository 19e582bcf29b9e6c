#include "tools/mcp/server_session.h"

#include "tools/mcp/rpc_message.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/input_pipe.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace lares {
namespace {

using Clock = std::chrono::steady_clock;

/// Newest first: the one that we ask for. A server answers with one that it knows.
constexpr std::array<std::string_view, 3> kVersions = {"2025-06-18", "2025-03-26", "2024-11-05"};
constexpr int kMaxPages = 16;
constexpr std::size_t kMaxListedTools = 1000;
/// What waits to be read, of a server that talks without being asked.
constexpr std::size_t kMaxWaitingLines = 1000;
constexpr std::size_t kMaxWaitingBytes = std::size_t{16} << 20;
/// While it is asked for one thing.
constexpr int kMaxLinesOfARequest = 10'000;
constexpr std::size_t kMaxShownComplaint = 600;
constexpr std::int64_t kMethodNotFound = -32601;

CommandLimits limits_of_server(const McpClient& client) {
    CommandLimits limits;
    limits.wall_time = std::chrono::milliseconds::max();
    limits.silent_time = client.idle;
    limits.processor_time = std::chrono::hours(24);
    // Interpreters with compilers of their own reserve much more than they use.
    limits.max_address_space_bytes = 64ULL << 30;
    limits.max_open_file = 1024;
    limits.kept_first_bytes = 4096;
    limits.kept_last_bytes = 4096;
    return limits;
}

std::string seconds_text(std::chrono::milliseconds time) {
    const auto n = std::max<std::int64_t>(1, time.count() / 1000);
    return std::to_string(n) + (n == 1 ? " second" : " seconds");
}

/// The last lines of what a program complained of, for a sentence.
std::string end_of(const std::string& complaints) {
    std::string text = complaints;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (text.size() > kMaxShownComplaint) text.erase(0, text.size() - kMaxShownComplaint);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return display_text(text);
}

}  // namespace

/// What the thread that runs the program and the one that talks to it share.
struct ServerSession::Shared {
    std::mutex mutex;  // of what follows
    std::condition_variable_any has_news;
    LineSplitter splitter;
    std::deque<std::string> lines;
    std::size_t waiting_bytes = 0;
    bool says_too_much = false;
    bool is_ended = false;
    std::optional<Result<CommandOutcome>> outcome;  ///< once it has ended

    void add(std::string_view bytes) {
        const std::lock_guard lock(mutex);
        for (std::string& line : splitter.add(bytes)) {
            if (lines.size() >= kMaxWaitingLines || waiting_bytes > kMaxWaitingBytes) {
                says_too_much = true;
                break;
            }
            waiting_bytes += line.size();
            lines.push_back(std::move(line));
        }
        has_news.notify_all();
    }
};

struct ServerSession::Impl {
    McpServerConfig config;
    McpClient client;
    Shared shared;
    std::vector<FolderHandle> folders;
    InputPipe input;
    std::int64_t last_number = 0;
    bool tools_changed = false;
    std::size_t n_no_message = 0;  ///< lines that were none
    std::jthread program;          // last: ended before what it uses goes
};

ServerSession::ServerSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

ServerSession::~ServerSession() {
    m_impl->program.request_stop();
    if (m_impl->program.joinable()) m_impl->program.join();
}

std::vector<std::string> ServerSession::layers() {
    return {"bubblewrap", "landlock", "seccomp"};
}

Result<std::unique_ptr<ServerSession>> ServerSession::start(const McpServerConfig& config,
                                                            const std::string& data_folder,
                                                            const CommandSandbox& sandbox,
                                                            const McpClient& client,
                                                            const std::stop_token& stop) {
    RETURN_IF_ERROR(check_server_config(config));
    const CommandSupport support = sandbox.support();
    if (!support.is_available) return Error{ErrorCode::Unsupported, support.reason};
    auto impl = std::make_unique<Impl>();
    impl->config = config;
    impl->client = client;
    ASSIGN_OR_RETURN(impl->input, InputPipe::open());
    CommandSpec spec;
    spec.script = start_script(config);
    spec.working_folder = kServerDataPlace;
    spec.limits = limits_of_server(client);
    impl->folders.reserve(config.folders.size() + 1);
    ASSIGN_OR_RETURN(FolderHandle own, FolderHandle::open(data_folder));
    impl->folders.push_back(std::move(own));
    spec.folders.push_back({&impl->folders.back(), kServerDataPlace, true});
    for (const std::string& path : config.folders) {
        ASSIGN_OR_RETURN(FolderHandle folder, FolderHandle::open(path));
        impl->folders.push_back(std::move(folder));
        spec.folders.push_back({&impl->folders.back(), path, false});
    }
    Shared& shared = impl->shared;
    spec.streams = CommandStreams{impl->input.reading_end(),
                                  [&shared](std::string_view bytes) { shared.add(bytes); }};
    // The program ends with the thread that started it, which therefore stays with it.
    impl->program =
        std::jthread([spec = std::move(spec), &sandbox, &shared](const std::stop_token& end) {
            Result<CommandOutcome> outcome = sandbox.run(spec, end);
            const std::lock_guard lock(shared.mutex);
            shared.outcome = std::move(outcome);
            shared.is_ended = true;
            shared.has_news.notify_all();
        });
    std::unique_ptr<ServerSession> session(new ServerSession(std::move(impl)));
    RETURN_IF_ERROR(session->greet(stop));
    return session;
}

Result<void> ServerSession::greet(const std::stop_token& stop) {
    const Json hello = {{"protocolVersion", std::string(kVersions.front())},
                        {"capabilities", Json::object()},
                        {"clientInfo", {{"name", "lares"}, {"version", m_impl->client.version}}}};
    ASSIGN_OR_RETURN(const Json who, request("initialize", hello, m_impl->client.start, stop));
    const std::string& name = m_impl->config.name;
    if (!who.is_object() || !who.contains("protocolVersion") ||
        std::find(kVersions.begin(), kVersions.end(), who["protocolVersion"]) == kVersions.end())
        return Error{ErrorCode::Unsupported,
                     name +
                         " speaks another version of the Model Context Protocol than Lares "
                         "does (2024-11-05 to 2025-06-18)"};
    if (!who.contains("capabilities") || !who["capabilities"].is_object() ||
        !who["capabilities"].contains("tools"))
        return Error{ErrorCode::Unsupported, name + " offers no tools"};
    return m_impl->input.write(rpc_notification("notifications/initialized", Json::object()),
                               Clock::now() + m_impl->client.start, stop);
}

Result<Json> ServerSession::list_tools(const std::stop_token& stop) {
    m_impl->tools_changed = false;
    Json all = Json::array();
    Json params = Json::object();
    for (int page = 0; page < kMaxPages; ++page) {
        ASSIGN_OR_RETURN(const Json listed,
                         request("tools/list", params, m_impl->client.call, stop));
        if (!listed.is_object() || !listed.contains("tools") || !listed["tools"].is_array())
            return Error{ErrorCode::Io, m_impl->config.name + " gave no list of its tools"};
        for (const Json& tool : listed["tools"]) {
            if (all.size() < kMaxListedTools) all.push_back(tool);
        }
        if (!listed.contains("nextCursor") || !listed["nextCursor"].is_string()) return all;
        params = {{"cursor", listed["nextCursor"]}};
    }
    return Error{ErrorCode::Io, m_impl->config.name + " has no end to the list of its tools"};
}

Result<Json> ServerSession::call_tool(const std::string& name,
                                      const Json& arguments,
                                      const std::stop_token& stop) {
    return request("tools/call", {{"name", name}, {"arguments", arguments}}, m_impl->client.call,
                   stop);
}

bool ServerSession::has_ended() const {
    const std::lock_guard lock(m_impl->shared.mutex);
    return m_impl->shared.is_ended || m_impl->shared.says_too_much ||
           m_impl->program.get_stop_token().stop_requested();
}

bool ServerSession::says_tools_changed() const {
    return m_impl->tools_changed;
}

Result<Json> ServerSession::request(std::string_view method,
                                    Json params,
                                    std::chrono::milliseconds patience,
                                    const std::stop_token& stop) {
    const auto deadline = Clock::now() + patience;
    const std::int64_t number = ++m_impl->last_number;
    Shared& shared = m_impl->shared;
    Result<void> sent =
        m_impl->input.write(rpc_request(number, method, std::move(params)), deadline, stop);
    for (int n_line = 0; sent; ++n_line) {
        std::string line;
        {
            std::unique_lock lock(shared.mutex);
            if (n_line > kMaxLinesOfARequest) shared.says_too_much = true;
            const bool has_news = shared.has_news.wait_until(lock, stop, deadline, [&shared] {
                return !shared.lines.empty() || shared.is_ended || shared.says_too_much;
            });
            if (!has_news) break;
            if (shared.lines.empty() || shared.says_too_much) {
                lock.unlock();
                return ended_error();
            }
            line = std::move(shared.lines.front());
            shared.lines.pop_front();
            shared.waiting_bytes -= line.size();
        }
        Result<RpcMessage> message = parse_rpc(line);
        if (!message) {
            ++m_impl->n_no_message;  // many print their news there, and are understood all the same
        } else if (message->kind != RpcMessage::Kind::Answer) {
            take(*message);
        } else if (message->number == number) {
            if (!message->error) return std::move(message->result);
            return invalid_argument(message->error->message);
        }
    }
    if (!sent && sent.error().code != ErrorCode::Cancelled) return ended_error();
    const Json cancelled = {{"requestId", number}, {"reason", "no longer wanted"}};
    (void)m_impl->input.write(rpc_notification("notifications/cancelled", cancelled),
                              Clock::now() + std::chrono::milliseconds(100), {});
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped by the user"};
    m_impl->program.request_stop();
    std::string why = m_impl->config.name + " gave no answer in " + seconds_text(patience) +
                      ", so it was ended; the next call starts it again";
    if (m_impl->n_no_message > 0)
        why += " (it printed " + std::to_string(m_impl->n_no_message) +
               " lines that are no messages of the protocol)";
    return Error{ErrorCode::Cancelled, std::move(why)};
}

/// What the server says by itself.
void ServerSession::take(const RpcMessage& message) {
    if (message.kind == RpcMessage::Kind::Notification) {
        if (message.method == "notifications/tools/list_changed") m_impl->tools_changed = true;
        return;
    }
    const std::string answer =
        message.method == "ping"
            ? rpc_answer(message.id, Json::object())
            : rpc_refusal(message.id, kMethodNotFound, "Lares offers nothing of this kind");
    (void)m_impl->input.write(answer, Clock::now() + std::chrono::seconds(1), {});
}

/// Why the program is not there any more; waits for its end.
Error ServerSession::ended_error() {
    const bool said_too_much = [&] {
        const std::lock_guard lock(m_impl->shared.mutex);
        return m_impl->shared.says_too_much;
    }();
    m_impl->program.request_stop();
    if (m_impl->program.joinable()) m_impl->program.join();
    const std::string& name = m_impl->config.name;
    if (said_too_much)
        return {ErrorCode::Io, name + " says more than anybody asked for, so it was ended"};
    const auto& outcome = m_impl->shared.outcome;
    if (!outcome) return {ErrorCode::Io, name + " did not start"};
    if (!*outcome) return Error(outcome->error()).with_context(name);
    std::string why = name;
    switch ((*outcome)->end) {
        case CommandEnd::Exited:
            why += " ended by itself (status " + std::to_string((*outcome)->status) + ")";
            break;
        case CommandEnd::Signalled:
            why += " crashed (signal " + std::to_string((*outcome)->status) + ")";
            break;
        case CommandEnd::TooMuchMemory:
            why += " took more than 2 GB of memory, so it was ended";
            break;
        case CommandEnd::TooMuchWritten:
            why += " wrote more than 512 MB, so it was ended";
            break;
        case CommandEnd::TimedOut:
        case CommandEnd::Silent:
        case CommandEnd::Stopped:
            why += " was ended; the next call starts it again";
            break;
    }
    if (const std::string complaint = end_of((*outcome)->output); !complaint.empty())
        why += ". It said: " + complaint;
    return {ErrorCode::Io, std::move(why)};
}

}  // namespace lares
