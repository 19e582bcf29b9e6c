#include "installer/linux/appimage/elf_end.h"

#include <cstring>
#include <elf.h>
#include <fstream>

namespace lares::appimage {

Result<std::uint64_t> elf_end(const std::filesystem::path& file) {
    Elf64_Ehdr header{};
    std::ifstream in(file, std::ios::binary);
    if (!in.read(reinterpret_cast<char*>(&header), sizeof header))
        return Error{ErrorCode::Io, "cannot read the header of " + file.string()};
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_shoff > UINT64_MAX - std::uint64_t{header.e_shentsize} * header.e_shnum)
        return Error{ErrorCode::Corrupt, file.string() + " is not a 64-bit ELF program"};
    return header.e_shoff + std::uint64_t{header.e_shentsize} * header.e_shnum;
}

}  // namespace lares::appimage
