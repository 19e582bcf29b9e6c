// All device code as one translation unit, from which nvcc makes the one fat binary of the program.
// kernels/simt compiles the files on their own.
#include "kernels/rms_norm.cu"
