// kernels_impl.h for the instruction set "scalar"; compiler flags in engine/CMakeLists.txt.
#define LARES_ISA scalar
#define LARES_ISA_ENUM Isa::Scalar
#include "engine/backend/cpu/kernels_impl.h"

namespace lares::cpu {

const Kernels& scalar_kernels();  // declared again where kernels.cpp chooses
const Kernels& scalar_kernels() {
    return scalar::kTable;
}

}  // namespace lares::cpu
