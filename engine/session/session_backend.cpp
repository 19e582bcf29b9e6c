#include "engine/session/session_backend.h"

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/cpu/packed_weights.h"
#include "engine/backend/cuda/cuda_backend.h"
#include "engine/backend/cuda/megabytes.h"
#include "engine/backend/cuda/vram_plan.h"
#include "engine/base/system_memory.h"
#include "engine/session/backend_options.h"
#include "engine/session/device_provider.h"
#include "engine/session/memory_plan.h"

#include <new>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace lares {
namespace {

class MachineDevices final : public DeviceProvider {
public:
    Result<cuda::DeviceChoice> choose(const cuda::DeviceRequest& request,
                                      std::size_t needed_bytes) const override {
        return cuda::choose_device(request, {.needed_bytes = needed_bytes});
    }
};

using CudaWeightsPtr = std::shared_ptr<const cuda::CudaWeights>;
using PackedWeightsPtr = std::shared_ptr<const cpu::PackedWeights>;

/// Weights where a session wants them; a null PackedWeights is Precision::Exact, which reads the
/// file's own bytes.
struct PlacedWeights {
    std::variant<PackedWeightsPtr, CudaWeightsPtr> weights;
    std::string notice;
};

/// Whether a full context fits into what the system has free, or what the caller allows.
Result<void> check_memory(const HParams& hparams, const SessionOptions& options) {
    const auto limit =
        options.memory_limit_bytes ? options.memory_limit_bytes : available_memory_bytes();
    const std::size_t needed = memory_plan(hparams, 0, options).session();
    if (!limit || needed <= *limit) return {};
    const int fitting = longest_context(hparams, options, *limit);
    return Error{
        ErrorCode::OutOfMemory,
        "a context of " + std::to_string(options.n_ctx) + " tokens needs " +
            cuda::megabytes_needed(needed) + " beside the model, " + cuda::megabytes_free(*limit) +
            " are free; " +
            (fitting > 0 ? "a context of " + std::to_string(fitting) + " tokens would fit"
                         : "even the shortest context does not fit: close other programs")};
}

/// What keeps these options off every card; nothing if nothing does.
std::optional<std::string> objection_to(const SessionOptions& options) {
    if (options.precision == Precision::Exact) return "exact arithmetic is the processor's";
    if (options.input_observer) return "inputs of matrices are watched on the processor";
    const KvType type = *options.kv_type;
    if (type != KvType::F16 && type != KvType::Fp8)
        return "a card keeps keys and values as f16 or fp8, not as " + std::string(to_string(type));
    return std::nullopt;
}

/// The card that the weights are on or could be on; null with a sentence: the CPU.
Result<cuda::DeviceChoice> choose_card(const Model& model, const SessionOptions& options) {
    using Kind = cuda::DeviceRequest::Kind;
    ASSIGN_OR_RETURN(const cuda::DeviceRequest request, cuda::parse_device_request(options.device));
    if (request.kind == Kind::Cpu) return cuda::DeviceChoice{};
    std::optional<Error> objection;
    if (const auto sentence = objection_to(options))
        objection = Error{ErrorCode::InvalidArgument, *sentence};
    else if (const auto known = cuda::CudaWeights::check(model.hparams()); !known)
        objection = known.error();
    if (objection) {
        if (request.kind == Kind::Cuda) return *objection;
        return cuda::DeviceChoice{nullptr, objection->message};
    }
    const DeviceProvider& provider =
        options.device_provider ? *options.device_provider : machine_devices();
    const cuda::VramOptions needed{
        .n_ctx = options.n_ctx,
        .kv_type = *options.kv_type == KvType::Fp8 ? cuda::CardKvType::FP8 : cuda::CardKvType::F16,
        .prefill_batch = options.prefill_batch};
    return provider.choose(request,
                           cuda::vram_plan(model.hparams(), model.weights(), needed).total());
}

Result<PlacedWeights> place_on_cpu(const Model& model,
                                   const SessionOptions& options,
                                   std::string notice,
                                   const std::stop_token& stop,
                                   const Session::LoadProgress& progress) {
    if (*options.kv_type == KvType::Fp8)
        return Error{ErrorCode::InvalidArgument,
                     "the processor keeps keys and values as f16, f32 or int8, not as fp8" +
                         (notice.empty() ? notice : " (" + notice + ")")};
    if (options.precision == Precision::Exact) return PlacedWeights{PackedWeightsPtr(), notice};
    try {
        ASSIGN_OR_RETURN(PackedWeightsPtr packed,
                         cpu::PackedWeights::of(model, options.n_threads,
                                                options.memory_limit_bytes, stop, progress));
        return PlacedWeights{std::move(packed), std::move(notice)};
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory,
                     "not enough memory for the weights; close other programs or take a smaller "
                     "model"};
    }
}

