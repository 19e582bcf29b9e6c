#pragma once

#include "kernels/launch.h"
#include "kernels/simt/global_buffer.h"
#include "tests/engine/backend/cuda/fake_driver.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

// What the driver's handles point to.

struct CUctx_st {
    int ordinal = 0;
    int n_retained = 0;
    lares::cuda::driver::Status lost = 0;  ///< what every call fails with
};
struct CUmod_st {};
struct CUfunc_st {
    std::string name;
    int dynamic_shared_bytes = 48 * 1024;  ///< most that a launch may ask for
};
struct CUgraph_st {
    std::vector<lares::kernels::Launch> launches;
};
struct CUgraphExec_st {
    std::vector<lares::kernels::Launch> launches;
};
struct CUstream_st {
    CUctx_st* context = nullptr;
    std::deque<std::function<lares::cuda::driver::Status()>> queue;
    std::uint64_t n_queued = 0;
    std::uint64_t n_done = 0;
    bool is_capturing = false;
    bool is_invalidated = false;
    std::vector<lares::kernels::Launch> captured;
};
struct CUevent_st {
    CUstream_st* stream_or_null = nullptr;
    std::uint64_t mark = 0;  ///< of the stream's n_queued at the record
};

namespace lares::test {

/// Handles of one kind, and which of them are alive.
template <class Handle>
class Handles {
public:
    template <class... Arguments>
    Handle* make(Arguments&&... arguments) {
        auto made = std::make_unique<Handle>(std::forward<Arguments>(arguments)...);
        Handle* const handle = made.get();
        m_alive.emplace(handle, std::move(made));
        return handle;
    }
    [[nodiscard]] bool has(const Handle* handle) const { return m_alive.contains(handle); }
    bool destroy(const Handle* handle) { return m_alive.erase(handle) == 1; }
    [[nodiscard]] std::size_t size() const { return m_alive.size(); }
    [[nodiscard]] auto begin() const { return m_alive.begin(); }
    [[nodiscard]] auto end() const { return m_alive.end(); }

private:
    std::map<const Handle*, std::unique_ptr<Handle>> m_alive;
};

/// Memory by its first address.
using Blocks = std::map<std::uintptr_t, std::unique_ptr<simt::GlobalMemory>>;

struct FakeDriver::State {
    using Status = cuda::driver::Status;
    enum class Needs : std::uint8_t { Nothing, Init, Context };

    std::vector<FakeCard> cards;
    std::vector<CUctx_st> contexts;  // the primary one of each card
    int version = 13000;
    bool is_started = false;
    int static_shared_bytes = 0;
    std::set<std::string> hidden;
    struct Failure {
        int countdown;
        Status status;
    };
    std::map<std::string, Failure> failures;
    Failure kernel_failure{0, 0};  // countdown 0: none
    std::map<std::string, int> n_call;
    int n_kernel_run = 0;
    int n_overlap = 0;
    int compute_version = 89;
    std::string kernel_error;

    Blocks device_memory;
    std::map<std::uintptr_t, int> owner;  // card of each block of device memory
    Blocks host_memory;
    Handles<CUmod_st> modules;
    Handles<CUfunc_st> functions;
    Handles<CUstream_st> streams;
    Handles<CUevent_st> events;
    Handles<CUgraph_st> graphs;
    Handles<CUgraphExec_st> execs;

    /// What every fake function begins with: counts the call, and says whether it may go on.
    Status enter(const char* symbol, Needs needs = Needs::Context);
    /// A call on a stream that is not allowed in a capture.
    Status enter_stream(const char* symbol, CUstream_st* stream);
    [[nodiscard]] std::size_t free_bytes(int ordinal) const;
    [[nodiscard]] bool is_device_range(cuda::driver::Pointer pointer, std::size_t bytes) const;
    [[nodiscard]] bool is_host_range(const void* memory, std::size_t bytes) const;

    static void push(CUstream_st* stream, std::function<Status()> work);
    /// Runs the queue until `mark` calls are done.
    static Status run(CUstream_st* stream, std::uint64_t mark);
    static Status run(CUstream_st* stream) { return run(stream, stream->n_queued); }
    Status run_all();
    Status run_kernel(const kernels::Launch& launch);
};

/// Of the calling thread, null at first.
[[nodiscard]] CUctx_st*& current_context();

/// All functions of the fake, in the driver's table; the state is that of the one FakeDriver.
[[nodiscard]] cuda::DriverApi fake_functions(FakeDriver::State* state_or_null);

}  // namespace lares::test
