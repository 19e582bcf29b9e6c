#include "engine/backend/cpu/kernels.h"

#include <cstdlib>

namespace lares::cpu {

// One per instruction set, each in its own file with its own compiler flags.
const Kernels& scalar_kernels();
#if defined(LARES_CPU_X86)
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
#endif

std::string_view to_string(Isa isa) {
    switch (isa) {
        case Isa::Scalar:
            return "scalar";
        case Isa::Avx2:
            return "avx2";
        case Isa::Avx512:
            return "avx512";
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
    }
    return nullptr;
}

const Kernels& kernels() {
    static const Kernels& chosen = []() -> const Kernels& {
        const char* wanted = std::getenv("LARES_CPU_ISA");
        for (Isa isa : {Isa::Avx512, Isa::Avx2}) {
            if (wanted && to_string(isa) != wanted && std::string_view(wanted) != "avx512")
                continue;
            if (const Kernels* table = kernels_or_null(isa)) return *table;
        }
        return scalar_kernels();
    }();
    return chosen;
}

}  // namespace lares::cpu
