// All device code as one translation unit, from which nvcc makes the one fat binary of the program.
// kernels/simt compiles the files on their own.
#include "kernels/attention_decode.cu"
#include "kernels/conv1d_prefill.cu"
#include "kernels/dequantize.cu"
#include "kernels/embed.cu"
#include "kernels/mamba2_decode.cu"
#include "kernels/matmul.cu"
#include "kernels/matmul_plain.cu"
#include "kernels/matvec_plain.cu"
#include "kernels/matvec_quant.cu"
#include "kernels/rms_norm.cu"
#include "kernels/sample.cu"
#include "kernels/ssd_prefill.cu"
