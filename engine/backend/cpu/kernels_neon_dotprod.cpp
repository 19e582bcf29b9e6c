// kernels_impl.h for the instruction set "neon-dotprod"; compiler flags in engine/CMakeLists.txt.
#define LARES_NEON 1
#define LARES_ISA neon_dotprod
#define LARES_ISA_ENUM Isa::NeonDotprod
#include "engine/backend/cpu/kernels_impl.h"

namespace lares::cpu {

const Kernels& neon_dotprod_kernels();  // declared again where kernels.cpp chooses
const Kernels& neon_dotprod_kernels() {
    return neon_dotprod::kTable;
}

}  // namespace lares::cpu
