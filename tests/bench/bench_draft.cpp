// What drafts by prompt lookup are worth, on the processor or on a card: the time of a step of
// several tokens beside one of a single token, and of an answer that copies a text, with drafts and
// without. The answer's tokens are given, as if they had been picked. Usage: bench_draft MODEL
// [ROUNDS [THREADS [DEVICE]]], with DEVICE as lares-cli takes it: cpu, cuda:0, …

#include "engine/model/model.h"
#include "engine/session/drafter.h"
#include "engine/session/session.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

using namespace lares;

namespace {

constexpr int kCopied = 48;  // tokens of the answer

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "bench_draft: %s\n", result.error().message.c_str());
    std::exit(1);
}
void must(const Result<void>& result) {
    if (result) return;
    std::fprintf(stderr, "bench_draft: %s\n", result.error().message.c_str());
    std::exit(1);
}

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print(const char* name, std::vector<double> ratios) {
    std::sort(ratios.begin(), ratios.end());
    std::printf("%-44s %.2f (%.2f to %.2f)\n", name, ratios[ratios.size() / 2], ratios.front(),
                ratios.back());
    std::fflush(stdout);
}

/// A step of `n` tokens of which all are kept, and the bookkeeping of it.
double step_seconds(Session& session, std::span<const TokenId> tokens) {
    return seconds_of([&] {
        // A card is waited for by looking at what it computed.
        if (tokens.size() == 1) {
            must(session.read(tokens));
            return (void)must(session.fetch_logits());
        }
        must(session.read_expecting(tokens.front(), tokens.subspan(1)));
        for (std::size_t i = 1; i < tokens.size(); ++i) must(session.read(tokens.subspan(i, 1)));
        (void)must(session.snapshot());  // closes the trial, and copies the state
    });
}

double answer_seconds(Session& session, std::span<const TokenId> answer, bool drafts) {
    Drafter drafter(session);
    return seconds_of([&] {
        for (std::size_t i = 0; i < answer.size(); ++i)
            if (!drafts || !drafter.try_read(answer[i], static_cast<int>(answer.size() - i) - 1))
                must(session.read(answer.subspan(i, 1)));
        (void)must(session.fetch_logits());
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_draft MODEL [ROUNDS [THREADS [DEVICE]]]\n");
        return 2;
    }
    const int n_rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    auto model = must(Model::load(argv[1]));
    SessionOptions options;
    options.n_ctx = 1024;
    options.n_threads = argc > 3 ? std::max(1, std::atoi(argv[3])) : 0;
    if (argc > 4) options.device = argv[4];
    Session session = must(Session::create(model, options));
    std::printf("on %s\n", session.device().c_str());

    std::mt19937 random(1);
    std::vector<TokenId> text(kCopied), other(kCopied);
    const auto any = [&] {
        return static_cast<TokenId>(random() % static_cast<unsigned>(model->hparams().n_vocab));
    };
    std::generate(text.begin(), text.end(), any);
    std::generate(other.begin(), other.end(), any);
    std::vector<TokenId> edited = text;  // a word in twelve is another one
    for (std::size_t i = 6; i < edited.size(); i += 12) edited[i] = any();
    must(session.read(text));
    const SessionSnapshot start = must(session.snapshot());

    std::vector<std::vector<double>> steps(9);
    std::vector<double> copied, changed, new_text;
    const auto rate = [&](std::span<const TokenId> answer) {
        must(session.restore(start));
        const double with = answer_seconds(session, answer, true);
        must(session.restore(start));
        return answer_seconds(session, answer, false) / with;
    };
    for (int round = 0; round < n_rounds; ++round) {
        for (const int n : {2, 3, 4, 6, 8}) {
            if (n > session.max_expected() + 1) break;
            const auto tokens = std::span(other).first(static_cast<std::size_t>(n));
            const double copy = seconds_of([&] { (void)must(session.snapshot()); });
            must(session.restore(start));
            const double one = step_seconds(session, tokens.first(1));
            must(session.restore(start));
            steps[static_cast<std::size_t>(n)].push_back((step_seconds(session, tokens) - copy) /
                                                         one);
        }
    }
    for (const int n : {2, 3, 4, 6, 8}) {
        if (n > session.max_expected() + 1) break;
        char name[64];
        std::snprintf(name, sizeof name, "a step of %d tokens / of one", n);
        print(name, steps[static_cast<std::size_t>(n)]);
    }
    for (int round = 0; round < n_rounds; ++round) {
        copied.push_back(rate(text));
        changed.push_back(rate(edited));
        new_text.push_back(rate(other));
    }
    print("copying a text, speed with drafts / without", copied);
    print("the same with every 12th token changed", changed);
    print("new text", new_text);
}
