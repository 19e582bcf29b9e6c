#include "tests/engine/backend/cuda/fake_driver.h"

#include "kernels/simt/simt.h"
#include "tests/engine/backend/cuda/fake_driver_state.h"

#include <QtGlobal>

#include <bit>
#include <iterator>
#include <utility>

namespace lares::test {

namespace driver = cuda::driver;

namespace {

int g_version = 0;

driver::Status get_version(int* version) {
    if (g_version == 0) return driver::kInvalidValue;
    *version = g_version;
    return driver::kSuccess;
}

bool holds(const Blocks& blocks, std::uintptr_t address, std::size_t bytes) {
    const auto after = blocks.upper_bound(address);
    if (after == blocks.begin()) return false;
    const auto& [start, memory] = *std::prev(after);
    return address - start <= memory->bytes() && bytes <= memory->bytes() - (address - start);
}

template <class T>
void add(std::string& text, const T& made, const char* what) {
    if (made.size() == 0) return;
    if (!text.empty()) text += ", ";
    text += std::to_string(made.size()) + " " + what;
}

}  // namespace

FakeDriver::FakeDriver(std::vector<FakeCard> cards) : m_state(std::make_unique<State>()) {
    m_state->cards = std::move(cards);
    for (int i = 0; i < static_cast<int>(m_state->cards.size()); ++i)
        m_state->contexts.push_back({i});
    set_version(m_state->version);
}

FakeDriver::~FakeDriver() {
    static_cast<void>(fake_functions(nullptr));
}

cuda::SymbolLookup FakeDriver::lookup() {
    return [this](const char* name) -> void* {
        if (m_state->hidden.contains(name)) return nullptr;
        if (std::string(name) == "cuDriverGetVersion") return std::bit_cast<void*>(&get_version);
        void* found = nullptr;
        const cuda::DriverApi functions = fake_functions(m_state.get());
        cuda::for_each_function(functions, [&](const char* symbol, const auto& function) {
            if (std::string(symbol) == name) found = std::bit_cast<void*>(function);
        });
        return found;
    };
}

cuda::DriverApi FakeDriver::api() {
    auto api = cuda::load_driver(lookup());
    if (!api) qFatal("%s", api.error().message.c_str());
    return *api;
}

void FakeDriver::hide(const std::string& symbol) {
    m_state->hidden.insert(symbol);
}

void FakeDriver::set_version(int version) {
    m_state->version = g_version = version;
}

void FakeDriver::fail(const std::string& symbol, driver::Status status, int nth) {
    m_state->failures[symbol] = {nth, status};
}

void FakeDriver::break_kernel(driver::Status status, int nth) {
    m_state->kernel_failure = {nth, status};
}

void FakeDriver::set_used_bytes(int ordinal, std::size_t bytes) {
    m_state->cards[static_cast<std::size_t>(ordinal)].used_bytes = bytes;
}
void FakeDriver::set_static_shared_bytes(int bytes) {
    m_state->static_shared_bytes = bytes;
}

int FakeDriver::n_call(const std::string& symbol) const {
    const auto found = m_state->n_call.find(symbol);
    return found == m_state->n_call.end() ? 0 : found->second;
}

void FakeDriver::set_compute_version(int version) {
    m_state->compute_version = version;
}

int FakeDriver::n_overlap() const {
    return m_state->n_overlap;
}

int FakeDriver::n_kernel_run() const {
    return m_state->n_kernel_run;
}

std::size_t FakeDriver::free_bytes(int ordinal) const {
    return m_state->free_bytes(ordinal);
}

const std::string& FakeDriver::kernel_error() const {
    return m_state->kernel_error;
}

std::string FakeDriver::leaks() const {
    std::string text;
    add(text, m_state->device_memory, "of device memory");
    add(text, m_state->host_memory, "of host memory");
    add(text, m_state->streams, "stream");
    add(text, m_state->events, "event");
    add(text, m_state->modules, "module");
    add(text, m_state->graphs, "graph");
    add(text, m_state->execs, "executable graph");
    for (const CUctx_st& context : m_state->contexts)
        if (context.n_retained != 0)
            text += (text.empty() ? "" : ", ") + std::string("the context of card ") +
                    std::to_string(context.ordinal);
    return text;
}

CUctx_st*& current_context() {
    static thread_local CUctx_st* t_context = nullptr;
    return t_context;
}

FakeDriver::State::Status FakeDriver::State::enter(const char* symbol, Needs needs) {
    ++n_call[symbol];
    if (const auto found = failures.find(symbol);
        found != failures.end() && --found->second.countdown == 0) {
        const Status status = found->second.status;
        failures.erase(found);
        return status;
    }
    constexpr Status kNotInitialized = 3;
    if (needs != Needs::Nothing && !is_started) return kNotInitialized;
    if (needs != Needs::Context) return driver::kSuccess;
    if (!current_context() || current_context()->n_retained == 0) return driver::kInvalidContext;
    return current_context()->lost;
}

FakeDriver::State::Status FakeDriver::State::enter_stream(const char* symbol, CUstream_st* stream) {
    if (const Status s = enter(symbol)) return s;
    if (!streams.has(stream)) return driver::kInvalidHandle;
    if (stream->context != current_context()) return driver::kInvalidContext;
    if (!stream->is_capturing) return driver::kSuccess;
    stream->is_invalidated = true;
    return driver::kStreamCaptureUnsupported;
}

std::size_t FakeDriver::State::free_bytes(int ordinal) const {
    const auto index = static_cast<std::size_t>(ordinal);
    const FakeCard& card = cards[index];
    std::size_t used = card.used_bytes;
    if (contexts[index].n_retained > 0) used += card.context_bytes;
    for (const auto& [start, memory] : device_memory)
        if (owner.at(start) == ordinal) used += memory->bytes();
    return used < card.total_bytes ? card.total_bytes - used : 0;
}

bool FakeDriver::State::is_device_range(driver::Pointer pointer, std::size_t bytes) const {
    return holds(device_memory, static_cast<std::uintptr_t>(pointer), bytes) ||
           holds(host_memory, static_cast<std::uintptr_t>(pointer), bytes);
}

bool FakeDriver::State::is_host_range(const void* memory, std::size_t bytes) const {
    return holds(host_memory, reinterpret_cast<std::uintptr_t>(memory), bytes);
}

void FakeDriver::State::push(CUstream_st* stream, std::function<Status()> work) {
    stream->queue.push_back(std::move(work));
    ++stream->n_queued;
}

FakeDriver::State::Status FakeDriver::State::run(CUstream_st* stream, std::uint64_t mark) {
    while (stream->n_done < mark && stream->context->lost == driver::kSuccess) {
        const auto work = std::move(stream->queue.front());
        stream->queue.pop_front();
        ++stream->n_done;
        stream->context->lost = work();
    }
    return stream->context->lost;
}

FakeDriver::State::Status FakeDriver::State::run_all() {
    for (const auto& [key, stream] : streams)
        if (const Status status = run(stream.get())) return status;
    return driver::kSuccess;
}

FakeDriver::State::Status FakeDriver::State::run_kernel(const kernels::Launch& launch) {
    ++n_kernel_run;
    if (kernel_failure.countdown > 0 && --kernel_failure.countdown == 0)
        return kernel_failure.status;
    const auto error = simt::run(launch);
    if (!error) return driver::kSuccess;
    kernel_error = *error;
    return driver::kIllegalAddress;
}

}  // namespace lares::test
