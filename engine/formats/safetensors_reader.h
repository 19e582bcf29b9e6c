#pragma once

#include "engine/base/mapped_file.h"
#include "engine/base/result.h"
#include "engine/formats/file_tensor.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace lares {

/// What a safetensors header may ask for (design: security 3.8).
struct SafetensorsLimits {
    static constexpr std::uint64_t kHeaderBytes = 100ULL << 20;  ///< as the format says
    static constexpr std::uint64_t kTensors = 65'536;
    static constexpr std::uint64_t kNameBytes = 256;
    static constexpr std::int64_t kDim = 1LL << 31;
};

/// The header of one safetensors file, checked completely before anything of it is used: the file
/// is untrusted input. Layout and checks in safetensors_format.md.
/// Immutable and thread safe after `open`. Owns the mapping: views it hands out live as long as any
/// copy of this object.
class SafetensorsFile {
public:
    /// Maps and parses `path`. Errors: those of MappedFile::open; Corrupt or Unsupported with file,
    /// and tensor where it applies.
    [[nodiscard]] static Result<SafetensorsFile> open(const std::filesystem::path& path);

    /// The same over bytes in memory, which must outlive the result (tests, fuzzing).
    [[nodiscard]] static Result<SafetensorsFile> parse(std::span<const std::byte> bytes,
                                                       std::string name);

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] std::uint64_t file_size_bytes() const noexcept { return m_size; }
    /// All tensors, in the order of their bytes. A scalar has no dimensions.
    [[nodiscard]] std::span<const FileTensor> tensors() const noexcept { return m_tensors; }

private:
    SafetensorsFile() = default;

    std::string m_name;
    std::uint64_t m_size = 0;
    // On the heap, so that names stay where they are when this object moves.
    std::shared_ptr<const std::vector<std::string>> m_names;
    std::vector<FileTensor> m_tensors;
    std::shared_ptr<const MappedFile> m_mapping;  // null after parse()
};

}  // namespace lares
