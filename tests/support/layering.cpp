#include "tests/support/layering.h"

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

namespace lares::test {
namespace {

constexpr std::string_view kEngineApi = "(engine/session/engine.h and what it includes)";

/// Files below `from` may include files below one of `to`. The longest `from` that fits decides; a
/// folder that no row names (a new one in engine/, say) falls under its parent's row.
struct Arrow {
    std::string_view from;
    std::vector<std::string_view> to;
};

const std::vector<Arrow>& arrows() {
    static const std::vector<Arrow> kArrows = {
        {"engine/", {"engine/"}},
        {"engine/base/", {"engine/base/"}},
        {"engine/tensor/", {"engine/base/", "engine/tensor/"}},
        // Formats know no model; tokenizer, chat and sampling know no backend.
        {"engine/formats/", {"engine/base/", "engine/tensor/", "engine/formats/"}},
        {"engine/tokenizer/", {"engine/base/", "engine/formats/", "engine/tokenizer/"}},
        {"engine/chat/", {"engine/base/", "engine/tokenizer/", "engine/chat/"}},
        {"engine/sampling/", {"engine/base/", "engine/tokenizer/", "engine/sampling/"}},
        // What an answer may be, for a vocabulary; it knows no model.
        {"engine/constraint/",
         {"engine/base/", "engine/tokenizer/", "engine/chat/", "engine/sampling/",
          "engine/constraint/"}},
        {"engine/model/",
         {"engine/base/", "engine/tensor/", "engine/formats/", "engine/tokenizer/", "engine/chat/",
          "engine/model/"}},
        // A backend reads token ids, whose type is the tokenizer's, and may pick them itself.
        {"engine/backend/",
         {"engine/base/", "engine/tensor/", "engine/tokenizer/", "engine/sampling/",
          "engine/model/", "engine/state/", "engine/backend/"}},
        {"engine/backend/cuda/",
         {"engine/base/", "engine/tensor/", "engine/sampling/", "engine/model/", "engine/state/",
          "engine/backend/", "kernels/"}},
        {"engine/state/", {"engine/base/", "engine/tensor/", "engine/model/", "engine/state/"}},
        {"kernels/", {"kernels/"}},
        {"tools/", {"engine/base/", "tools/"}},
        {"tools/registry/", {"engine/base/", "tools/registry/"}},
        {"tools/sandbox/", {"engine/base/", "tools/sandbox/"}},
        // The program inside a command's sandbox: nothing of the tools but how they are kept in.
        {"tools/toolhost/", {"engine/base/", "tools/sandbox/", "tools/toolhost/"}},
        // The program that reads documents, and whoever starts it.
        {"tools/reader/",
         {"engine/base/", "tools/documents/document_kind.h", "tools/documents/reader_protocol.h",
          "tools/reader/", "tools/sandbox/"}},
        {"tools/documents/", {"engine/base/", "tools/documents/", "tools/sandbox/"}},
        {"tools/storage/", {"engine/base/", "tools/storage/"}},
        {"tools/journal/", {"engine/base/", "tools/journal/", "tools/sandbox/", "tools/storage/"}},
        // It is told about calls; it knows no broker and no tool.
        {"tools/audit/", {"engine/base/", "tools/audit/", "tools/journal/", "tools/storage/"}},
        // Programs of the user's that offer tools; who may call them is the broker's matter.
        {"tools/mcp/",
         {"engine/base/", "tools/builtin/tool_text.h", "tools/journal/sha256.h", "tools/mcp/",
          "tools/registry/", "tools/sandbox/", "tools/storage/"}},
        // The index of the user's documents: it searches as the tool does and reads as a call does,
        // in a confined thread; which folders are in it is not its matter.
        {"tools/library/",
         {"engine/base/", "tools/builtin/", "tools/documents/", "tools/library/",
          "tools/policy/confined_run.h", "tools/sandbox/", "tools/storage/"}},
        // A tool gets what it may use from the broker; it knows no grants.
        {"tools/builtin/",
         {"engine/base/", "tools/builtin/", "tools/documents/", "tools/journal/",
          "tools/sandbox/"}},
        {"app/", {"app/", "tools/", "engine/session/engine.h", "engine/base/"}},
        // Which language the programs speak: below everything that has texts.
        {"app/language/", {"app/language/"}},
        // Below everything that writes files.
        {"app/files/", {"app/files/", "engine/base/"}},
        // Formulas know no transcript and no theme.
        {"app/math/", {"app/math/"}},
        // The one program with network code, and what it shares with the window, which has none.
        {"app/models/", {"app/files/", "app/models/", "engine/base/"}},
        {"app/download/", {"app/download/", "app/language/", "app/models/", "engine/base/"}},
        // What the right panel shows, and nothing of the windows around it.
        {"app/panel/",
         {"app/approval/", "app/chat/", "app/panel/", "app/personas/", "app/transcript/", "app/ui/",
          "tools/sandbox/display_text.h", "engine/session/engine.h", "engine/base/"}},
        // Conversations as files: values in, texts and pages out. No window, no store but its
        // names.
        {"app/export/",
         {"app/chat/", "app/export/", "app/files/", "app/personas/", "app/store/message_names.h",
          "app/transcript/", "engine/base/"}},
        // Commands about a file's parts (tokenize, render, inspect) name those parts' headers;
        // verify knows what marks the window's database.
        {"app/cli/",
         {"app/cli/", "app/store/store_format.h", "app/turn/", "tools/", kEngineApi, "engine/base/",
          "engine/tokenizer/utf8_stream.h"}},
        // It reads JSON of strangers, and tells a client how long its prompt is.
        {"app/cli/serve/",
         {"app/cli/", kEngineApi, "engine/base/", "engine/chat/bounded_json.h",
          "engine/session/prompt_tokens.h"}},
        // It writes the formats, and draws numbers that are the same on every machine.
        {"app/cli/synth/",
         {"app/cli/", "engine/base/", "engine/tensor/", "engine/formats/", "engine/model/",
          "engine/sampling/random.h"}},
        // It reads one format and writes another, and watches a session for what counts in it.
        {"app/cli/quantize/",
         {"app/cli/", kEngineApi, "engine/backend/input_observer.h", "engine/base/",
          "engine/tensor/", "engine/formats/", "engine/model/",
          "engine/tokenizer/tokenizer_json.h"}},
        // The AppImage's runtime: Result and Error, and nothing of Lares itself.
        {"installer/", {"engine/base/", "installer/"}},
        {"tests/", {"app/", "engine/", "kernels/", "tools/", "tests/"}},
    };
    return kArrows;
}

const Arrow* arrow_for_or_null(std::string_view path) {
    const Arrow* best = nullptr;
    for (const Arrow& arrow : arrows()) {
        if (path.starts_with(arrow.from) && (!best || arrow.from.size() > best->from.size())) {
            best = &arrow;
        }
    }
    return best;
}

bool starts_at_the_root(std::string_view header) {
    constexpr std::array<std::string_view, 6> kRoots = {"app/",   "engine/",    "kernels/",
                                                        "tools/", "installer/", "tests/"};
    return std::any_of(kRoots.begin(), kRoots.end(),
                       [&](auto root) { return header.starts_with(root); });
}

bool is_qt(std::string_view header) {
    return header.size() > 1 && header[0] == 'Q' &&
           ((header[1] >= 'A' && header[1] <= 'Z') || header[1] == 't');
}

/// Of Qt's network library, or that library as a whole.
bool is_qt_network(std::string_view header) {
    constexpr std::array<std::string_view, 12> kPrefixes = {
        "QtNetwork", "QNetwork", "QTcp",  "QUdp",  "QSsl",        "QLocalS",
        "QHttp",     "QDns",     "QDtls", "QSctp", "QAbstractSo", "QHost"};
    return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                       [&](auto prefix) { return header.starts_with(prefix); });
}

bool may_use_network(std::string_view path) {
    return path.starts_with("app/download/") || path.starts_with("tests/");
}

bool is_generated_by_moc(std::string_view header) {
    return header.ends_with(".moc") || (header.starts_with("moc_") && header.ends_with(".cpp"));
}

bool may_use_qt(std::string_view path) {
    return !path.starts_with("engine/") && !path.starts_with("kernels/") &&
           !path.starts_with("tools/") && !path.starts_with("app/cli/") &&
           !path.starts_with("app/turn/");
}

}  // namespace

