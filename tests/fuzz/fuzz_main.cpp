#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutate.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// Runs a fuzz target without libFuzzer, so that any compiler with sanitizers can:
//   fuzz_x [--seconds N] [--seed S]   damaged seeds for N seconds (30); S picks the sequence
//   fuzz_x --replay NUMBER            one input again: the number that a crash printed
//   fuzz_x FILE…                      these files
// Every input has a number from which it is made again.

extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using lares::fuzz::mutate;

std::uint64_t g_current = 0;

void say_which() {
    std::fprintf(stderr, "input number %llu (--replay makes it again)\n",
                 static_cast<unsigned long long>(g_current));
}

void run(const std::string& input) {
    // A buffer of exactly this size, so that a sanitizer sees the first byte past its end.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void run_number(const std::vector<std::string>& seeds, std::uint64_t number) {
    g_current = number;
    std::mt19937_64 random(number);
    run(mutate(seeds, random));
}

bool run_file(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    std::string input;
    for (int byte = std::fgetc(file); byte != EOF; byte = std::fgetc(file))
        input.push_back(static_cast<char>(byte));
    std::fclose(file);
    run(input);
    return true;
}

void run_for(const std::vector<std::string>& seeds, double seconds, std::uint64_t seed) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    std::uint64_t n = 0;
    for (; Clock::now() < end; ++n) run_number(seeds, (seed << 32) + n);
    std::printf("%llu inputs, none crashed\n", static_cast<unsigned long long>(n));
}

}  // namespace

int main(int argc, char** argv) {
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(say_which);
    const std::vector<std::string> seeds = lares::fuzz::seeds();
    for (const std::string& seed : seeds) run(seed);

    double seconds = 30;
    std::uint64_t seed = 1;
    bool has_files = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : "";
        if (option == "--seconds") {
            seconds = std::atof(value);
            ++i;
        } else if (option == "--seed") {
            seed = std::strtoull(value, nullptr, 10);
            ++i;
        } else if (option == "--replay") {
            run_number(seeds, std::strtoull(value, nullptr, 10));
            return 0;
        } else if (run_file(argv[i])) {
            has_files = true;
        } else {
            return 1;
        }
    }
    if (!has_files) run_for(seeds, seconds, seed);
    return 0;
}
