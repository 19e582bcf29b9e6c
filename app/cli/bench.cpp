#include "app/cli/command.h"
#include "app/cli/machine_probe.h"
#include "app/cli/model_loading.h"
#include "engine/base/core_count.h"
#include "engine/base/json.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>

namespace lares::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// One row of the result: read `prompt` tokens, or generate `generate` of them, after `depth`.
struct Case {
    int prompt = 0;
    int generate = 0;
    int depth = 0;
    int threads = 0;
};

std::vector<TokenId> randomTokens(int n, int n_vocab) {
    std::vector<TokenId> tokens(static_cast<std::size_t>(n));
    std::uint32_t state = 1;  // the same tokens in every run
    for (TokenId& token : tokens) {
        state = state * 1664525U + 1013904223U;
        token = static_cast<TokenId>((state >> 8) % static_cast<std::uint32_t>(n_vocab));
    }
    return tokens;
}

/// What a token costs at least, from the file: the limits' other half.
struct TokenCost {
    double weightBytes = 0.0;  ///< read for each generated token
    double operations = 0.0;   ///< of the layers' matrices, for each token of a prompt
    bool isQuantised = false;  ///< most of it meets 8-bit activations
};

TokenCost costOf(const Model& model) {
    TokenCost cost;
    double quantised = 0.0;
    for (const FileTensor& tensor : model.file().tensors()) {
        const bool isHead = tensor.view.data == model.weights().output.data;
        const bool isEmbedding = tensor.view.data == model.weights().token_embedding.data;
        if (isEmbedding && !isHead) continue;  // one row of it is read
        const auto bytes = static_cast<double>(tensor.view.size_bytes());
        cost.weightBytes += bytes;
        if (traits(tensor.view.dtype).block_elements > 1) quantised += bytes;
        if (!isHead && tensor.view.rows() > 1) {
            cost.operations += 2.0 * static_cast<double>(tensor.view.rows()) *
                               static_cast<double>(tensor.view.cols());
        }
    }
    cost.isQuantised = quantised > cost.weightBytes / 2;
    return cost;
}

/// Bytes of state and cache that a generated token moves: states are read and written, keys and
/// values read.
double stateBytes(const HParams& h, KvType kvType, double position) {
    const auto state = static_cast<double>(h.n_layer(LayerKind::Mamba2)) *
                       static_cast<double>(h.conv_state_size() + h.ssm_state_size()) *
                       sizeof(float);
    const auto kv = static_cast<double>(h.n_layer(LayerKind::Attention)) * 2.0 * h.d_kv() *
                    static_cast<double>(element_bytes(kvType));
    return 2.0 * state + kv * position;
}

/// The card that the sessions were on, measured while the last of them was there.
struct MeasuredCard {
    std::string name;
    CardProbe probe;
    MemoryPlan memory;    ///< of that session
    std::string library;  ///< Session::device_library
};

/// What rates are compared with: of the processor or of the card.
struct Limits {
    double bandwidthGbS = 0.0;
    double quantisedGops = 0.0;  ///< products of quantised weights: 8-bit
    double plainGops = 0.0;      ///< of other weights: f32; on a card f16
};

Limits limitsOf(const MachineLimits& machine) {
    return {machine.bandwidthGbS, machine.int8Gops, machine.f32Gflops};
}

Limits limitsOf(const cuda::CardLimits& card) {
    return {card.bandwidth_gb_s, card.int8_tops * 1e3, card.f16_tflops * 1e3};
}

class Bench {
public:
    Bench(Context& context, std::shared_ptr<const Model> model)
        : m_context(context)
        , m_model(std::move(model))
        , m_cost(costOf(*m_model))
        , m_kvType(*resolved(sessionOptions(context.options), m_model->hparams()).kv_type) {}

    /// The rows of one thread count, still without their share of the limit.
    Result<Json> run(const std::vector<Case>& cases, int n_threads, int n_ctx, int repetitions) {
        SessionOptions options = sessionOptions(m_context.options);
        options.n_threads = n_threads;
        options.n_ctx = n_ctx;
        ASSIGN_OR_RETURN(Session session, Session::create(m_model, options));
        Json rows = Json::array();
        // A processor's speed drifts with what else it does: there, the cases take turns, so that
        // one can be compared with another. A card's memory may not hold the beginnings of all.
        const std::size_t n_together = session.device_memory() ? 1 : cases.size();
        for (std::size_t at = 0; at < cases.size(); at += n_together) {
            const auto together = std::span(cases).subspan(at, n_together);
            RETURN_IF_ERROR(measure(session, together, repetitions, rows));
        }
        if (session.device_memory()) {
            m_context.terminal.showProgress("Measuring the card", 1.0F);
            ASSIGN_OR_RETURN(const CardProbe probe, session.probe_card());
            m_card = MeasuredCard{session.device(), probe, *session.device_memory(),
                                  session.device_library()};
        }
        return rows;
    }

