#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "engine/base/json.h"
#include "engine/base/path_text.h"
#include "engine/base/system_memory.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace lares::cli {
namespace {

constexpr int kDefaultContext = 4096;

/// What is known of the model without loading it.
struct Planned {
    std::shared_ptr<const ModelFile> file;  // the weights' views are of it
    HParams hparams;
    Weights weights;
    std::size_t weights_bytes = 0;  // in the file
};

Result<Planned> openPlanned(Context& context) {
    const auto& files = context.options.positional();
    Planned planned;
    ASSIGN_OR_RETURN(planned.file,
                     files.empty() ? openFile(context) : ModelFile::open(path_from_utf8(files[0])));
    ASSIGN_OR_RETURN(planned.hparams, planned.file->hparams());
    ASSIGN_OR_RETURN(planned.weights, planned.file->weights(planned.hparams));
    for (const FileTensor& tensor : planned.file->tensors())
        planned.weights_bytes += tensor.view.size_bytes();
    return planned;
}

/// "8G", "7500M", "8000000000"; units of 1024. Nothing where it is no size.
std::optional<std::size_t> readSize(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || number == 0) return std::nullopt;
    const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
    int shift = 0;
    if (unit == "K") shift = 10;
    if (unit == "M") shift = 20;
    if (unit == "G") shift = 30;
    if ((shift == 0 && !unit.empty()) || number > (std::uint64_t{1} << 60 >> shift))
        return std::nullopt;
    return static_cast<std::size_t>(number << shift);
}

// ---- the CPU ------------------------------------------------------------------------------------

SessionOptions cpuOptions(const Options& options) {
    SessionOptions session;
    session.n_ctx = options.integerOr("ctx", kDefaultContext);
    session.n_threads = options.integerOr("threads", session.n_threads);
    session.prefill_batch = options.integerOr("batch", session.prefill_batch);
    if (const auto name = options.text("kv-type")) session.kv_type = kv_type_from_name(*name);
    return session;
}

Json cpuJson(const Planned& planned, const Options& options) {
    const SessionOptions asked = resolved(cpuOptions(options), planned.hparams);
    const MemoryPlan plan = memory_plan(planned.hparams, planned.weights_bytes, asked);
    Json report = {
        {"n_ctx", asked.n_ctx},
        {"kv_type", to_string(*asked.kv_type)},
        {"bytes",
         {{"weights", plan.weights}, {"state", plan.state}, {"kv", plan.kv}, {"work", plan.work}}},
        {"total_bytes", plan.total()},
        {"free_bytes", nullptr},
        {"fits", nullptr},
        {"longest_n_ctx", nullptr}};
    if (const auto free = available_memory_bytes()) {
        SessionOptions longest = asked;
        longest.n_ctx = planned.hparams.n_ctx_train;
        report["free_bytes"] = *free;
        report["fits"] = plan.total() <= *free;
        report["longest_n_ctx"] =
            *free < plan.weights ? 0
                                 : longest_context(planned.hparams, longest, *free - plan.weights);
    }
    return report;
}

// ---- cards --------------------------------------------------------------------------------------

cuda::VramOptions cardOptions(const Options& options) {
    cuda::VramOptions card;
    card.n_ctx = options.integerOr("ctx", kDefaultContext);
    card.prefill_batch = options.integerOr("batch", card.prefill_batch);
    card.n_snapshot = options.integerOr("snapshots", card.n_snapshot);
    if (options.text("kv-type") == "fp8") card.kv_type = cuda::CardKvType::FP8;
    return card;
}

Json fitJson(const cuda::VramFit& fit, const cuda::VramOptions& options) {
    const cuda::VramPlan& plan = fit.plan;
    return {{"n_ctx", fit.n_ctx},
            {"kv_type", to_string(options.kv_type)},
            {"n_snapshot", options.n_snapshot},
            {"bytes",
             {{"weights", plan.weights},
              {"state", plan.state},
              {"kv", plan.kv},
              {"work", plan.work},
              {"library", plan.library},
              {"snapshots", plan.snapshots},
              {"reserve", plan.reserve}}},
            {"total_bytes", plan.total()},
            {"free_bytes", fit.free_bytes},
            {"fits", fit.fits},
            {"longest_n_ctx", fit.longest_n_ctx},
            {"longest_n_ctx_without_snapshots", fit.longest_n_ctx_without_snapshots},
            {"n_snapshot_fitting",
             fit.n_snapshot_fitting ? Json(*fit.n_snapshot_fitting) : Json(nullptr)},
            {"summary", describe(fit)}};
}

/// A card of which only the size is known.
Json givenCardJson(const Planned& planned, const Options& options, std::size_t bytes) {
    cuda::VramOptions asked = cardOptions(options);
    asked.counts_context = true;
    asked.has_library = true;  // where it does not fit it is left out
    return {{"name", "a card with " + options.text("vram").value_or("") + " free"},
            {"plan", fitJson(fit_vram(planned.hparams, planned.weights, asked, bytes), asked)}};
}

Json cardJson(const Planned& planned, const Options& options, const CardSummary& card) {
    Json report = {{"name", card.name},
                   {"device", "cuda:" + std::to_string(card.ordinal)},
                   {"compute_capability",
                    std::to_string(card.compute_major) + "." + std::to_string(card.compute_minor)},
                   {"total_bytes", card.total_bytes},
                   {"problem", card.problem.empty() ? Json(nullptr) : Json(card.problem)},
                   {"library", card.library.empty() ? Json(nullptr) : Json(card.library)},
                   {"plan", nullptr}};
    if (!card.problem.empty()) return report;
    cuda::VramOptions asked = cardOptions(options);
    asked.n_multiprocessor = card.n_multiprocessor;
    asked.has_library = card.has_library;
    report["plan"] =
        fitJson(fit_vram(planned.hparams, planned.weights, asked, card.free_bytes), asked);
    return report;
}

