#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

namespace lares {

/// A file that is there complete or not at all. Bytes go to `path` with ".partial" behind it, in
/// the same folder; only `commit` gives them the name. An object that ends without it removes what
/// it wrote. One thread at a time.
class NewFile {
public:
    /// Errors: Io when the folder is missing or not writable.
    [[nodiscard]] static Result<NewFile> create(std::filesystem::path path);
    ~NewFile();
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&& other) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    /// Bytes written so far.
    [[nodiscard]] std::uint64_t position() const noexcept { return m_position; }

    /// Appends. Unbuffered: hand over large pieces. Errors: Io with the system's reason (a full
    /// disk); the object is then only good for being destroyed.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

    /// Closes the file and gives it its name, in place of any file of that name. Errors: Io.
    [[nodiscard]] Result<void> commit();

private:
    explicit NewFile(std::filesystem::path path);
    [[nodiscard]] Error failed(std::string_view what) const;

    std::filesystem::path m_path;
    std::filesystem::path m_partial;  // empty: nothing to remove
    std::ofstream m_stream;
    std::uint64_t m_position = 0;
};

}  // namespace lares