Result<PlacedWeights> place_weights(const Model& model,
                                    const SessionOptions& options,
                                    const std::stop_token& stop,
                                    const Session::LoadProgress& progress) {
    if (options.device == "cpu") return place_on_cpu(model, options, {}, stop, progress);
    // Where the model's weights are, its next session goes.
    BackendWeightsSlot& slot = model.backend_weights();
    if (auto kept = slot.kept_or_null<cuda::CudaWeights>(); kept && !objection_to(options)) {
        ASSIGN_OR_RETURN(const auto request, cuda::parse_device_request(options.device));
        const int ordinal = kept->device()->info().ordinal;
        if (request.ordinal.value_or(ordinal) != ordinal)
            return Error{ErrorCode::InvalidArgument,
                         model.name() + " is on cuda:" + std::to_string(ordinal) + ", not on " +
                             options.device + "; close its other conversations first"};
        return PlacedWeights{std::move(kept), {}};
    }
    if (options.device == "auto" && slot.kept_or_null<cpu::PackedWeights>())
        return place_on_cpu(model, options, slot.note(), stop, progress);

    ASSIGN_OR_RETURN(cuda::DeviceChoice choice, choose_card(model, options));
    if (choice.device) {
        auto on_card = cuda::CudaWeights::of(model, std::move(choice.device), options.n_threads,
                                             stop, progress);
        if (on_card) return PlacedWeights{std::move(*on_card), {}};
        if (options.device != "auto" || on_card.error().code == ErrorCode::Cancelled)
            return on_card.error();
        choice.why_cpu = on_card.error().message;
    }
    ASSIGN_OR_RETURN(PlacedWeights placed,
                     place_on_cpu(model, options, choice.why_cpu, stop, progress));
    slot.set_note(placed.notice);
    return placed;
}

}  // namespace

const DeviceProvider& machine_devices() {
    static const MachineDevices kDevices;
    return kDevices;
}

Result<void> prepare_weights(const Model& model,
                             const SessionOptions& options,
                             const std::stop_token& stop,
                             const Session::LoadProgress& progress) {
    ASSIGN_OR_RETURN(const PlacedWeights placed, place_weights(model, options, stop, progress));
    static_cast<void>(placed);
    return {};
}

Result<SessionBackend> make_backend(const Model& model, const SessionOptions& options) {
    const HParams& hparams = model.hparams();
    if (options.device == "cpu") RETURN_IF_ERROR(check_memory(hparams, options));
    ASSIGN_OR_RETURN(PlacedWeights placed, place_weights(model, options, {}, {}));
    if (const auto* weights = std::get_if<CudaWeightsPtr>(&placed.weights)) {
        auto backend = cuda::CudaBackend::make(hparams, *weights, cuda_options_of(options));
        if (backend) {
            MemoryPlan memory = (*backend)->memory_plan();
            memory.weights = (*weights)->size_bytes();
            return SessionBackend{std::move(*backend),
                                  (*weights)->device()->info().name,
                                  memory,
                                  {},
                                  (*weights)->device()};
        }
        if (options.device != "auto") return backend.error();
        // The processor, then: also for the sessions after this one.
        placed.weights = PackedWeightsPtr();
        model.backend_weights().forget();
        ASSIGN_OR_RETURN(placed, place_on_cpu(model, options, backend.error().message, {}, {}));
        model.backend_weights().set_note(placed.notice);
    }
    if (options.device != "cpu") RETURN_IF_ERROR(check_memory(hparams, options));
    return SessionBackend{
        std::make_unique<cpu::CpuBackend>(hparams, model.weights(),
                                          std::get<PackedWeightsPtr>(std::move(placed.weights)),
                                          cpu::kernels(), cpu_options_of(options)),
        "cpu", std::nullopt, std::move(placed.notice), nullptr};
}

}  // namespace lares
