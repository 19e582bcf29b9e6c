#include "engine/backend/cpu/kernels.h"

#include "engine/backend/cpu/arm_features.h"

#include <cstdlib>
#include <initializer_list>

namespace lares::cpu {

// One per instruction set, each in its own file with its own compiler flags.
const Kernels& scalar_kernels();
#if defined(LARES_CPU_X86)
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
constexpr std::initializer_list<Isa> kBestFirst = {Isa::Avx512, Isa::Avx2};
#elif defined(LARES_CPU_ARM64)
const Kernels& neon_kernels();
const Kernels& neon_dotprod_kernels();
constexpr std::initializer_list<Isa> kBestFirst = {Isa::NeonDotprod, Isa::Neon};
#else
constexpr std::initializer_list<Isa> kBestFirst = {};
#endif

std::string_view to_string(Isa isa) {
    switch (isa) {
        case Isa::Scalar:
            return "scalar";
        case Isa::Avx2:
            return "avx2";
        case Isa::Avx512:
            return "avx512";
        case Isa::Neon:
            return "neon";
        case Isa::NeonDotprod:
            return "neon-dotprod";
    }
    return "";
}

const Kernels* kernels_or_null(Isa isa) {
    switch (isa) {
        case Isa::Scalar:
            return &scalar_kernels();
        case Isa::Avx2:
#if defined(LARES_CPU_X86)
            if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                __builtin_cpu_supports("f16c"))
                return &avx2_kernels();
#endif
            return nullptr;
        case Isa::Avx512:
#if defined(LARES_CPU_X86)
            if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vnni"))
                return &avx512_kernels();
#endif
            return nullptr;
        case Isa::Neon:
#if defined(LARES_CPU_ARM64)
            return &neon_kernels();
#else
            return nullptr;
#endif
        case Isa::NeonDotprod:
#if defined(LARES_CPU_ARM64)
            if (has_arm_dot_product()) return &neon_dotprod_kernels();
#endif
            return nullptr;
    }
    return nullptr;
}

const Kernels& kernels() {
    static const Kernels& chosen = []() -> const Kernels& {
        const char* wanted = std::getenv("LARES_CPU_ISA");
        bool is_allowed = !wanted;
        for (Isa isa : kBestFirst) {
            is_allowed = is_allowed || to_string(isa) == wanted;
            if (!is_allowed) continue;
            if (const Kernels* table = kernels_or_null(isa)) return *table;
        }
        return scalar_kernels();
    }();
    return chosen;
}

}  // namespace lares::cpu
