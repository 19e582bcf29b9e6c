#include "app/cli/model_loading.h"

#include "app/cli/resources.h"
#include "engine/base/path_text.h"

namespace lares::cli {
namespace {

Result<void> checkKvType(const Options& options) {
    const auto name = options.text("kv-type");
    if (!name || kv_type_from_name(*name)) return {};
    return Error{ErrorCode::InvalidArgument,
                 "--kv-type is f16, f32, int8 or fp8, not '" + *name + "'"};
}

}  // namespace

std::vector<OptionSpec> fileOptions() {
    return {{"model", 'm', OptionKind::Text, "PATH",
             "a GGUF file or a safetensors folder; without it the bundled Lares Mini"}};
}

std::vector<OptionSpec> modelOptions() {
    return {
        {"model", 'm', OptionKind::Text, "PATH",
         "a GGUF file or a safetensors folder; without it the bundled Lares Mini"},
        {"threads", 't', OptionKind::Integer, "N", "threads; without it one for each physical core",
         1, 1024},
        {"device", 0, OptionKind::Text, "cpu|cuda:N|auto",
         "where to compute (default auto: a graphics card where one takes the model)"},
        {"ctx", 'c', OptionKind::Integer, "N", "tokens the conversation may have (default 4096)", 1,
         1 << 20},
        {"exact", 0, OptionKind::Flag, "",
         "dequantised weights times f32 activations: slow, for comparing engines"},
        {"kv-type", 0, OptionKind::Text, "f16|f32|int8|fp8",
         "how keys and values are kept (default f16; with --exact f32; fp8: on a card)"},
    };
}

Result<std::filesystem::path> modelPath(const Options& options) {
    if (const auto path = options.text("model")) return path_from_utf8(*path);
    ASSIGN_OR_RETURN(const std::filesystem::path folder, resourceFolder());
    const std::filesystem::path bundled = folder / "mini_model" / "lares-mini.gguf";
    std::error_code error;
    if (std::filesystem::exists(bundled, error)) return bundled;
    return Error{ErrorCode::NotFound, "the bundled Lares Mini is missing (" +
                                          utf8_from_path(bundled) + "); name a model with --model"};
}

Result<std::shared_ptr<const ModelFile>> openFile(const Context& context) {
    ASSIGN_OR_RETURN(const std::filesystem::path path, modelPath(context.options));
    return ModelFile::open(path);
}

Result<std::shared_ptr<const Model>> loadModel(Context& context) {
    ASSIGN_OR_RETURN(const std::filesystem::path path, modelPath(context.options));
    return loadModel(context, path);
}

Result<std::shared_ptr<const Model>> loadModel(Context& context,
                                               const std::filesystem::path& path) {
    RETURN_IF_ERROR(checkKvType(context.options));
    ASSIGN_OR_RETURN(auto model, Model::load(path));
    const auto prepared = Session::prepare(
        *model, sessionOptions(context.options), context.interrupt.token(),
        [&](float share) { context.terminal.showProgress("Reading the model", share); });
    context.terminal.clearProgress();
    RETURN_IF_ERROR(prepared);
    return model;
}

SessionOptions sessionOptions(const Options& options) {
    SessionOptions session;
    session.device = options.text("device").value_or("auto");
    session.n_threads = options.integerOr("threads", session.n_threads);
    session.n_ctx = options.integerOr("ctx", session.n_ctx);
    if (options.has("exact")) session.precision = Precision::Exact;
    if (const auto name = options.text("kv-type")) session.kv_type = kv_type_from_name(*name);
    return session;
}

Result<Engine> loadEngine(Context& context) {
    ASSIGN_OR_RETURN(auto model, loadModel(context));
    if (!model->template_notice().empty()) context.terminal.note(model->template_notice());
    Engine::Options options;
    options.session = sessionOptions(context.options);
    return Engine::create(std::move(model), options);
}

}  // namespace lares::cli
