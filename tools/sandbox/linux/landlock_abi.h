#pragma once

#include <cstdint>

// The kernel's Landlock interface as far as it is used here. Its header is as old as the
// distribution's; the kernel that runs may be newer (Documentation/userspace-api/landlock.rst).
namespace lares::landlock {

struct RulesetAttributes {
    std::uint64_t handled_access_fs = 0;
    std::uint64_t handled_access_net = 0;  ///< ABI 4
    std::uint64_t scoped = 0;              ///< ABI 6
};
/// The kernel's struct has no padding.
struct [[gnu::packed]] PathBeneathAttributes {
    std::uint64_t allowed_access = 0;
    std::int32_t parent_fd = -1;
};

constexpr std::uint32_t kCreateRulesetVersion = 1;
constexpr int kRulePathBeneath = 1;

constexpr std::uint64_t kExecute = 1ULL << 0;
constexpr std::uint64_t kWriteFile = 1ULL << 1;
constexpr std::uint64_t kReadFile = 1ULL << 2;
constexpr std::uint64_t kReadDir = 1ULL << 3;
constexpr std::uint64_t kRemoveDir = 1ULL << 4;
constexpr std::uint64_t kRemoveFile = 1ULL << 5;
constexpr std::uint64_t kMakeChar = 1ULL << 6;
constexpr std::uint64_t kMakeDir = 1ULL << 7;
constexpr std::uint64_t kMakeReg = 1ULL << 8;
constexpr std::uint64_t kMakeSock = 1ULL << 9;
constexpr std::uint64_t kMakeFifo = 1ULL << 10;
constexpr std::uint64_t kMakeBlock = 1ULL << 11;
constexpr std::uint64_t kMakeSym = 1ULL << 12;
constexpr std::uint64_t kRefer = 1ULL << 13;     ///< ABI 2: rename into another folder
constexpr std::uint64_t kTruncate = 1ULL << 14;  ///< ABI 3
constexpr std::uint64_t kIoctlDev = 1ULL << 15;  ///< ABI 5

constexpr std::uint64_t kNetBindTcp = 1ULL << 0;  ///< ABI 4
constexpr std::uint64_t kNetConnectTcp = 1ULL << 1;
constexpr std::uint64_t kScopeAbstractUnixSocket = 1ULL << 0;  ///< ABI 6
constexpr std::uint64_t kScopeSignal = 1ULL << 1;

}  // namespace lares::landlock
