// All device code as one translation unit, from which nvcc makes the one fat binary of the program.
// kernels/simt compiles the files on their own.
#include "kernels/embed.cu"
#include "kernels/matvec_plain.cu"
#include "kernels/matvec_quant.cu"
#include "kernels/rms_norm.cu"