    /// Nothing where the sessions were the processor's.
    [[nodiscard]] const std::optional<MeasuredCard>& card() const { return m_card; }

    [[nodiscard]] const TokenCost& cost() const { return m_cost; }

    /// Tokens a second that the machine's measured limit allows: memory for generating, arithmetic
    /// for reading a prompt.
    [[nodiscard]] double limitOf(const Json& row, const Limits& limits) const {
        if (row["prompt"] > 0) {
            return (m_cost.isQuantised ? limits.quantisedGops : limits.plainGops) * 1e9 /
                   m_cost.operations;
        }
        const double position = row["depth"].get<double>() + row["generate"].get<double>() / 2.0;
        return limits.bandwidthGbS * 1e9 /
               (m_cost.weightBytes + stateBytes(m_model->hparams(), m_kvType, position));
    }

private:
    /// A case in work: from where each repetition starts, and what came out.
    struct Measured {
        Case one;
        std::vector<TokenId> tokens;           ///< those behind the depth
        std::optional<SessionSnapshot> start;  ///< nothing: the beginning
        double depthSeconds = 0.0;
        std::vector<double> rates;  ///< tokens a second
    };

    /// Repeats all cases in turn and appends a row for each.
    Result<void> measure(Session& session,
                         std::span<const Case> cases,
                         int repetitions,
                         Json& rows) {
        std::vector<Measured> all;
        for (const Case& one : cases) {
            ASSIGN_OR_RETURN(Measured measured, prepare(session, one));
            all.push_back(std::move(measured));
        }
        for (int repetition = -1; repetition < repetitions; ++repetition) {  // the first warms up
            m_context.terminal.showProgress("Measuring", static_cast<float>(repetition + 1) /
                                                             static_cast<float>(repetitions + 1));
            for (Measured& measured : all) {
                const Case& one = measured.one;
                session.clear();
                if (measured.start) RETURN_IF_ERROR(session.restore(*measured.start));
                ASSIGN_OR_RETURN(const double seconds,
                                 timeOnce(session, measured.tokens, one.prompt > 0));
                if (repetition >= 0)
                    measured.rates.push_back((one.prompt + one.generate) / std::max(seconds, 1e-9));
            }
        }
        for (Measured& measured : all) rows.push_back(rowOf(measured));
        return {};
    }

    Result<Measured> prepare(Session& session, const Case& one) {
        Measured measured{one, {}, {}, 0.0, {}};
        const auto tokens =
            randomTokens(one.depth + one.prompt + one.generate, m_model->hparams().n_vocab);
        const auto begin = tokens.begin() + one.depth;
        measured.tokens.assign(begin, tokens.end());
        if (one.depth == 0) return measured;
        session.clear();
        const auto before = std::span(tokens).first(static_cast<std::size_t>(one.depth));
        ASSIGN_OR_RETURN(measured.depthSeconds, timeOnce(session, before, true));
        ASSIGN_OR_RETURN(measured.start, session.snapshot());
        return measured;
    }

    static Json rowOf(Measured& measured) {
        std::vector<double>& rates = measured.rates;
        std::sort(rates.begin(), rates.end());
        const double median = (rates[(rates.size() - 1) / 2] + rates[rates.size() / 2]) / 2.0;
        return Json{{"prompt", measured.one.prompt},
                    {"generate", measured.one.generate},
                    {"depth", measured.one.depth},
                    {"depth_seconds", measured.depthSeconds},
                    {"threads", measured.one.threads},
                    {"tokens_per_second",
                     {{"median", median}, {"min", rates.front()}, {"max", rates.back()}}}};
    }

    Result<double> timeOnce(Session& session, std::span<const TokenId> tokens, bool atOnce) {
        const auto begin = Clock::now();
        if (atOnce) {
            RETURN_IF_ERROR(session.append(tokens, m_context.interrupt.token()));
        } else {
            RETURN_IF_ERROR(generate(session, tokens));
        }
        return std::chrono::duration<double>(Clock::now() - begin).count();
    }

