#include "tests/kernels/launch_mirror.h"

#include "engine/backend/cuda/device_memory.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace lares::test {
namespace {

using simt::GlobalMemory;

/// A buffer with its redzones, here and on the device.
struct Mirror {
    std::byte* host;
    std::size_t bytes;
    cuda::DeviceMemory device;
};

Result<std::vector<Mirror>> upload(const std::shared_ptr<cuda::Device>& device,
                                   const std::vector<GlobalMemory*>& buffers) {
    std::vector<Mirror> mirrors;
    for (const GlobalMemory* buffer : buffers) {
        Mirror mirror{buffer->data() - GlobalMemory::kRedzone,
                      buffer->bytes() + 2 * GlobalMemory::kRedzone,
                      {}};
        ASSIGN_OR_RETURN(mirror.device, cuda::DeviceMemory::make(device, mirror.bytes));
        device->upload(mirror.device.data(), mirror.host, mirror.bytes);
        mirrors.push_back(std::move(mirror));
    }
    RETURN_IF_ERROR(device->wait());
    return mirrors;
}

/// Two numbers side by side could look like an address too; with 47 bits of it that does not happen
/// by chance.
kernels::Launch translated(kernels::Launch launch, const std::vector<Mirror>& mirrors) {
    for (std::size_t at = 0; at + sizeof(std::uintptr_t) <= launch.params_bytes;
         at += sizeof(std::uintptr_t)) {
        std::uintptr_t word = 0;
        std::memcpy(&word, launch.params + at, sizeof word);
        for (const Mirror& mirror : mirrors) {
            const std::uintptr_t offset = word - reinterpret_cast<std::uintptr_t>(mirror.host);
            if (offset >= mirror.bytes) continue;
            word = reinterpret_cast<std::uintptr_t>(mirror.device.data()) + offset;
            std::memcpy(launch.params + at, &word, sizeof word);
            break;
        }
    }
    return launch;
}

}  // namespace

std::string run_mirrored(cuda::Device& on,
                         const kernels::Launch& launch,
                         std::span<GlobalMemory* const> given) {
    // A copy: a simulated device's memory joins the registered buffers when it is allocated.
    const std::vector<GlobalMemory*> buffers(given.begin(), given.end());
    // Borrowed: the mirrors are gone when this returns.
    const std::shared_ptr<cuda::Device> device(&on, [](cuda::Device*) {});
    const auto mirrors = upload(device, buffers);
    if (!mirrors) return mirrors.error().message;
    // Not the redzones, which a simulated device looks at too.
    for (const GlobalMemory* buffer : buffers) std::memset(buffer->data(), 0xA5, buffer->bytes());
    device->launch(translated(launch, *mirrors));
    for (const Mirror& mirror : *mirrors)
        if (const auto done = device->download(mirror.host, mirror.device.data(), mirror.bytes);
            !done)
            return done.error().message;
    if (const char* name = simt::damaged_buffer_or_null())
        return std::string("`") + launch.kernel + "` wrote around the buffer `" + name + "` on " +
               device->info().name;
    return {};
}

}  // namespace lares::test
