#include "kernels/fat_binary.h"

#if defined(LARES_FAT_BINARY)

// The assembler copies the file: faster than an array of a few million numbers.
#if defined(_WIN32)
asm(".section .rdata\n"
#else
asm(".section .rodata\n"
#endif
    ".balign 16\n"
    "lares_fat_binary_begin:\n"
    ".incbin \"" LARES_FAT_BINARY
    "\"\n"
    "lares_fat_binary_end:\n"
    ".byte 0\n"
    ".text\n");
extern "C" const std::byte lares_fat_binary_begin[];
extern "C" const std::byte lares_fat_binary_end[];

namespace lares::kernels {

std::span<const std::byte> fat_binary() {
    return {lares_fat_binary_begin, lares_fat_binary_end};
}

}  // namespace lares::kernels

#else

namespace lares::kernels {

std::span<const std::byte> fat_binary() {
    return {};
}

}  // namespace lares::kernels

#endif
