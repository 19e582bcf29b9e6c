#include "engine/backend/cpu/arm_features.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <cstddef>
#include <sys/sysctl.h>
#elif defined(_M_ARM64) || (defined(__aarch64__) && defined(_WIN32))
#include <windows.h>
#endif

namespace lares::cpu {

bool has_arm_dot_product() {
#if defined(__aarch64__) && defined(__linux__)
    // HWCAP_ASIMDDP of <asm/hwcap.h>, which older systems' headers lack.
    constexpr unsigned long kDotProduct = 1UL << 20;
    return (getauxval(AT_HWCAP) & kDotProduct) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
    int has = 0;
    std::size_t size = sizeof(has);
    return sysctlbyname("hw.optional.arm.FEAT_DotProd", &has, &size, nullptr, 0) == 0 && has == 1;
#elif defined(_M_ARM64) || (defined(__aarch64__) && defined(_WIN32))
    constexpr DWORD kDotProduct = 43;  // PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE, SDK 10.0.20348
    return IsProcessorFeaturePresent(kDotProduct) != 0;
#else
    return false;
#endif
}

}  // namespace lares::cpu
