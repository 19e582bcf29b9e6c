// kernels_impl.h for the instruction set "avx512"; compiler flags in engine/CMakeLists.txt.
#define LARES_ISA avx512
#define LARES_ISA_ENUM Isa::Avx512
#include "engine/backend/cpu/kernels_impl.h"

namespace lares::cpu {

const Kernels& avx512_kernels();  // declared again where kernels.cpp chooses
const Kernels& avx512_kernels() {
    return avx512::kTable;
}

}  // namespace lares::cpu
