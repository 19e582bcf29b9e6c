#pragma once

#include "engine/formats/gguf_reader.h"

#include <filesystem>
#include <optional>

namespace lares {

/// What a part of a split GGUF file says of itself (llama.cpp: gguf-split). Parts are named
/// NAME-00001-of-00003.gguf; the first has all metadata, each has some of the tensors.
struct GgufSplit {
    std::uint32_t number = 0;    ///< of this part, from 0  [split.no]
    std::uint32_t n_part = 0;    ///< [split.count]
    std::uint32_t n_tensor = 0;  ///< of all parts together  [split.tensors.count]
};

/// The keys of a part; nothing where the file is whole. Errors: Corrupt for keys that contradict
/// themselves, with the file.
[[nodiscard]] Result<std::optional<GgufSplit>> read_split(const GgufFile& file);

/// Where part `number` (from 0) is, given where one part is. Errors: Corrupt when that one's name
/// does not say which part it is, or says another than its keys.
[[nodiscard]] Result<std::filesystem::path> part_path(const std::filesystem::path& path,
                                                      const GgufSplit& split,
                                                      std::uint32_t number);

/// All parts in order, the first of which has the metadata. Errors: NotFound for a missing part;
/// Corrupt for one of another model, a tensor that two have, or too few tensors; the message names
/// the part.
[[nodiscard]] Result<std::vector<GgufFile>> open_parts(const std::filesystem::path& path,
                                                       const GgufSplit& split);

}  // namespace lares
