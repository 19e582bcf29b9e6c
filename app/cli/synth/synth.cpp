#include "app/cli/command.h"
#include "app/cli/synth/model_writer.h"
#include "engine/base/core_count.h"
#include "engine/base/path_text.h"

#include <chrono>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMinVocabulary = 512;

/// The vocabulary of --vocab, or a made-up one of the model's size; the model follows it where its
/// own size is free.
Result<SyntheticVocabulary> chooseVocabulary(const Options& options, SyntheticModel& model) {
    const auto path = options.text("vocab");
    if (!path) return makeVocabulary(model.hparams.n_vocab);
    ASSIGN_OR_RETURN(SyntheticVocabulary vocabulary, readVocabulary(path_from_utf8(*path)));
    const auto size = static_cast<int>(vocabulary.tokens.size());
    if (size < kMinVocabulary)
        return Error{ErrorCode::Unsupported, *path + ": a vocabulary of " + std::to_string(size) +
                                                 " tokens is too small; leave out --vocab"};
    model = *syntheticModel(model.name, size);
    if (size != model.hparams.n_vocab)
        return Error{ErrorCode::InvalidArgument,
                     *path + " has " + std::to_string(size) + " tokens, the " + model.name +
                         " model " + std::to_string(model.hparams.n_vocab) +
                         "; name a vocabulary of that size or leave out --vocab"};
    return vocabulary;
}

/// What contradicts itself on the command line, as one sentence; empty when nothing does.
std::string problemWith(const Options& options) {
    if (options.positional().empty()) return "name the file or folder to write";
    if (!options.has("like")) return "--like 4b, 9b or tiny is missing";
    if (!options.has("type")) return "--type is missing: one of " + tensorMixNames();
    const std::string like = *options.text("like");
    if (!syntheticModel(like, std::nullopt)) return "--like is 4b, 9b or tiny, not '" + like + "'";
    const std::string type = *options.text("type");
    if (!tensorMix(type)) return "--type is one of " + tensorMixNames() + ", not '" + type + "'";
    const bool isGguf = path_from_utf8(options.positional()[0]).extension() == ".gguf";
    if (isGguf && type == "fp8")
        return "GGUF has no FP8; name a folder, or a file that does not end in .gguf";
    if (!isGguf && type != "fp8" && type != "bf16")
        return "a safetensors folder is bf16 or fp8; for " + type +
               " name a file that ends in .gguf";
    return {};
}

Result<ExitStatus> synth(Context& context) {
    const Options& options = context.options;
    if (const std::string problem = problemWith(options); !problem.empty())
        return context.usageError(problem);
    SynthRequest request;
    request.model = *syntheticModel(*options.text("like"), std::nullopt);
    request.mix = *tensorMix(*options.text("type"));
    ASSIGN_OR_RETURN(request.vocabulary, chooseVocabulary(options, request.model));
    request.seed = static_cast<std::uint64_t>(options.integer("seed").value_or(1));
    request.n_threads = options.integerOr("threads", physical_core_count());
    if (const auto size = options.integer("shard-mb"))
        request.shardBytes = static_cast<std::uint64_t>(*size) * 1'000'000;
    request.out = path_from_utf8(options.positional()[0]);
    request.stop = context.interrupt.token();
    request.showProgress = [&](float share) {
        context.terminal.showProgress("Writing " + utf8_from_path(request.out), share);
    };

    const auto start = std::chrono::steady_clock::now();
    const bool isGguf = request.out.extension() == ".gguf";
    const Result<SynthReport> report = isGguf ? writeGguf(request) : writeFolder(request);
    context.terminal.clearProgress();
    if (!report) return report.error();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;

    if (context.isJson()) {
        context.writeJson({{"path", utf8_from_path(request.out)},
                           {"format", isGguf ? "gguf" : "safetensors"},
                           {"type", request.mix.name},
                           {"parameters", report->n_parameter},
                           {"bytes", report->bytes},
                           {"files", report->n_file},
                           {"seconds", taken.count()}});
    } else {
        context.terminal.write(utf8_from_path(request.out) + ": " + inGigabytes(report->bytes) +
                               " of random weights, shape of " + request.model.title + "\n");
    }
    return ExitStatus::Done;
}

}  // namespace

std::string inGigabytes(std::uint64_t bytes) {
    const std::uint64_t hundredths = (bytes + 5'000'000) / 10'000'000;
    const std::string rest = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + "." + std::string(2 - rest.size(), '0') + rest +
           " GB";
}

Result<void> checkRoom(const fs::path& out, std::uint64_t bytes) {
    std::error_code error;
    if (fs::exists(out, error))
        return Error{ErrorCode::Io,
                     utf8_from_path(out) + ": already there; remove it or choose another name"};
    const fs::path folder = fs::absolute(out, error).parent_path();
    const fs::space_info space = fs::space(folder, error);
    if (error)
        return Error{ErrorCode::Io, utf8_from_path(out) + ": cannot write into " +
                                        utf8_from_path(folder) + ": " + error.message()};
    if (space.available >= bytes) return {};
    return Error{ErrorCode::Io, utf8_from_path(out) + ": needs " + inGigabytes(bytes) + ", only " +
                                    inGigabytes(space.available) +
                                    " are free there; free some space or choose another disk"};
}

Command synthCommand() {
    return {"synth",
            "OUT",
            1,
            "Write a model with random weights, to measure and to test with",
            "Shapes and types of tensors are those of the published files, numbers are random: "
            "for speed, never\n"
            "for answers. OUT ending in .gguf is a GGUF file, else (bf16, fp8) a safetensors "
            "folder. The same\n"
            "seed gives the same bytes.",
            {{"like", 0, OptionKind::Text, "4b|9b|tiny", "whose shape"},
             {"type", 0, OptionKind::Text, "TYPE",
              "q4_k_m, q5_k_m, q6_k, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl, iq4_xs, q3_k_m, q2_k, "
              "bf16, f16, f32, "
              "fp8"},
             {"vocab", 0, OptionKind::Text, "FILE",
              "copy the vocabulary of this GGUF file (default: a made-up one)"},
             {"seed", 0, OptionKind::Integer, "N", "of the random numbers (default 1)", 0,
              4294967295.0},
             {"shard-mb", 0, OptionKind::Integer, "N",
              "megabytes of a file in a folder (default 5000)", 1, 1'000'000},
             {"threads", 't', OptionKind::Integer, "N",
              "threads; without it one for each physical core", 1, 1024}},
            synth};
}

}  // namespace lares::cli
