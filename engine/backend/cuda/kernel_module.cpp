#include "engine/backend/cuda/kernel_module.h"

namespace lares::cuda {
namespace {

/// What every card gives to a block without being asked.
constexpr std::uint32_t kDefaultSharedBytes = 48 * 1024;

Error cannot_load(const DriverApi& api, const DeviceInfo& info, driver::Status status) {
    const std::string capability =
        std::to_string(info.compute_major) + "." + std::to_string(info.compute_minor);
    switch (status) {
        case driver::kNoBinaryForGpu:
        case driver::kJitCompilerNotFound:
            return {ErrorCode::Unsupported, "this program has no kernels for " + info.name +
                                                " (compute capability " + capability +
                                                "); a newer version of the program may have them"};
        // A driver does not read what a compiler of a later CUDA made.
        case driver::kInvalidImage:
        case driver::kInvalidPtx:
        case driver::kUnsupportedPtxVersion:
            return {ErrorCode::Unsupported,
                    "the NVIDIA driver (CUDA " + version_text(api.version) +
                        ") cannot read this program's kernels, which a later CUDA made: " +
                        describe(api, status) + "; install a newer driver"};
        case driver::kOutOfMemory:
            return {ErrorCode::OutOfMemory, "the memory of " + info.name +
                                                " is too full for the kernels; close other "
                                                "programs that use it"};
        default:
            return {ErrorCode::DeviceFailed, "the kernels cannot be loaded on " + info.name + ": " +
                                                 describe(api, status) + "; restart the computer"};
    }
}

}  // namespace

Result<std::unique_ptr<KernelModule>> KernelModule::load(const DriverApi& api,
                                                         const DeviceInfo& info,
                                                         std::span<const std::byte> fat_binary) {
    if (fat_binary.empty())
        return Error{ErrorCode::Unsupported,
                     "this program was built without kernels for graphics cards"};
    std::unique_ptr<KernelModule> module(new KernelModule(api));
    const driver::Status status = api.ModuleLoadData(&module->m_module, fat_binary.data());
    if (status != driver::kSuccess) {
        module->m_module = nullptr;
        return cannot_load(api, info, status);
    }
    return module;
}

KernelModule::~KernelModule() {
    if (m_module) m_api.ModuleUnload(m_module);
}

Result<const KernelModule::Kernel*> KernelModule::kernel(std::string_view name,
                                                         std::uint32_t shared_bytes) {
    ASSIGN_OR_RETURN(Kernel* const kernel, find(name));
    const bool is_default =
        static_cast<std::uint32_t>(kernel->static_shared_bytes) + shared_bytes <=
        kDefaultSharedBytes;
    if (is_default || shared_bytes <= static_cast<std::uint32_t>(kernel->dynamic_shared_bytes))
        return kernel;
    const auto wanted = static_cast<int>(shared_bytes);
    const driver::Status status =
        m_api.FuncSetAttribute(kernel->function, driver::kMaxDynamicSharedSizeBytes, wanted);
    if (status != driver::kSuccess) {
        Error error = failure(name, "cuFuncSetAttribute", status);
        error.message += ", for " + std::to_string(wanted) + " bytes of shared memory";
        return error;
    }
    kernel->dynamic_shared_bytes = wanted;
    return kernel;
}

Result<KernelModule::Kernel*> KernelModule::find(std::string_view name) {
    if (const auto known = m_kernels.find(name); known != m_kernels.end()) return &known->second;
    Kernel kernel{std::string(name)};
    driver::Status status =
        m_api.ModuleGetFunction(&kernel.function, m_module, kernel.name.c_str());
    if (status == driver::kNotFound)
        return Error{ErrorCode::DeviceFailed,
                     "this program has no kernel `" + kernel.name + "` for the card"};
    if (status != driver::kSuccess) return failure(name, "cuModuleGetFunction", status);
    status = m_api.FuncGetAttribute(&kernel.static_shared_bytes, driver::kSharedSizeBytes,
                                    kernel.function);
    if (status == driver::kSuccess)
        status =
            m_api.FuncGetAttribute(&kernel.compute_version, driver::kPtxVersion, kernel.function);
    if (status != driver::kSuccess) return failure(name, "cuFuncGetAttribute", status);
    return &m_kernels.emplace(kernel.name, kernel).first->second;
}

Error KernelModule::failure(std::string_view kernel,
                            const char* call,
                            driver::Status status) const {
    return {ErrorCode::DeviceFailed, "the kernel `" + std::string(kernel) + "` cannot be used: " +
                                         describe(m_api, status) + " at " + call};
}

}  // namespace lares::cuda
