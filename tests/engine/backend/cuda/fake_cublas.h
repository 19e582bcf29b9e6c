#pragma once

#include "engine/backend/cuda/cublas_api.h"

#include <memory>
#include <string>

namespace lares::test {

/// cuBLASLt as a set of functions in this process, with the library's own signatures, for devices
/// on a FakeDriver: products are queued on its streams and computed when those run, from 16-bit
/// numbers with f32 sums. Stricter than the library: it wants a current context, matrices inside of
/// registered memory at multiples of 16 bytes, work memory of at least what the algorithm asked
/// for, and every descriptor given back. One at a time in a process; one thread at a time.
class FakeCublas {
public:
    FakeCublas();
    ~FakeCublas();
    FakeCublas(const FakeCublas&) = delete;
    FakeCublas& operator=(const FakeCublas&) = delete;

    [[nodiscard]] cuda::SymbolLookup lookup();
    /// For DriverDevice::open; load_cublas through the lookup.
    [[nodiscard]] cuda::CublasLoader loader();

    // What is to go wrong.
    void hide(const std::string& symbol);
    void set_version(std::size_t version);
    /// The nth call from now of the function fails, that one only.
    void fail(const std::string& symbol, cuda::cublas::Status status, int nth = 1);
    void know_no_algorithm();

    // What happened.
    [[nodiscard]] int n_call(const std::string& symbol) const;
    [[nodiscard]] std::string leaks() const;  ///< "2 of 40" not given back; empty if none

    struct State;

private:
    std::unique_ptr<State> m_state;
};

}  // namespace lares::test
