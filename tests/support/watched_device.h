#pragma once

#include "engine/backend/cuda/device.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace lares::test {

/// A device that counts what another one is asked to do, and fails where a test wants it to: the
/// same for kernels/simt and for a card.
class WatchedDevice final : public cuda::Device {
public:
    explicit WatchedDevice(std::unique_ptr<cuda::Device> device);

    [[nodiscard]] const cuda::DeviceInfo& info() const override { return m_info; }
    [[nodiscard]] Result<std::size_t> free_bytes() const override;
    [[nodiscard]] Result<void*> allocate(std::size_t bytes) override;
    void release(void* memory) override;
    [[nodiscard]] Result<void*> allocate_host(std::size_t bytes) override;
    void release_host(void* memory) override;
    void upload(void* to, const void* from, std::size_t bytes) override;
    [[nodiscard]] Result<void> download(void* to, const void* from, std::size_t bytes) override;
    void copy(void* to, const void* from, std::size_t bytes) override;
    void zero(void* to, std::size_t bytes) override;
    void launch(const kernels::Launch& launch) override;
    [[nodiscard]] Result<void> wait() override;
    void mark() override;
    [[nodiscard]] Result<void> wait_for_mark() override;
    void begin_capture() override;
    [[nodiscard]] Result<std::unique_ptr<cuda::Graph>> end_capture() override;
    void replay(const cuda::Graph& graph) override;
    bool start_library() override { return m_device->start_library(); }
    [[nodiscard]] bool try_multiply(const cuda::DenseProduct& product) override;
    [[nodiscard]] std::string library_text() const override { return m_device->library_text(); }

    /// From the n-th kernel on, counted from now, everything fails, as on a card that was lost.
    void fail_at_launch(int n) { m_launches_until_failure = n; }
    /// What all allocations may have together.
    void limit_memory(std::size_t bytes) { m_info.total_bytes = bytes; }

    /// Of the card's memory, as it was asked for, and of page-locked memory.
    [[nodiscard]] std::size_t allocated_bytes() const { return m_allocated_bytes; }
    [[nodiscard]] std::size_t allocated_host_bytes() const { return m_allocated_host_bytes; }

    /// What was done since the start.
    struct Work {
        std::size_t n_kernel = 0;
        std::size_t n_replay = 0;
        std::size_t n_replay_at_wait = 0;  ///< n_replay when the host last waited for a mark
        std::size_t n_wait = 0;            ///< downloads and marks included
        std::size_t uploaded_bytes = 0;
        std::size_t downloaded_bytes = 0;
    };
    [[nodiscard]] const Work& work() const { return m_work; }

private:
    [[nodiscard]] Result<void> take(std::size_t bytes) const;
    /// Counts kernels that are about to run; false where they must not.
    [[nodiscard]] bool count(std::size_t n_kernel);

    std::unique_ptr<cuda::Device> m_device;
    cuda::DeviceInfo m_info;
    std::map<void*, std::size_t> m_sizes;  // of allocations
    std::size_t m_allocated_bytes = 0;
    std::size_t m_allocated_host_bytes = 0;
    Work m_work;
    bool m_is_capturing = false;
    std::optional<int> m_launches_until_failure;
    std::optional<Error> m_error;
    std::optional<Error> m_error_at_mark;
};

}  // namespace lares::test
