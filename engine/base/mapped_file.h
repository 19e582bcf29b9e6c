#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace lares {

/// A whole file mapped read-only. The bytes stay valid and at the same address until the last copy
/// of this object is gone; copies share one mapping.
/// Thread safe: everything is const after `open`.
/// The file must not be truncated while it is mapped (the system would raise SIGBUS on a read).
class MappedFile {
public:
    /// Errors: NotFound (no such file), Io (no permission, a directory, cannot be mapped).
    /// An empty file is a valid mapping of zero bytes.
    [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return m_bytes; }

private:
    MappedFile() = default;

    std::span<const std::byte> m_bytes;
    std::shared_ptr<const void> m_mapping;  // unmaps when the last owner goes
};

}  // namespace lares
