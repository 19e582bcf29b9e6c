#include "tests/support/golden_logits.h"

#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lares::test {
namespace {

using Json = nlohmann::json;

const Json& document() {
    static const Json kDocument = Json::parse(read_file(data_file("golden/logits.json")));
    return kDocument;
}

/// The files with a case's weights: t-F32.gguf holds those of the BF16 folder, too.
std::vector<std::string> files_of(const Json& entry) {
    const auto name = entry.at("file").get<std::string>();
    if (name == "t-bf16") return {name, "t-F32.gguf"};
    return {name};
}

std::vector<GoldenLogits> read_logits() {
    std::vector<GoldenLogits> cases;
    for (const Json& entry : document().at("logits")) {
        for (const std::string& file : files_of(entry))
            cases.push_back({file, entry.at("tokens"), entry.at("logits")});
    }
    return cases;
}

std::vector<GoldenGreedy> read_greedy() {
    std::vector<GoldenGreedy> cases;
    for (const Json& entry : document().at("greedy")) {
        for (const std::string& file : files_of(entry))
            cases.push_back({file, entry.at("tokens"), entry.at("greedy"), entry.at("margin")});
    }
    return cases;
}

}  // namespace

const std::vector<GoldenLogits>& golden_logits() {
    static const std::vector<GoldenLogits> kCases = read_logits();
    return kCases;
}

const std::vector<GoldenGreedy>& golden_greedy() {
    static const std::vector<GoldenGreedy> kCases = read_greedy();
    return kCases;
}

std::vector<LlamaCppDistance> llamacpp_distances() {
    const Json document = Json::parse(read_file(data_file("golden/llamacpp_distance.json")));
    std::vector<LlamaCppDistance> distances;
    for (const Json& entry : document.at("distances"))
        distances.push_back({entry.at("file"), entry.at("n_tokens"), entry.at("relative_l2")});
    return distances;
}

std::vector<std::string> golden_files() {
    std::vector<std::string> files;
    for (const GoldenLogits& golden : golden_logits())
        if (!std::ranges::count(files, golden.file)) files.push_back(golden.file);
    return files;
}

}  // namespace lares::test
