#pragma once

#include "kernels/simt/fiber.h"
#include "kernels/simt/simt.h"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace lares::simt {

struct Uint3 {
    std::uint32_t x = 0, y = 0, z = 0;
};

/// A place in the source of a kernel.
struct Site {
    const char* file = "";
    int line = 0;
    friend bool operator==(const Site&, const Site&) = default;
};

class Block;

/// An asynchronous copy from global to shared memory that its thread has not waited for.
struct Copy {
    void* to;
    const void* from_or_null;  ///< null: zeros
    std::size_t bytes;
    int group;
};

/// One CUDA thread.
struct Thread {
    Fiber fiber;
    Block* block = nullptr;
    int index = 0;  ///< in the block, x fastest
    Uint3 thread_index;
    enum class State : std::uint8_t { Ready, AtBarrier, AtWarp, Exited } state = State::Ready;
    Site site;               ///< where it waits
    std::uint32_t mask = 0;  ///< of lanes it waits for
    std::vector<Copy> copies;
    int n_group = 0;          ///< groups of copies that it has closed
    bool has_waited = false;  ///< for the kernel before
};

/// The thread that runs now; only kernels may ask.
extern constinit thread_local Thread* t_thread;

/// The threads and the shared memory of one block, used again for each block of a launch.
class Block {
public:
    static constexpr int kWarp = 32;
    static constexpr int kLaneBytes = 128;  ///< most that a lane gives to a warp operation

    Block(const kernels::Launch& launch, const Registration& kernel, const Options& options);

    /// Runs all threads to their end; false after fail().
    [[nodiscard]] bool run(Uint3 block_index);

    [[nodiscard]] const std::string& error() const { return m_error; }
    [[nodiscard]] const Report& report() const { return m_report; }
    [[nodiscard]] Uint3 block_index() const { return m_block_index; }
    [[nodiscard]] const kernels::Launch& launch() const { return m_launch; }

    // From inside a kernel:

    void barrier(Site site);
    /// Gives `bytes` of the calling lane to the lanes in `mask` and waits for theirs. The result
    /// holds until the caller waits again; lanes outside the mask hold anything.
    using Lanes = std::array<std::array<std::byte, kLaneBytes>, kWarp>;
    const Lanes& exchange(std::uint32_t mask, const void* mine, std::size_t bytes, Site site);
    /// The storage of one __shared__ array; the first thread that asks makes it.
    std::byte* shared(const void* key, const char* name, std::size_t bytes, std::size_t element);
    std::byte* dynamic_shared() {
        return m_dynamic.empty() ? nullptr : m_dynamic.data() + kRedzone;
    }
    /// A copy that happens as late as it may, in wait_copies(): until then its target is poison.
    void copy_later(void* to, const void* from_or_null, std::size_t bytes);
    void commit_copies();
    /// Waits for all groups of the calling thread but the newest `n_left`.
    void wait_copies(int n_left);
    /// The calling thread has waited for the kernel before.
    void wait_for_grid_before();
    /// Fails where the launch may overlap with the kernel before and the thread has not waited yet.
    void check_may_write();
    /// Ends the launch. Does not return to the kernel.
    [[noreturn]] void fail(const std::string& what);

private:
    static constexpr std::size_t kRedzone = 128;
    static constexpr std::size_t kStackBytes = 256 * 1024;

    struct SharedArray {
        const void* key;
        const char* name;
        std::size_t bytes;
        std::vector<std::byte> memory;  // with a redzone on either side
    };
    struct WarpOperation {
        std::uint32_t mask = 0;
        std::uint32_t arrived = 0;
        int n_reader = 0;  // lanes that have not taken the result yet
        Site site;
        Lanes lanes;
    };

    static void thread_main(void* thread);
    void wait(Thread::State state);
    void wake(Thread& thread);
    void wake_all(Thread::State state, int first, int last, std::uint32_t mask);
    WarpOperation& operation(int warp, std::uint32_t mask, Site site);
    void check_redzones();
    void explain_deadlock();
    [[nodiscard]] std::string name_of(const Thread& thread) const;
    void poison(std::byte* memory, std::size_t bytes, std::size_t element) const;

    const kernels::Launch& m_launch;
    const Registration& m_kernel;
    Options m_options;
    int m_n_thread;
    Fiber m_main;
    std::byte* m_stacks = nullptr;  // borrowed
    std::unique_ptr<Thread[]> m_threads;
    std::deque<Thread*> m_ready;
    Uint3 m_block_index;
    int m_n_at_barrier = 0;
    int m_n_exited = 0;
    std::vector<std::deque<WarpOperation>> m_operations;  // of each warp
    std::deque<SharedArray> m_shared;
    std::vector<std::byte> m_dynamic;
    std::string m_error;
    Report m_report;
};

[[nodiscard]] std::string to_string(Uint3 index);

}  // namespace lares::simt
