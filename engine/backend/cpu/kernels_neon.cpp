// kernels_impl.h for the instruction set "neon"; compiler flags in engine/CMakeLists.txt.
#define LARES_NEON 1
#define LARES_ISA neon
#define LARES_ISA_ENUM Isa::Neon
#include "engine/backend/cpu/kernels_impl.h"

namespace lares::cpu {

const Kernels& neon_kernels();  // declared again where kernels.cpp chooses
const Kernels& neon_kernels() {
    return neon::kTable;
}

}  // namespace lares::cpu
