#include "kernels/simt/block.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/mman.h>

namespace lares::simt {
namespace {

constexpr std::byte kSharedRedzoneByte{0xA5};

// What a kernel may have on every architecture that it is compiled for (CUDA C++ Programming Guide,
// table of technical specifications): static arrays 48 KiB, with the dynamic part 64 KiB on sm_75.
constexpr std::size_t kMaxStaticShared = 48 * 1024;
constexpr std::size_t kMaxShared = 99 * 1024;

bool is_redzone(const std::byte* from, std::size_t bytes) {
    return std::all_of(from, from + bytes, [](std::byte b) { return b == kSharedRedzoneByte; });
}

Uint3 unravel(std::uint64_t index, const kernels::Dim3& dim) {
    return {static_cast<std::uint32_t>(index % dim.x),
            static_cast<std::uint32_t>(index / dim.x % dim.y),
            static_cast<std::uint32_t>(index / dim.x / dim.y)};
}

std::string to_text(Site site) {
    const char* name = std::strrchr(site.file, '/');
    return std::string(name ? name + 1 : site.file) + ":" + std::to_string(site.line);
}

/// Memory for stacks, kept between launches: fresh pages would cost more than most kernels do. Only
/// touched pages count. One launch at a time, so that one region is enough.
std::byte* stacks_or_null(std::size_t bytes) {
    thread_local std::byte* region = nullptr;
    thread_local std::size_t size = 0;
    if (bytes <= size) return region;
    if (region) munmap(region, size);
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    region = memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
    size = region ? bytes : 0;
    return region;
}

}  // namespace

constinit thread_local Thread* t_thread = nullptr;

std::string to_string(Uint3 index) {
    return "(" + std::to_string(index.x) + "," + std::to_string(index.y) + "," +
           std::to_string(index.z) + ")";
}

Block::Block(const kernels::Launch& launch, const Registration& kernel, const Options& options)
    : m_launch(launch)
    , m_kernel(kernel)
    , m_options(options)
    , m_n_thread(static_cast<int>(launch.block.count()))
    , m_threads(std::make_unique<Thread[]>(static_cast<std::size_t>(m_n_thread)))
    , m_operations(static_cast<std::size_t>((m_n_thread + kWarp - 1) / kWarp)) {
    m_stacks = stacks_or_null(static_cast<std::size_t>(m_n_thread) * kStackBytes);
    if (launch.shared_bytes > 0)
        m_dynamic.resize(kRedzone + launch.shared_bytes + kRedzone, kSharedRedzoneByte);
}

bool Block::run(Uint3 block_index) {
    if (!m_stacks) {
        m_error = "no memory for the stacks of a block";
        return false;
    }
    m_block_index = block_index;
    m_n_at_barrier = 0;
    m_n_exited = 0;
    m_shared.clear();
    if (!m_dynamic.empty()) poison(dynamic_shared(), m_launch.shared_bytes, 4);
    for (auto& operations : m_operations) operations.clear();

    for (int i = 0; i < m_n_thread; ++i) {
        Thread& thread = m_threads[static_cast<std::size_t>(i)];
        thread.block = this;
        thread.index = i;
        thread.copies.clear();
        thread.n_group = 0;
        thread.has_waited = false;
        thread.thread_index = unravel(static_cast<std::uint64_t>(i), m_launch.block);
        thread.fiber.prepare(m_stacks + static_cast<std::size_t>(i) * kStackBytes, kStackBytes,
                             &Block::thread_main, &thread);
        wake(thread);
    }
    if (m_options.order == Order::Descending) std::reverse(m_ready.begin(), m_ready.end());

    while (m_error.empty() && !m_ready.empty()) {
        t_thread = m_ready.front();
        m_ready.pop_front();
        ++m_report.n_switch;
        m_main.switch_to(t_thread->fiber);
    }
    t_thread = nullptr;
    m_ready.clear();
    if (m_error.empty() && m_n_exited < m_n_thread) explain_deadlock();
    if (m_error.empty()) check_redzones();
    return m_error.empty();
}

void Block::thread_main(void* argument) {
    auto& thread = *static_cast<Thread*>(argument);
    Block& block = *thread.block;
    block.m_kernel.body(block.m_launch.params);
    if (!thread.copies.empty()) block.fail("returns while copies to shared memory are under way");
    if (block.m_launch.waits_itself && !thread.has_waited)
        block.fail("returns without having waited for the kernel before");
    ++block.m_n_exited;
    block.wait(Thread::State::Exited);
}

/// Back to run(), until somebody wakes the thread.
void Block::wait(Thread::State state) {
    Thread& self = *t_thread;
    self.state = state;
    self.fiber.switch_to(m_main);
}

void Block::wake(Thread& thread) {
    thread.state = Thread::State::Ready;
    m_ready.push_back(&thread);
}

/// Wakes the threads of `mask` in [first, last) but the calling one, which runs on.
void Block::wake_all(Thread::State state, int first, int last, std::uint32_t mask) {
    for (int i = 0; i < last - first; ++i) {
        const int at = m_options.order == Order::Ascending ? first + i : last - 1 - i;
        Thread& thread = m_threads[static_cast<std::size_t>(at)];
        const bool is_wanted = (mask >> (thread.index % kWarp) & 1U) != 0;
        if (is_wanted && &thread != t_thread && thread.state == state) wake(thread);
    }
}

void Block::barrier(Site site) {
    Thread& self = *t_thread;
    self.site = site;
    if (m_n_exited > 0)
        fail("reached the barrier at " + to_text(site) + " after other threads have returned");
    for (int i = 0; i < m_n_thread && m_n_at_barrier > 0; ++i) {
        const Thread& other = m_threads[static_cast<std::size_t>(i)];
        if (other.state != Thread::State::AtBarrier) continue;
        if (!(other.site == site))
            fail("divergent barrier: it waits at " + to_text(site) + ", " + name_of(other) +
                 " at " + to_text(other.site));
        break;  // those that wait agree with each other
    }
    if (++m_n_at_barrier < m_n_thread) {
        wait(Thread::State::AtBarrier);
        return;
    }
    m_n_at_barrier = 0;
    check_redzones();
    if (!m_error.empty()) fail("");
    wake_all(Thread::State::AtBarrier, 0, m_n_thread, ~0U);
}

Block::WarpOperation& Block::operation(int warp, std::uint32_t mask, Site site) {
    auto& operations = m_operations[static_cast<std::size_t>(warp)];
    WarpOperation* unused = nullptr;
    for (WarpOperation& op : operations) {
        if (op.n_reader == 0) {
            unused = &op;
            continue;
        }
        if (op.arrived != op.mask && op.mask == mask && op.site == site) return op;
    }
    WarpOperation& op = unused ? *unused : operations.emplace_back();
    op.mask = mask;
    op.arrived = 0;
    op.n_reader = std::popcount(mask);
    op.site = site;
    return op;
}

const Block::Lanes& Block::exchange(std::uint32_t mask,
                                    const void* mine,
                                    std::size_t bytes,
                                    Site site) {
    Thread& self = *t_thread;
    const int lane = self.index % kWarp;
    const int warp = self.index / kWarp;
    const int first = warp * kWarp;
    self.site = site;
    self.mask = mask;
    if ((mask >> lane & 1U) == 0)
        fail("calls the warp operation at " + to_text(site) + " without being in its mask");

    WarpOperation& op = operation(warp, mask, site);
    std::memcpy(op.lanes[static_cast<std::size_t>(lane)].data(), mine, bytes);
    op.arrived |= 1U << lane;
    if (op.arrived != mask)
        wait(Thread::State::AtWarp);
    else
        wake_all(Thread::State::AtWarp, first, std::min(first + kWarp, m_n_thread), mask);
    --op.n_reader;
    return op.lanes;
}

void Block::copy_later(void* to, const void* from_or_null, std::size_t bytes) {
    std::memset(to, 0xFF, bytes);
    t_thread->copies.push_back({to, from_or_null, bytes, t_thread->n_group});
}

void Block::commit_copies() {
    ++t_thread->n_group;
}

void Block::wait_copies(int n_left) {
    const int end = t_thread->n_group - n_left;
    std::erase_if(t_thread->copies, [&](const Copy& copy) {
        if (copy.group >= end) return false;
        if (copy.from_or_null)
            std::memcpy(copy.to, copy.from_or_null, copy.bytes);
        else
            std::memset(copy.to, 0, copy.bytes);
        return true;
    });
}

std::byte* Block::shared(const void* key,
                         const char* name,
                         std::size_t bytes,
                         std::size_t element) {
    std::size_t total = bytes;
    for (SharedArray& array : m_shared) {
        if (array.key == key) return array.memory.data() + kRedzone;
        total += array.bytes;
    }
    if (total > kMaxStaticShared || total + m_launch.shared_bytes > kMaxShared)
        fail("has " + std::to_string(total) + " bytes of static and " +
             std::to_string(m_launch.shared_bytes) + " of dynamic shared memory");
    m_report.shared_bytes =
        std::max(m_report.shared_bytes, static_cast<std::uint32_t>(total) + m_launch.shared_bytes);
    SharedArray& array = m_shared.emplace_back(SharedArray{key, name, bytes, {}});
    array.memory.resize(kRedzone + bytes + kRedzone, kSharedRedzoneByte);
    poison(array.memory.data() + kRedzone, bytes, element);
    return array.memory.data() + kRedzone;
}

/// A NaN in every floating type, a conspicuous number in every other.
void Block::poison(std::byte* memory, std::size_t bytes, std::size_t element) const {
    const bool second = m_options.second_poison;
    const std::uint64_t words[] = {second ? 0x77ULL : 0xCDULL, second ? 0x7FF7ULL : 0xFFCDULL,
                                   second ? 0x7FF73737ULL : 0xFFCDCDCDULL,
                                   second ? 0x7FF7373737373737ULL : 0xFFFDCDCDCDCDCDCDULL};
    const std::size_t size = element == 1 || element == 2 || element == 8 ? element : 4;
    const std::uint64_t word = words[std::countr_zero(size)];
    for (std::size_t i = 0; i + size <= bytes; i += size) std::memcpy(memory + i, &word, size);
}

void Block::check_redzones() {
    const auto check = [&](const std::byte* memory, std::size_t bytes, const char* name) {
        const bool below = is_redzone(memory, kRedzone);
        if (below && is_redzone(memory + kRedzone + bytes, kRedzone)) return;
        m_error = std::string("kernel ") + m_kernel.name + ", block " + to_string(m_block_index) +
                  ": a write outside the shared array `" + name + "`, " +
                  (below ? "past its end" : "before its start");
    };
    for (const SharedArray& array : m_shared) check(array.memory.data(), array.bytes, array.name);
    if (!m_dynamic.empty()) check(m_dynamic.data(), m_launch.shared_bytes, "dynamic");
}

std::string Block::name_of(const Thread& thread) const {
    return "thread " + to_string(thread.thread_index);
}

void Block::explain_deadlock() {
    const Thread* waiting = nullptr;
    const Thread* elsewhere = nullptr;
    for (int i = 0; i < m_n_thread; ++i) {
        const Thread& thread = m_threads[static_cast<std::size_t>(i)];
        const bool waits = thread.state != Thread::State::Exited;
        if (!waiting && waits) waiting = &thread;
        if (waiting && (thread.state != waiting->state || !(thread.site == waiting->site)))
            elsewhere = &thread;
    }
    if (!elsewhere) {
        for (int i = 0; i < m_n_thread && !elsewhere; ++i)
            if (m_threads[static_cast<std::size_t>(i)].state == Thread::State::Exited)
                elsewhere = &m_threads[static_cast<std::size_t>(i)];
    }
    const bool at_barrier = waiting->state == Thread::State::AtBarrier;
    m_error = std::string("kernel ") + m_kernel.name + ", block " + to_string(m_block_index) +
              ", " + name_of(*waiting) +
              (at_barrier ? ": divergent barrier: it waits at "
                          : ": divergent warp operation: it waits at ") +
              to_text(waiting->site);
    if (!elsewhere) return;
    m_error +=
        ", " + name_of(*elsewhere) +
        (elsewhere->state == Thread::State::Exited ? " has returned"
                                                   : " waits at " + to_text(elsewhere->site));
}

void Block::wait_for_grid_before() {
    if (t_thread->has_waited) fail("waits twice for the kernel before");
    t_thread->has_waited = true;
}

void Block::check_may_write() {
    if (m_launch.waits_itself && !t_thread->has_waited)
        fail("writes before it has waited for the kernel before");
}

void Block::fail(const std::string& what) {
    if (m_error.empty())
        m_error = std::string("kernel ") + m_kernel.name + ", block " + to_string(m_block_index) +
                  ", " + name_of(*t_thread) + ": " + what;
    t_thread->fiber.switch_to(m_main);
    __builtin_unreachable();  // nobody switches to a thread of a failed launch
}

}  // namespace lares::simt