// ---- for people ---------------------------------------------------------------------------------

std::string megabytes(const Json& bytes) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%10.1f MB", bytes.get<double>() / 1e6);
    return text.data();
}

std::string planText(const Json& plan) {
    std::string text;
    for (const char* owner :
         {"weights", "state", "kv", "work", "library", "snapshots", "reserve"}) {
        if (!plan["bytes"].contains(owner)) continue;
        if (owner == std::string_view("library") && plan["bytes"][owner] == 0) continue;
        std::string line = std::string("  ") + owner;
        line.resize(12, ' ');
        text += line + megabytes(plan["bytes"][owner]) + "\n";
    }
    text += "  total     " + megabytes(plan["total_bytes"]) + "\n";
    if (!plan["free_bytes"].is_null())
        text += "  free      " + megabytes(plan["free_bytes"]) + "\n";
    return text;
}

std::string planReportText(const Json& report) {
    const Json& cpu = report["cpu"];
    std::string text = "CPU, a context of " + json_text(cpu["n_ctx"]) +
                       " tokens, keys and values " + cpu["kv_type"].get<std::string>() + "\n" +
                       planText(cpu);
    if (!cpu["fits"].is_null())
        text += std::string(cpu["fits"].get<bool>() ? "  fits" : "  does not fit") +
                "; the longest context that fits has " + json_text(cpu["longest_n_ctx"]) +
                " tokens\n";
    for (const Json& card : report["cards"]) {
        text += "\n" + card["name"].get<std::string>();
        if (card.contains("device")) text += " (" + card["device"].get<std::string>() + ")";
        const Json& plan = card["plan"];
        if (plan.is_null()) {
            text += "\n  " + card["problem"].get<std::string>() + "\n";
            continue;
        }
        text += ", a context of " + json_text(plan["n_ctx"]) + " tokens, keys and values " +
                plan["kv_type"].get<std::string>() + ", " + json_text(plan["n_snapshot"]) +
                " snapshots\n" + planText(plan);
        text += std::string(plan["fits"].get<bool>() ? "  fits: " : "  does not fit: ") +
                plan["summary"].get<std::string>() + "\n";
        if (card.contains("library") && !card["library"].is_null())
            text += "  long prompts, where the model is not quantised: " +
                    card["library"].get<std::string>() + "\n";
        if (plan["fits"].get<bool>())
            text += "  the longest context that fits has " + json_text(plan["longest_n_ctx"]) +
                    " tokens\n";
    }
    if (!report["why_no_card"].is_null())
        text += "\nNo graphics card: " + report["why_no_card"].get<std::string>() + "\n";
    return text;
}

Result<ExitStatus> plan(Context& context) {
    const Options& options = context.options;
    const auto type = options.text("kv-type");
    if (type && *type != "fp8" && !kv_type_from_name(*type))
        return context.usageError("--kv-type is f16, f32, int8 or fp8, not '" + *type + "'");
    std::optional<std::size_t> vram;
    if (const auto text = options.text("vram")) {
        vram = readSize(*text);
        if (!vram)
            return context.usageError("--vram is a size as 8G, 7500M or in bytes, not '" + *text +
                                      "'");
    }
    ASSIGN_OR_RETURN(const Planned planned, openPlanned(context));
    Json report = {{"model", planned.file->name()},
                   {"cpu", cpuJson(planned, options)},
                   {"cards", Json::array()},
                   {"why_no_card", nullptr}};
    if (vram) {
        report["cards"].push_back(givenCardJson(planned, options, *vram));
    } else {
        const CardList found = find_cards();
        for (const CardSummary& card : found.cards)
            report["cards"].push_back(cardJson(planned, options, card));
        if (!found.why_none.empty()) report["why_no_card"] = found.why_none;
    }
    if (context.isJson()) {
        context.writeJson(report);
    } else {
        context.terminal.write(planReportText(report));
    }
    return ExitStatus::Done;
}

}  // namespace

Command planCommand() {
    return {"plan",
            "[FILE]",
            1,
            "What memory a model needs, by owner, before it is loaded",
            "For the CPU, and for each graphics card with what would fit; only the file's header "
            "is read. A card's\n"
            "keys and values are f16 or fp8, the CPU's f16, f32 or int8: each takes what it has of "
            "--kv-type, or f16.",
            joined({fileOptions(),
                    {{"ctx", 'c', OptionKind::Integer, "N",
                      "tokens the conversation may have (default 4096)", 1, 1 << 20},
                     {"kv-type", 0, OptionKind::Text, "f16|f32|int8|fp8",
                      "how keys and values are kept (default f16)"},
                     {"vram", 0, OptionKind::Text, "SIZE",
                      "plan for a card that has this much free, as 8G (of 1024 M) or in bytes"},
                     {"snapshots", 0, OptionKind::Integer, "N",
                      "snapshots that stay on the card (default 4)", 0, 1024},
                     {"batch", 'b', OptionKind::Integer, "N",
                      "tokens of a prefill step (default 256)", 1, 8192},
                     {"threads", 't', OptionKind::Integer, "N",
                      "threads of the CPU; without it one for each physical core", 1, 1024}}}),
            plan};
}

}  // namespace lares::cli
