#include "app/cli/command.h"
#include "app/cli/model_loading.h"
#include "engine/base/json.h"
#include "engine/base/path_text.h"

#include <map>

namespace lares::cli {
namespace {

Json layersJson(const HParams& hparams) {
    Json layers = Json::array();
    for (const LayerKind kind : hparams.layers) layers.push_back({{"kind", to_string(kind)}});
    return layers;
}

Json hparamsJson(const HParams& h) {
    return {{"n_layer", h.n_layer()},
            {"d_model", h.d_model},
            {"n_vocab", h.n_vocab},
            {"n_ctx_train", h.n_ctx_train},
            {"norm_eps", h.norm_eps},
            {"d_ff", h.d_ff},
            {"n_head", h.n_head},
            {"n_kv_head", h.n_kv_head},
            {"head_dim", h.head_dim},
            {"n_ssm_head", h.n_ssm_head},
            {"ssm_head_dim", h.ssm_head_dim},
            {"d_state", h.d_state},
            {"n_group", h.n_group},
            {"d_conv", h.d_conv}};
}

Json optionalId(std::optional<TokenId> id) {
    return id ? Json(*id) : Json(nullptr);
}

Json tokenizerJson(const BpeTokenizer& tokenizer) {
    const auto stop = tokenizer.stop_ids();
    return {
        {"n_vocab", tokenizer.n_vocab()},
        {"n_merges", tokenizer.n_merges()},
        {"pre_tokenizer", tokenizer.pre_tokenizer() == PreTokenizer::Tekken ? "tekken" : "llama3"},
        {"bos_id", optionalId(tokenizer.bos_id())},
        {"eos_id", optionalId(tokenizer.eos_id())},
        {"add_bos", tokenizer.add_bos()},
        {"stop_ids", std::vector<TokenId>(stop.begin(), stop.end())}};
}

/// What a conversation needs on the CPU; `plan` knows cards, too.
Json memoryJson(const HParams& h, std::uint64_t weightBytes, int n_ctx) {
    SessionOptions options;
    options.n_ctx = n_ctx;
    const MemoryPlan plan = memory_plan(h, weightBytes, options);
    options.n_ctx = 1024;
    return {{"n_ctx", n_ctx},
            {"weights_bytes", plan.weights},
            {"state_bytes", plan.state},
            {"kv_bytes", plan.kv},
            {"kv_bytes_per_1024_tokens", memory_plan(h, 0, options).kv},
            {"work_bytes", plan.work},
            {"total_bytes", plan.total()}};
}

struct TensorTotals {
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0;
    Json types = Json::object();      // how many tensors
    Json typeBytes = Json::object();  // and what they take
};

TensorTotals countTensors(const ModelFile& file) {
    TensorTotals totals;
    std::map<std::string, int> types;
    std::map<std::string, std::uint64_t> bytes;
    for (const FileTensor& tensor : file.tensors()) {
        totals.parameters += static_cast<std::uint64_t>(tensor.view.rows() * tensor.view.cols());
        totals.bytes += tensor.view.size_bytes();
        const std::string type(to_string(tensor.view.dtype));
        ++types[type];
        bytes[type] += tensor.view.size_bytes();
    }
    for (const auto& [type, count] : types) totals.types[type] = count;
    for (const auto& [type, size] : bytes) totals.typeBytes[type] = size;
    return totals;
}

Json chatFormatJson(const ModelFile& file) {
    const std::string text = file.chat_template();
    if (text.empty()) return nullptr;
    const auto known = recognise_template(text);
    return known ? Json(to_string(known->format)) : Json("unknown");
}

Result<Json> inspectionOf(const ModelFile& file, int n_ctx) {
    const TensorTotals totals = countTensors(file);
    Json report = {{"architecture", file.architecture()},
                   {"format", file.format()},
                   {"parameters", totals.parameters},
                   {"file_bytes", file.file_size_bytes()},
                   {"layers", Json::array()},
                   {"tensor_types", totals.types},
                   {"tensor_bytes", totals.typeBytes},
                   {"hparams", nullptr},
                   {"tokenizer", nullptr},
                   {"chat_format", chatFormatJson(file)},
                   {"memory", nullptr}};
    Result<HParams> hparams = file.hparams();
    if (hparams) {
        report["layers"] = layersJson(*hparams);
        report["hparams"] = hparamsJson(*hparams);
        report["memory"] = memoryJson(*hparams, totals.bytes, n_ctx);
    } else if (!file.tensors().empty()) {  // a vocabulary needs none
        return std::move(hparams).error();
    }
    ASSIGN_OR_RETURN(const BpeTokenizer tokenizer, file.tokenizer());
    report["tokenizer"] = tokenizerJson(tokenizer);
    return report;
}

/// The same facts for people.
std::string reportText(const Json& report, int indent = 0) {
    std::string text;
    for (const auto& [key, value] : report.items()) {
        if (key == "layers") {
            std::map<std::string, int> kinds;
            for (const Json& layer : value) ++kinds[layer["kind"].get<std::string>()];
            text += "layers: " + std::to_string(value.size());
            for (const auto& [kind, count] : kinds)
                text += ", " + std::to_string(count) + " " + kind;
            text += "\n";
            continue;
        }
        text += std::string(static_cast<std::size_t>(indent), ' ') + key + ":";
        if (value.is_object()) {
            text += "\n" + reportText(value, indent + 2);
        } else {
            text += " " + (value.is_string() ? value.get<std::string>() : json_text(value)) + "\n";
        }
    }
    return text;
}

Result<ExitStatus> inspect(Context& context) {
    const auto& files = context.options.positional();
    auto file = files.empty() ? openFile(context) : ModelFile::open(path_from_utf8(files[0]));
    if (!file) return std::move(file).error();
    ASSIGN_OR_RETURN(const Json report,
                     inspectionOf(**file, context.options.integerOr("ctx", 4096)));
    if (context.isJson()) {
        context.writeJson(report);
    } else {
        context.terminal.write(reportText(report));
    }
    return ExitStatus::Done;
}

}  // namespace

Command inspectCommand() {
    return {"inspect",
            "[FILE]",
            1,
            "What a model file holds, from its header alone",
            "Architecture, sizes, types of tensors, vocabulary, prompt format, and the memory that "
            "a conversation\n"
            "of --ctx tokens needs.",
            joined({fileOptions(),
                    {{"ctx", 'c', OptionKind::Integer, "N",
                      "tokens to plan the memory for (default 4096)", 1, 1 << 20}}}),
            inspect};
}

}  // namespace lares::cli
