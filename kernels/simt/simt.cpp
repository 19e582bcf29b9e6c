#include "kernels/simt/simt.h"

#include "kernels/simt/block.h"
#include "kernels/simt/global_buffer.h"

#include <cstring>

namespace lares::simt {
namespace {

Registration* g_kernels = nullptr;

const Registration* find_or_null(const char* name) {
    for (const Registration* kernel = g_kernels; kernel; kernel = kernel->next)
        if (std::strcmp(kernel->name, name) == 0) return kernel;
    return nullptr;
}

std::string refusal(const kernels::Launch& launch, const Registration& kernel) {
    const std::string name = std::string("kernel ") + launch.kernel;
    if (launch.params_bytes != kernel.params_bytes)
        return name + ": the launch passes " + std::to_string(launch.params_bytes) +
               " bytes of parameters, the kernel takes " + std::to_string(kernel.params_bytes);
    const std::uint64_t n_thread = launch.block.count();
    if (n_thread == 0 || n_thread > static_cast<std::uint64_t>(kernel.max_threads))
        return name + ": blocks of " + std::to_string(n_thread) + " threads, its bound is " +
               std::to_string(kernel.max_threads);
    if (launch.grid.count() == 0 || launch.grid.y > 65535 || launch.grid.z > 65535)
        return name + ": no device takes this grid";
    return {};
}

}  // namespace

Registration::Registration(const char* kernel_name,
                           int threads,
                           std::size_t bytes,
                           Body kernel_body)
    : name(kernel_name)
    , max_threads(threads)
    , params_bytes(bytes)
    , body(kernel_body)
    , next(g_kernels) {
    g_kernels = this;
}

std::optional<std::string> run(const kernels::Launch& launch,
                               const Options& options,
                               Report* report_or_null) {
    if (!launch.kernel) return "a launch without a kernel";
    const Registration* kernel = find_or_null(launch.kernel);
    if (!kernel) return std::string("there is no kernel ") + launch.kernel;
    if (std::string why = refusal(launch, *kernel); !why.empty()) return why;

    Block block(launch, *kernel, options);
    const std::uint64_t n = launch.grid.count();
    for (std::uint64_t i = 0; i < n; ++i) {
        const std::uint64_t at = options.order == Order::Ascending ? i : n - 1 - i;
        const Uint3 index{static_cast<std::uint32_t>(at % launch.grid.x),
                          static_cast<std::uint32_t>(at / launch.grid.x % launch.grid.y),
                          static_cast<std::uint32_t>(at / launch.grid.x / launch.grid.y)};
        if (!block.run(index)) return block.error();
    }
    if (report_or_null) *report_or_null = block.report();
    if (const char* name = damaged_buffer_or_null())
        return std::string("kernel ") + launch.kernel + ": a write outside the global buffer `" +
               name + "`";
    return std::nullopt;
}

}  // namespace lares::simt
