#pragma once

#include "engine/backend/cuda/device.h"
#include "kernels/simt/global_buffer.h"

#include <list>
#include <optional>
#include <string>
#include <vector>

namespace lares::test {

/// A device whose kernels run in kernels/simt, at once and on the calling thread, with all of its
/// checks: the CUDA backend on a machine without a card. What tests want to count or to fail is
/// watched_device.h's.
class SimtDevice final : public cuda::Device {
public:
    [[nodiscard]] const cuda::DeviceInfo& info() const override { return m_info; }
    [[nodiscard]] Result<std::size_t> free_bytes() const override;
    [[nodiscard]] Result<void*> allocate(std::size_t bytes) override;
    void release(void* memory) override;
    [[nodiscard]] Result<void*> allocate_host(std::size_t bytes) override;
    void release_host(void* memory) override { release(memory); }
    void upload(void* to, const void* from, std::size_t bytes) override;
    [[nodiscard]] Result<void> download(void* to, const void* from, std::size_t bytes) override;
    void copy(void* to, const void* from, std::size_t bytes) override;
    void zero(void* to, std::size_t bytes) override;
    void launch(const kernels::Launch& launch) override;
    [[nodiscard]] Result<void> wait() override;
    void mark() override {}
    [[nodiscard]] Result<void> wait_for_mark() override { return wait(); }
    void begin_capture() override;
    [[nodiscard]] Result<std::unique_ptr<cuda::Graph>> end_capture() override;
    void replay(const cuda::Graph& graph) override;

private:
    void fail(std::string message);

    cuda::DeviceInfo m_info{"simulated", 9, 0, 8, std::size_t{1} << 40};
    std::list<simt::GlobalMemory> m_memory;
    std::size_t m_allocated_bytes = 0;
    std::optional<std::vector<kernels::Launch>> m_captured;
    std::optional<Error> m_error;
};

}  // namespace lares::test
