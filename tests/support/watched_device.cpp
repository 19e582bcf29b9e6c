#include "tests/support/watched_device.h"

#include <utility>

namespace lares::test {

WatchedDevice::WatchedDevice(std::unique_ptr<cuda::Device> device)
    : m_device(std::move(device)), m_info(m_device->info()) {}

Result<void> WatchedDevice::take(std::size_t bytes) const {
    if (m_error) return *m_error;
    if (m_allocated_bytes <= m_info.total_bytes && bytes <= m_info.total_bytes - m_allocated_bytes)
        return {};
    return Error{ErrorCode::OutOfMemory, "the watched card is full"};
}

bool WatchedDevice::count(std::size_t n_kernel) {
    if (m_error) return false;
    m_work.n_kernel += n_kernel;
    if (!m_launches_until_failure) return true;
    *m_launches_until_failure -= static_cast<int>(n_kernel);
    if (*m_launches_until_failure > 0) return true;
    m_error = Error{ErrorCode::DeviceFailed, "the watched card was lost"};
    return false;
}

Result<std::size_t> WatchedDevice::free_bytes() const {
    if (m_error) return *m_error;
    return m_info.total_bytes - m_allocated_bytes;
}

Result<void*> WatchedDevice::allocate(std::size_t bytes) {
    RETURN_IF_ERROR(take(bytes));
    ASSIGN_OR_RETURN(void* const memory, m_device->allocate(bytes));
    m_allocated_bytes += m_sizes[memory] = bytes;
    return memory;
}

void WatchedDevice::release(void* memory) {
    if (const auto node = m_sizes.extract(memory)) m_allocated_bytes -= node.mapped();
    m_device->release(memory);
}

Result<void*> WatchedDevice::allocate_host(std::size_t bytes) {
    if (m_error) return *m_error;
    ASSIGN_OR_RETURN(void* const memory, m_device->allocate_host(bytes));
    m_allocated_host_bytes += m_sizes[memory] = bytes;
    return memory;
}

void WatchedDevice::release_host(void* memory) {
    if (const auto node = m_sizes.extract(memory)) m_allocated_host_bytes -= node.mapped();
    m_device->release_host(memory);
}

void WatchedDevice::upload(void* to, const void* from, std::size_t bytes) {
    m_work.uploaded_bytes += bytes;
    if (!m_error) m_device->upload(to, from, bytes);
}

Result<void> WatchedDevice::download(void* to, const void* from, std::size_t bytes) {
    ++m_work.n_wait;
    m_work.downloaded_bytes += bytes;
    if (m_error) return *m_error;
    return m_device->download(to, from, bytes);
}

void WatchedDevice::copy(void* to, const void* from, std::size_t bytes) {
    if (!m_error) m_device->copy(to, from, bytes);
}

void WatchedDevice::zero(void* to, std::size_t bytes) {
    if (!m_error) m_device->zero(to, bytes);
}

void WatchedDevice::launch(const kernels::Launch& launch) {
    if (m_is_capturing || count(1)) m_device->launch(launch);
}

Result<void> WatchedDevice::wait() {
    ++m_work.n_wait;
    if (m_error) return *m_error;
    return m_device->wait();
}

void WatchedDevice::mark() {
    m_error_at_mark = m_error;
    if (!m_error) m_device->mark();
}

/// The latest that a card would tell of a failure: what came after the mark is not known yet.
Result<void> WatchedDevice::wait_for_mark() {
    ++m_work.n_wait;
    m_work.n_replay_at_wait = m_work.n_replay;
    if (m_error_at_mark) return *m_error_at_mark;
    return m_device->wait_for_mark();
}

void WatchedDevice::begin_capture() {
    m_is_capturing = true;
    m_device->begin_capture();
}

Result<std::unique_ptr<cuda::Graph>> WatchedDevice::end_capture() {
    m_is_capturing = false;
    auto graph = m_device->end_capture();
    if (m_error) return *m_error;
    return graph;
}

void WatchedDevice::replay(const cuda::Graph& graph) {
    ++m_work.n_replay;
    if (count(graph.n_kernel())) m_device->replay(graph);
}

bool WatchedDevice::try_multiply(const cuda::DenseProduct& product) {
    return !m_error && m_device->try_multiply(product);
}

}  // namespace lares::test
