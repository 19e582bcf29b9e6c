// kernels_impl.h for the instruction set "avx2"; compiler flags in engine/CMakeLists.txt.
#define LARES_ISA avx2
#define LARES_ISA_ENUM Isa::Avx2
#include "engine/backend/cpu/kernels_impl.h"

namespace lares::cpu {

const Kernels& avx2_kernels();  // declared again where kernels.cpp chooses
const Kernels& avx2_kernels() {
    return avx2::kTable;
}

}  // namespace lares::cpu
