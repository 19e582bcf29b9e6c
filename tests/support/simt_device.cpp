#include "tests/support/simt_device.h"

#include "kernels/simt/simt.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace lares::test {
namespace {

struct SimtGraph final : cuda::Graph {
    std::vector<kernels::Launch> launches;
    [[nodiscard]] std::size_t n_kernel() const override { return launches.size(); }
};

}  // namespace

void SimtDevice::fail(std::string message) {
    if (!m_error) m_error = Error{ErrorCode::DeviceFailed, std::move(message)};
}

Result<std::size_t> SimtDevice::free_bytes() const {
    return m_info.total_bytes - m_allocated_bytes;
}

Result<void*> SimtDevice::allocate(std::size_t bytes) {
    if (m_error) return *m_error;
    if (bytes > m_info.total_bytes - m_allocated_bytes)
        return Error{ErrorCode::OutOfMemory, "the simulated card is full"};
    m_allocated_bytes += bytes;
    return static_cast<void*>(m_memory.emplace_back("device memory", bytes).data());
}

void SimtDevice::release(void* memory) {
    const auto at = std::ranges::find(m_memory, memory, &simt::GlobalMemory::data);
    if (at == m_memory.end()) return;
    m_allocated_bytes -= at->bytes();
    m_memory.erase(at);
}

Result<void*> SimtDevice::allocate_host(std::size_t bytes) {
    return allocate(bytes);
}

void SimtDevice::upload(void* to, const void* from, std::size_t bytes) {
    copy(to, from, bytes);
}

Result<void> SimtDevice::download(void* to, const void* from, std::size_t bytes) {
    RETURN_IF_ERROR(wait());
    if (bytes != 0) std::memcpy(to, from, bytes);
    return {};
}

void SimtDevice::copy(void* to, const void* from, std::size_t bytes) {
    if (m_captured) return fail("a copy was recorded");
    if (!m_error && bytes != 0) std::memcpy(to, from, bytes);
}

void SimtDevice::zero(void* to, std::size_t bytes) {
    if (m_captured) return fail("a memset was recorded");
    if (!m_error && bytes != 0) std::memset(to, 0, bytes);
}

void SimtDevice::launch(const kernels::Launch& launch) {
    if (m_error) return;
    if (!launch.kernel) return fail("a launch without a kernel");
    if (m_captured) {
        m_captured->push_back(launch);
        return;
    }
    if (const auto error = simt::run(launch)) fail(*error);
}

Result<void> SimtDevice::wait() {
    if (m_error) return *m_error;
    return {};
}

void SimtDevice::begin_capture() {
    m_captured.emplace();
}

Result<std::unique_ptr<cuda::Graph>> SimtDevice::end_capture() {
    auto graph = std::make_unique<SimtGraph>();
    graph->launches = std::move(m_captured).value_or(std::vector<kernels::Launch>());
    m_captured.reset();
    RETURN_IF_ERROR(wait());
    return std::unique_ptr<cuda::Graph>(std::move(graph));
}

void SimtDevice::replay(const cuda::Graph& graph) {
    for (const kernels::Launch& one : static_cast<const SimtGraph&>(graph).launches) launch(one);
}

}  // namespace lares::test