    /// As an answer does: from the first of `tokens` on, as many as they are.
    Result<void> generate(Session& session, std::span<const TokenId> tokens) {
        ASSIGN_OR_RETURN(TokenPicker picker,
                         TokenPicker::create(session, SamplingParams::greedy(), {}));
        TokenId token = tokens.front();
        RETURN_IF_ERROR(session.read({&token, 1}, m_context.interrupt.token()));
        for (std::size_t i = 1; i < tokens.size(); ++i) {
            if (picker.is_on_card()) {
                RETURN_IF_ERROR(picker.pick_and_read(m_context.interrupt.token()));
            } else {
                ASSIGN_OR_RETURN(token, picker.pick());
                RETURN_IF_ERROR(session.read({&token, 1}, m_context.interrupt.token()));
            }
        }
        RETURN_IF_ERROR(picker.pick());
        return {};
    }

    Context& m_context;
    std::shared_ptr<const Model> m_model;
    TokenCost m_cost;
    KvType m_kvType;
    std::optional<MeasuredCard> m_card;
};

void addShare(const Bench& bench, const Limits& limits, Json& row) {
    row["share_of_limit"] =
        row["tokens_per_second"]["median"].get<double>() / bench.limitOf(row, limits);
}

/// Measures the processor once for each thread count and gives every row its share of the limit;
/// returns the figures of the last one. After the model's turn, so that the probe's buffer is not
/// counted as its memory.
MachineLimits addShares(const Context& context, const Bench& bench, Json& rows) {
    std::map<int, MachineLimits> known;
    MachineLimits last;
    for (Json& row : rows) {
        const int threads = row["threads"];
        if (!known.contains(threads)) {
            context.terminal.showProgress("Measuring the machine", 1.0F);
            known[threads] = measureMachine(threads);
        }
        last = known[threads];
        addShare(bench, limitsOf(last), row);
    }
    return last;
}

/// The `machine` part; every row gets its share.
Json processorJson(const Context& context, const Bench& bench, int threads, Json& rows) {
    const MachineLimits limits = addShares(context, bench, rows);
    return {{"cpu", cpuName()},
            {"threads", threads},
            {"bandwidth_gb_s", limits.bandwidthGbS},
            {"int8_gops", limits.int8Gops},
            {"f32_gflops", limits.f32Gflops}};
}

Json cardJson(const Bench& bench, const MeasuredCard& card, Json& rows) {
    const cuda::CardLimits& limits = card.probe.limits;
    for (Json& row : rows) addShare(bench, limitsOf(limits), row);
    const MemoryPlan& memory = card.memory;
    return {{"card", card.name},
            {"bandwidth_gb_s", limits.bandwidth_gb_s},
            {"int8_gops", limits.int8_tops * 1e3},
            {"f16_gflops", limits.f16_tflops * 1e3},
            {"prompt_library", card.library.empty() ? Json(nullptr) : Json(card.library)},
            {"memory_bytes",
             {{"total", card.probe.total_bytes},
              {"used", card.probe.total_bytes - card.probe.free_bytes},
              {"weights", memory.weights},
              {"state", memory.state},
              {"kv", memory.kv},
              {"work", memory.work}}}};
}

std::vector<Case> casesOf(const Options& options, int threads) {
    std::vector<Case> cases;
    for (const auto depth : options.integersOr("depth", {0})) {
        for (const auto n : options.integersOr("prompt", {512})) {
            if (n > 0) cases.push_back({static_cast<int>(n), 0, static_cast<int>(depth), threads});
        }
        for (const auto n : options.integersOr("generate", {128})) {
            if (n > 0) cases.push_back({0, static_cast<int>(n), static_cast<int>(depth), threads});
        }
    }
    return cases;
}

int contextFor(const std::vector<Case>& cases) {
    int n_ctx = 1;
    for (const Case& one : cases) n_ctx = std::max(n_ctx, one.depth + one.prompt + one.generate);
    return n_ctx;
}

std::string headOf(const Json& machine) {
    const bool isCard = machine.contains("card");
    std::string text = isCard ? machine["card"].get<std::string>() + ": "
                              : machine["cpu"].get<std::string>() + ", " +
                                    json_text(machine["threads"]) + " threads: ";
    const char* const plain = isCard ? "f16" : "f32";
    char line[160];
    std::snprintf(line, sizeof line, "%.1f GB/s, %.0f int8 Gop/s, %.0f %s Gflop/s\n",
                  machine["bandwidth_gb_s"].get<double>(), machine["int8_gops"].get<double>(),
                  machine[std::string(plain) + "_gflops"].get<double>(), plain);
    text += line;
    if (!isCard) return text;
    std::snprintf(line, sizeof line, "%.0f of %.0f MB of its memory in use, by all programs\n",
                  machine["memory_bytes"]["used"].get<double>() / 1e6,
                  machine["memory_bytes"]["total"].get<double>() / 1e6);
    text += line;
    if (!machine["prompt_library"].is_null())
        text += "long prompts: " + machine["prompt_library"].get<std::string>() + "\n";
    return text;
}

