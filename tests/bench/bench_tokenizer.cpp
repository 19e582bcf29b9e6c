#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/test_data.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <limits>
#include <random>
#include <string>

// Speed of the tokenizer with the real vocabulary: how long it takes to be ready, and how many
// bytes a second it encodes. One thread; the best of several runs, as others share the machine.
//   bench_tokenizer [vocab.gguf]

using namespace lares;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double best_seconds(int n_run, const std::function<void()>& work) {
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < n_run; ++i) best = std::min(best, seconds_of(work));
    return best;
}

/// Words in the proportions of running text: a few very common, many rare, names and numbers among
/// them, sentences and paragraphs.
std::string english_like(std::size_t size) {
    const char* const common[] = {
        "the",  "of",   "and",  "to", "in",  "a",     "is",  "that", "it",   "was", "for",  "on",
        "as",   "with", "be",   "at", "by",  "this",  "had", "not",  "are",  "but", "from", "or",
        "have", "an",   "they", "he", "she", "which", "we",  "one",  "were", "all", "there"};
    const char* const rare[] = {
        "engine",         "harbour",    "memory",   "translation", "quietly",
        "recurrent",      "invoice",    "schedule", "Copenhagen",  "windowless",
        "calculation",    "gardener's", "don't",    "Zimmermann",  "unremarkably",
        "conversation",   "folder",     "reading",  "evening",     "thunderstorms",
        "3.14159",        "1998",       "e-mail",   "hashing",     "Kowalczyk",
        "photosynthesis", "breakfast",  "weather",  "pipeline",    "misjudgement"};
    std::mt19937_64 random(1);
    std::string text;
    int n_word = 0;
    while (text.size() < size) {
        text += random() % 5 < 3 ? common[random() % std::size(common)]
                                 : rare[random() % std::size(rare)];
        ++n_word;
        text += n_word % 120 == 0  ? ".\n\n"
                : n_word % 14 == 0 ? ". "
                : n_word % 9 == 0  ? ", "
                                   : " ";
    }
    text.resize(size);
    return text;
}

std::string letters_without_space(std::size_t size) {
    std::mt19937_64 random(2);
    std::string text(size, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    return text;
}

std::string repeated(std::string_view unit, std::size_t size) {
    std::string text;
    while (text.size() < size) text += unit;
    return text;
}

void print_rate(const char* name, const BpeTokenizer& tokenizer, const std::string& text) {
    std::size_t n_token = 0;
    const double seconds = best_seconds(5, [&] { n_token = tokenizer.encode(text).size(); });
    const auto size = static_cast<double>(text.size());
    std::printf("%-34s %9zu %9zu %9.2f %9.1f\n", name, text.size(), n_token, size / seconds / 1e6,
                seconds / size * 1e9);
}

}  // namespace

int main(int argc, char** argv) {
    const auto path =
        argc > 1 ? std::filesystem::path(argv[1]) : test::data_file("tokenizer/vocab.gguf");
    const auto file = GgufFile::open(path);
    if (!file) {
        std::fprintf(stderr, "%s\n", file.error().message.c_str());
        return 1;
    }
    auto tokenizer = BpeTokenizer::from_gguf(*file);
    if (!tokenizer) {
        std::fprintf(stderr, "%s\n", tokenizer.error().message.c_str());
        return 1;
    }
    const double open_seconds = best_seconds(5, [&] { (void)GgufFile::open(path); });
    const double load_seconds = best_seconds(5, [&] { (void)BpeTokenizer::from_gguf(*file); });
    std::printf("%d tokens, %d merges: file parsed in %.1f ms, vocabulary ready in %.1f ms\n\n",
                tokenizer->n_vocab(), tokenizer->n_merges(), open_seconds * 1e3,
                load_seconds * 1e3);

    constexpr std::size_t kSmall = 64 << 10;
    constexpr std::size_t kLarge = 1 << 20;
    std::printf("%-34s %9s %9s %9s %9s\n", "text", "bytes", "tokens", "MB/s", "ns/byte");
    print_rate("English-like", *tokenizer, english_like(4 * kLarge));
    const std::string source = test::read_file(test::source_file("engine/formats/gguf_parser.cpp"));
    print_rate("C++ source", *tokenizer, repeated(source, kLarge));
    print_rate("Russian", *tokenizer, repeated("Съешь ещё этих мягких булок. ", kLarge));
    print_rate("Japanese", *tokenizer, repeated("吾輩は猫である。名前はまだ無い。", kLarge));
    print_rate("random letters, no space, 64 kB", *tokenizer, letters_without_space(kSmall));
    print_rate("random letters, no space, 1 MB", *tokenizer, letters_without_space(kLarge));
    print_rate("one letter, 64 kB", *tokenizer, std::string(kSmall, 'a'));
    print_rate("one letter, 1 MB", *tokenizer, std::string(kLarge, 'a'));

    const std::string brackets(kLarge, '<');
    const double seconds = best_seconds(5, [&] { (void)tokenizer->encode_with_special(brackets); });
    std::printf("%-34s %9zu %9s %9.2f\n", "'<' with special tokens, 1 MB", brackets.size(), "",
                static_cast<double>(brackets.size()) / seconds / 1e6);
    return 0;
}
