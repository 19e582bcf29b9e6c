// What a conversation costs that is opened again after a restart: reading all of it, or getting the
// state from the disk. Usage: bench_snapshots [MODEL [TOKENS…]], without a model Lares Mini; prints
// one line for each length, with what the file takes and how long writing it took, beside nobody.

#include "engine/session/engine.h"
#include "tests/support/test_data.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace lares;
namespace fs = std::filesystem;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "bench_snapshots: %s\n", result.error().message.c_str());
    std::exit(1);
}

/// A conversation whose prompt has about so many tokens; one word is one, more or less.
GenerationRequest conversation_of(int n_tokens) {
    GenerationRequest request;
    std::string text;
    for (int i = 0; i < n_tokens; ++i) text += i % 9 == 8 ? " and\n" : " the";
    Message message;
    message.role = "user";
    message.content = std::move(text);
    request.conversation.messages = {message};
    request.prompt.enable_thinking = false;
    request.max_tokens = 1;
    request.owner = "bench";
    return request;
}

void measure(const std::shared_ptr<const Model>& model, int n_tokens, const fs::path& folder) {
    Engine::Options options;
    options.session.n_ctx = n_tokens * 3 / 2 + 512;
    options.session.device = "auto";
    options.snapshot_folder = folder;
    const GenerationRequest request = conversation_of(n_tokens);
    double keep = 0.0;
    std::optional<Engine> engine(must(Engine::create(model, options)));
    const Generation read = must(engine->generate(request));
    keep = seconds_of([&] {
        engine->keep_snapshots();
        engine.reset();  // waits for the disk
    });
    engine.emplace(must(Engine::create(model, options)));
    const double bytes = static_cast<double>(engine->snapshot_use().disk_bytes);
    const Generation again = must(engine->generate(request));
    std::printf(
        "%6d tokens: read in %8.0f ms, restored in %6.1f ms (%d tokens): %5.0f times as fast; "
        "%4.0f MB, written in %4.0f ms\n",
        read.stats.prompt_tokens, read.stats.first_token_ms, again.stats.first_token_ms,
        again.stats.cached_tokens, read.stats.first_token_ms / again.stats.first_token_ms,
        bytes / 1e6, keep * 1e3);
    engine->forget_all();
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<int> lengths;
    for (int i = 2; i < argc; ++i) {
        const std::string_view word = argv[i];
        int n = 0;
        std::from_chars(word.data(), word.data() + word.size(), n);
        if (n > 0) lengths.push_back(n);
    }
    if (lengths.empty()) lengths = {512, 2048};
    const fs::path file =
        argc > 1 ? fs::path(argv[1]) : test::source_file("resources/mini_model/lares-mini.gguf");
    const fs::path folder = fs::temp_directory_path() / "lares-bench-snapshots";
    const auto model = must(Model::load(file));
    for (const int n : lengths) measure(model, n, folder);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return 0;
}
