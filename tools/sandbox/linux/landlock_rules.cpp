#include "tools/sandbox/linux/landlock_rules.h"

#include "tools/sandbox/native_handle.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <sys/syscall.h>
#include <unistd.h>

namespace lares::landlock {
namespace {

/// Numbers are the same on every architecture since Landlock came.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;

std::uint64_t rights_of(long abi) {
    std::uint64_t rights = kExecute | kWriteFile | kReadFile | kReadDir | kRemoveDir | kRemoveFile |
                           kMakeChar | kMakeDir | kMakeReg | kMakeSock | kMakeFifo | kMakeBlock |
                           kMakeSym;
    if (abi >= 2) rights |= kRefer;
    if (abi >= 3) rights |= kTruncate;
    if (abi >= 5) rights |= kIoctlDev;
    return rights;
}

}  // namespace

long abi() {
    static const long kAbi =
        std::max(0L, ::syscall(kCreateRuleset, nullptr, 0, kCreateRulesetVersion));
    return kAbi;
}

int restrict_this_thread(std::span<const Rule> rules, long abi) {
    RulesetAttributes attributes;
    attributes.handled_access_fs = rights_of(abi);
    std::size_t size = sizeof attributes.handled_access_fs;
    if (abi >= 4) {
        attributes.handled_access_net = kNetBindTcp | kNetConnectTcp;
        size = offsetof(RulesetAttributes, scoped);
    }
    if (abi >= 6) {
        attributes.scoped = kScopeAbstractUnixSocket | kScopeSignal;
        size = sizeof attributes;
    }
    const UniqueNativeHandle ruleset(
        static_cast<int>(::syscall(kCreateRuleset, &attributes, size, 0)));
    if (!ruleset) return errno;
    for (const Rule& rule : rules) {
        PathBeneathAttributes beneath;
        beneath.allowed_access = rule.rights & attributes.handled_access_fs;
        beneath.parent_fd = rule.fd;
        if (::syscall(kAddRule, ruleset.get(), kRulePathBeneath, &beneath, 0) != 0) return errno;
    }
    return ::syscall(kRestrictSelf, ruleset.get(), 0) == 0 ? 0 : errno;
}

}  // namespace lares::landlock
