#include "app/cli/sampling_options.h"

#include <random>

namespace lares::cli {

std::vector<OptionSpec> samplingOptions() {
    return {
        {"greedy", 0, OptionKind::Flag, "", "always the likeliest token"},
        {"temperature", 0, OptionKind::Number, "T", "how freely to draw; 0 is greedy (default 0.6)",
         0, 100},
        {"top-k", 0, OptionKind::Integer, "K", "draw from the K likeliest; 0: off (default)", 0,
         1 << 30},
        {"top-p", 0, OptionKind::Number, "P",
         "draw from the likeliest that add up to P (default 0.95)", 0, 1},
        {"min-p", 0, OptionKind::Number, "P",
         "drop what is less likely than P times the likeliest (default 0: off)", 0, 1},
        {"repeat-penalty", 0, OptionKind::Number, "R",
         "make repeated tokens less likely; 1: off (default)", 0.01, 100},
        {"seed", 0, OptionKind::Integer, "N", "the same seed draws the same answer", 0},
    };
}

SamplingParams samplingParams(const Options& options) {
    SamplingParams params = options.has("greedy") ? SamplingParams::greedy() : SamplingParams{};
    const auto number = [&](std::string_view name, float fallback) {
        return static_cast<float>(options.number(name).value_or(static_cast<double>(fallback)));
    };
    if (!options.has("greedy")) params.temperature = number("temperature", params.temperature);
    params.top_k = options.integerOr("top-k", params.top_k);
    params.top_p = number("top-p", params.top_p);
    params.min_p = number("min-p", params.min_p);
    params.repeat_penalty = number("repeat-penalty", params.repeat_penalty);
    const auto seed = options.integer("seed");
    params.seed = seed ? static_cast<std::uint64_t>(*seed) : std::random_device{}();
    return params;
}

}  // namespace lares::cli
