#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "app/cli/resources.h"
#include "app/cli/serve/http_server.h"
#include "engine/base/path_text.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace lares::cli {
namespace {

#ifdef LARES_HAS_HTTP

constexpr std::size_t kMaxKeyBytes = 4096;

/// The key in a file: on the command line every user of the machine could read it.
Result<std::string> readKey(const std::string& path) {
    auto text = readFile(path_from_utf8(path), kMaxKeyBytes);
    if (!text) return std::move(text).error().with_context("--api-key-file");
    const std::size_t end = text->find_last_not_of(" \t\r\n");
    std::string key = end == std::string::npos ? "" : text->substr(0, end + 1);
    const bool isPrintable =
        std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!key.empty() && isPrintable) return key;
    return Error{ErrorCode::InvalidArgument,
                 "--api-key-file: " + path + " must hold one key of printable characters"};
}

std::string modelId(const std::filesystem::path& path) {
    const std::filesystem::path file = path.has_filename() ? path : path.parent_path();
    return utf8_from_path(file.extension() == ".gguf" ? file.stem() : file.filename());
}

Result<ServerOptions> serverOptions(const Options& options) {
    ServerOptions server;
    server.host = options.text("host").value_or(server.host);
    server.port = options.integerOr("port", server.port);
    server.maxWaiting =
        static_cast<std::size_t>(options.integerOr("queue", static_cast<int>(server.maxWaiting)));
    server.restAfter = std::chrono::minutes(options.integerOr("unload-after", 0));
    server.gate.isLoopback = isLoopbackName(server.host);
    server.gate.origins = options.texts("allow-origin");
    if (const auto path = options.text("api-key-file")) {
        ASSIGN_OR_RETURN(server.gate.key, readKey(*path));
    }
    server.defaults.isThinking = !options.has("no-thinking");
    ASSIGN_OR_RETURN(const std::filesystem::path path, modelPath(options));
    server.modelId = modelId(path);
    return server;
}

void announce(const Context& context, const std::string& url, const std::string& model) {
    if (context.isJson()) {
        context.writeJson({{"url", url}, {"model", model}});
    } else {
        context.terminal.note("Listening on " + url + "/v1 with " + model + "; Ctrl-C ends it.");
    }
}

Result<ExitStatus> serve(Context& context) {
    const std::string host = context.options.text("host").value_or("127.0.0.1");
    if (!isLoopbackName(host) && !context.options.has("api-key-file")) {
        return context.usageError("--host " + host +
                                  " lets other machines in: --api-key-file FILE must name a key");
    }
    ASSIGN_OR_RETURN(ServerOptions options, serverOptions(context.options));
    ASSIGN_OR_RETURN(Engine loaded, loadEngine(context));
    // No answer is longer than the context, which the engine sees to.
    options.defaults.maxTokens = loaded.session().n_ctx();
    ASSIGN_OR_RETURN(const std::filesystem::path path, modelPath(context.options));
    Engine::Options again;
    again.session = sessionOptions(context.options);
    RestingEngine engine(std::move(loaded), [&](std::stop_token stop) {
        return Engine::load(path, again, std::move(stop));
    });
    std::mutex mutex;  // a terminal is one thread's at a time
    if (context.options.has("verbose")) {
        options.log = [&](std::string_view line) {
            const std::lock_guard lock(mutex);
            context.terminal.note(line);
        };
    }
    const std::string model = options.modelId;
    ASSIGN_OR_RETURN(const auto server, HttpServer::bind(engine, std::move(options)));
    context.interrupt.takeTermination();
    announce(context, server->url(), model);
    RETURN_IF_ERROR(server->run(context.interrupt.token()));
    return ExitStatus::Interrupted;
}

#else

Result<ExitStatus> serve(Context&) {
    return Error{ErrorCode::Unsupported,
                 "this build of lares-cli has no server: it was built without cpp-httplib"};
}

#endif

}  // namespace

Command serveCommand() {
    return {"serve",
            "",
            0,
            "A local endpoint that speaks OpenAI's API",
            "Answers GET /health, GET /v1/models, POST /v1/chat/completions and POST "
            "/v1/completions, streaming\n"
            "or not, one request at a time, on this machine alone. Tools that a request offers are "
            "the client's\n"
            "to run. Web pages are refused unless --allow-origin names them. With --json stdout "
            "gets\n"
            "{\"url\",\"model\"} once it is ready. Ctrl-C and SIGTERM end it with status 130; the "
            "answer that "
            "runs then,\n"
            "and those that wait, end with an error.",
            joined({modelOptions(),
                    {{"port", 'p', OptionKind::Integer, "N",
                      "where to listen (default 8080); 0: any free port", 0, 65535},
                     {"host", 0, OptionKind::Text, "ADDRESS",
                      "listen on another address than 127.0.0.1; needs --api-key-file"},
                     {"api-key-file", 0, OptionKind::Text, "FILE",
                      "a file with the key that every request must carry"},
                     {"allow-origin", 0, OptionKind::TextList, "ORIGIN",
                      "let web pages of https://… ask; may stand more than once"},
                     {"queue", 0, OptionKind::Integer, "N",
                      "how many requests may wait (default 16)", 0, 256},
                     {"unload-after", 0, OptionKind::Integer, "MINUTES",
                      "free the model's memory after so long without a request, and load it for "
                      "the next one (default 0: never)",
                      0, 10'080},
                     {"no-thinking", 0, OptionKind::Flag, "",
                      "answer at once where a request does not say otherwise"},
                     {"verbose", 'v', OptionKind::Flag, "",
                      "a line for each request on stderr, without its content"}}}),
            serve};
}

}  // namespace lares::cli
