#include "tests/fuzz/fuzz_target.h"
#include "tools/mcp/rpc_message.h"
#include "tools/mcp/server_answer.h"
#include "tools/mcp/server_config.h"
#include "tools/mcp/server_tool.h"

#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void check_message(const RpcMessage& message) {
    check(message.kind != RpcMessage::Kind::Request || !message.method.empty() ||
          message.id.is_string() || message.id.is_number());
    const ToolText text = server_answer(message.result);
    check(text.result.size() < 40'000);
    check(!text.is_error || text.result.starts_with("error: "));
    if (!message.result.is_object() || !message.result.contains("tools")) return;
    const auto tools = read_server_tools("fuzz", message.result["tools"]);
    if (!tools) return;
    check(tools->tools.size() <= 64 && tools->sha256.size() == 64);
    for (const auto& tool : tools->tools) {
        check(tool->definition.name == "fuzz__" + tool->own_name);
        check(tool->definition.name.size() <= 64);
        (void)check_server_arguments(*tool, message.params);
        (void)check_server_arguments(*tool, Json::object());
    }
}

}  // namespace

/// What a tool server's program says, and a command line as it is typed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    LineSplitter splitter;
    for (const std::string& line : splitter.add(std::string(text) + "\n", 100'000)) {
        check(line.find('\n') == std::string::npos && !line.empty());
        if (const auto message = parse_rpc(line)) check_message(*message);
    }
    (void)servers_from_settings(text);
    (void)server_config_from_json(text);
    if (const auto words = words_of_line(text)) {
        const auto again = words_of_line(line_of_words(*words));
        check(again && *again == *words);
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {
        R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","description":"b","inputSchema":{"type":"object","properties":{"x":{"type":["string","null"]}},"required":["x"],"additionalProperties":false}}],"nextCursor":"2"}})",
        R"({"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"x"},{"type":"image","mimeType":"image/png","data":"AAAA"}],"isError":true}})",
        R"({"jsonrpc":"2.0","id":"a","method":"ping"})",
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"no"}})",
        R"({"mcpServers":{"A b":{"command":"/x/bin/y","args":["--a=/b","c"],"env":{"K":"v"}}}})",
        R"({"name":"a","words":["b"],"environment":{},"folders":["/c"]})",
        R"(python3 -m "a b" 'c' d\ e)"};
}
