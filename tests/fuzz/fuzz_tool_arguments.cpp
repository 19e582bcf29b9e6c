#include "tests/fuzz/fuzz_target.h"
#include "tools/policy/call_path.h"
#include "tools/policy/sensitive_names.h"
#include "tools/registry/arguments.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/path_parts.h"

#include <cstdlib>

using namespace lares;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void check_path(const std::string& called) {
    const auto path = absolute_path(called, "/home/u", "/only");
    if (!path) return;
    check(is_sensitive_path(*path) == is_sensitive_path("a/" + path->substr(1)));
    check(path->starts_with('/') && keeps_path_bounds(*path));
    if (const auto relative = relative_to("/home/u", *path)) check(is_plain_relative(*relative));
}

void check_windows_path(const std::string& called) {
    constexpr PathStyle kWindows = PathStyle::Windows;
    const auto path = absolute_path(called, R"(C:\Users\u)", "D:/only", kWindows);
    if (!path) return;
    check(keeps_path_bounds(*path) && path->find('\\') == std::string::npos);
    check(normalised_windows_path(*path) == path);
    for (const char* folder : {"C:/Users/u", "D:/only", "C:/"}) {
        const auto relative = relative_to(folder, *path, kWindows);
        if (relative) check(is_plain_relative(*relative, kWindows));
    }
}

}  // namespace

/// What a model gave a tool as arguments: as JSON, and each of its texts as a path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_path(text);
    check_windows_path(text);
    check(display_text(text).find('\n') == std::string::npos);
    const Json arguments = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (arguments.is_discarded()) return 0;
    for (const ToolDefinition& tool : ToolRegistry::builtin().tools()) {
        if (const auto problem = check_arguments(tool, arguments)) {
            check(problem->message.size() < 300);
            check(problem->message.find('\n') == std::string::npos);
            continue;
        }
        check(canonical_json(arguments) == canonical_json(Json::parse(canonical_json(arguments))));
        for (const auto& [name, value] : arguments.items()) check_path(value.get<std::string>());
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {R"({"path":"/home/u/Documents/../notes.txt"})",
            R"({"folder":"~/Documents","pattern":"*.pdf"})",
            R"({"expression":"1 + 1"})",
            R"({"source":"a.txt","destination":"~/b/.git/config"})",
            R"({"path":"a.sh","content":"x\n\u0001"})",
            R"({"path":"a/./b//c\u202e","extra":[1,{"x":null}]})",
            "/home/u/./a/../b//c",
            "~/Documents/"};
}