std::vector<Include> includes_of(std::string_view text) {
    static const std::regex kInclude(
        R"re((?:^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])re");
    std::vector<Include> includes;
    using Iterator = std::regex_iterator<std::string_view::const_iterator>;
    for (auto it = Iterator(text.begin(), text.end(), kInclude); it != Iterator(); ++it) {
        includes.push_back({(*it)[2].str(), (*it)[1].str() == "\""});
    }
    return includes;
}

LayeringRules::LayeringRules(std::set<std::string> engine_api)
    : m_engine_api(std::move(engine_api)) {}

std::string LayeringRules::objection(std::string_view path, std::string_view header) const {
    if (!starts_at_the_root(header)) return "an include of ours starts at the root of the tree";
    if (header.starts_with("app/download/") && !may_use_network(path))
        return "only lares-download has network code";
    const Arrow* arrow = arrow_for_or_null(path);
    if (!arrow) return "no rule covers this folder: add a row to tests/support/layering.cpp";
    for (const std::string_view to : arrow->to) {
        const bool allowed =
            to == kEngineApi ? m_engine_api.contains(std::string(header)) : header.starts_with(to);
        if (allowed) return {};
    }
    std::string allowed;
    for (const std::string_view to : arrow->to)
        allowed.append(allowed.empty() ? "" : ", ").append(to);
    return std::string(arrow->from) + " may include only " + allowed;
}

std::vector<std::string> LayeringRules::violations(std::string_view path,
                                                   std::string_view text) const {
    std::vector<std::string> found;
    for (const Include& include : includes_of(text)) {
        std::string why;
        if (include.is_quoted && !is_generated_by_moc(include.header)) {
            why = objection(path, include.header);
        } else if (is_qt(include.header) && !may_use_qt(path)) {
            why = "no Qt in engine/, kernels/, tools/, app/cli/ and app/turn/";
        } else if (is_qt_network(include.header) && !may_use_network(path)) {
            why = "no network code outside app/download/";
        }
        if (!why.empty())
            found.push_back(std::string(path) + " includes " + include.header + ": " + why);
    }
    return found;
}

}  // namespace lares::test