std::string rateTable(const Json& report) {
    std::string text = headOf(report["machine"]);
    char line[160];
    text += "  prompt generate   depth threads   tokens/s (min … max)        of limit\n";
    for (const Json& row : report["results"]) {
        const Json& rate = row["tokens_per_second"];
        std::snprintf(line, sizeof line, "%8d %8d %7d %7d %10.1f (%.1f … %.1f)  %5.0f %%\n",
                      row["prompt"].get<int>(), row["generate"].get<int>(), row["depth"].get<int>(),
                      row["threads"].get<int>(), rate["median"].get<double>(),
                      rate["min"].get<double>(), rate["max"].get<double>(),
                      row["share_of_limit"].get<double>() * 100.0);
        text += line;
    }
    std::snprintf(line, sizeof line, "loaded in %.2f s, at most %.0f MB of memory\n",
                  report["load_seconds"].get<double>(),
                  report["peak_rss_bytes"].get<double>() / 1e6);
    return text + line;
}

Result<ExitStatus> bench(Context& context) {
    const auto begin = Clock::now();
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    const double loadSeconds = std::chrono::duration<double>(Clock::now() - begin).count();
    Bench bench(context, model);
    Json results = Json::array();
    const auto threadCounts = context.options.integersOr("threads", {physical_core_count()});
    for (const auto n : threadCounts) {
        const auto threads = static_cast<int>(n);
        const std::vector<Case> cases = casesOf(context.options, threads);
        ASSIGN_OR_RETURN(const Json rows, bench.run(cases, threads, contextFor(cases),
                                                    context.options.integerOr("repetitions", 5)));
        results.insert(results.end(), rows.begin(), rows.end());
    }
    const std::uint64_t peakBytes = peakResidentBytes();
    const auto lastThreads = static_cast<int>(threadCounts.back());
    const Json machine = bench.card() ? cardJson(bench, *bench.card(), results)
                                      : processorJson(context, bench, lastThreads, results);
    const Json report = {{"machine", machine},
                         {"model",
                          {{"name", model->name()},
                           {"file_bytes", model->file().file_size_bytes()},
                           {"weight_bytes_per_token", bench.cost().weightBytes},
                           {"operations_per_prompt_token", bench.cost().operations}}},
                         {"results", std::move(results)},
                         {"load_seconds", loadSeconds},
                         {"peak_rss_bytes", peakBytes}};
    if (context.isJson()) {
        context.writeJson(report);
    } else {
        context.terminal.write(rateTable(report));
    }
    return ExitStatus::Done;
}

}  // namespace

Command benchCommand() {
    return {
        "bench",
        "",
        0,
        "How fast this machine reads prompts and generates",
        "Each value may be a list. The machine's memory bandwidth and arithmetic peak are measured "
        "in the same\n"
        "run with the same threads, or on the card that computes; share_of_limit says how near the "
        "engine comes:\n"
        "for generating, tokens/s × bytes a token moves ÷ bandwidth; for prompts, tokens/s × "
        "operations a token\n"
        "takes ÷ peak (8-bit where most weights are quantised, else f32, on a card f16). "
        "`machine` holds the\n"
        "figures of the last thread count, or of the card.",
        joined(
            {fileOptions(),
             {{"prompt", 'p', OptionKind::IntegerList, "N",
               "tokens to read at once (default 512; 0: none)", 0, 1 << 20},
              {"generate", 'n', OptionKind::IntegerList, "N",
               "tokens to generate (default 128; 0: none)", 0, 1 << 20},
              {"depth", 'd', OptionKind::IntegerList, "N",
               "tokens that are there before (default 0)", 0, 1 << 20},
              {"threads", 't', OptionKind::IntegerList, "N", "threads (default: physical cores)", 1,
               1024},
              {"repetitions", 'r', OptionKind::Integer, "N",
               "measured runs after one to warm up (default 5)", 1, 10000},
              {"device", 0, OptionKind::Text, "cpu|cuda:N|auto", "where to compute (default auto)"},
              {"exact", 0, OptionKind::Flag, "", "dequantised weights times f32 activations"}}}),
        bench};
}

}  // namespace lares::cli
