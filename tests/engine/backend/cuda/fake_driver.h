#pragma once

#include "engine/backend/cuda/driver_api.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace lares::test {

/// A card that is not there.
struct FakeCard {
    std::string name = "Fake 4060";
    int compute_major = 8;
    int compute_minor = 9;
    int n_multiprocessor = 4;
    std::size_t total_bytes = 8'000'000'000;
    std::size_t used_bytes = 0;               ///< by other programs
    std::size_t context_bytes = 300'000'000;  ///< that the primary context takes
};

/// The CUDA driver as a set of functions in this process, with the driver's own signatures. Kernels
/// run through kernels/simt, so the test needs them linked (kernels_simt). Stricter than a driver
/// in what is left open:
///   - the queue runs as late as it may: at a wait, or where memory is freed. What reads host
///     memory that was used again, or waits for too little, shows.
///   - every call that needs a context fails (201) where its thread has none, every handle that was
///     destroyed is refused (400), copies outside of an allocation are (1).
///   - during a capture only launches may be called.
/// A kernel that simt objects to, as one that writes outside of its buffers, is an illegal address
/// (700); from then on every call of its context says so, as a driver does.
/// One at a time in a process; one thread at a time.
class FakeDriver {
public:
    explicit FakeDriver(std::vector<FakeCard> cards = {FakeCard{}});
    ~FakeDriver();
    FakeDriver(const FakeDriver&) = delete;
    FakeDriver& operator=(const FakeDriver&) = delete;

    /// For load_driver.
    [[nodiscard]] cuda::SymbolLookup lookup();
    /// load_driver through it; the test ends where that fails.
    [[nodiscard]] cuda::DriverApi api();

    // What is to go wrong.
    void hide(const std::string& symbol);  ///< the library does not export it
    void set_version(int version);         ///< 12040; 0: it does not say
    /// The nth call from now of the exported function fails, that one only.
    void fail(const std::string& symbol, cuda::driver::Status status, int nth = 1);
    /// The nth kernel from now fails while it runs, and its context is lost.
    void break_kernel(cuda::driver::Status status, int nth = 1);
    void set_used_bytes(int ordinal, std::size_t bytes);  ///< by other programs, from now on
    void set_static_shared_bytes(int bytes);              ///< what every kernel claims to have
    void set_compute_version(int version);  ///< what every kernel was compiled for; 89 at first

    // What happened.
    [[nodiscard]] int n_call(const std::string& symbol) const;
    [[nodiscard]] int n_kernel_run() const;
    /// Launches so far that said that they wait for the kernel before by themselves.
    [[nodiscard]] int n_overlap() const;
    [[nodiscard]] std::size_t free_bytes(int ordinal) const;
    /// Why the last illegal address was one.
    [[nodiscard]] const std::string& kernel_error() const;
    /// What was made and not given back: "1 stream, 2 of device memory"; empty if nothing.
    [[nodiscard]] std::string leaks() const;

    struct State;

private:
    std::unique_ptr<State> m_state;
};

}  // namespace lares::test
