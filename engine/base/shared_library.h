#pragma once

#include <filesystem>

namespace lares {

/// A library of the system, opened while the program runs, so that the program also starts where
/// the library is missing. It stays loaded until the program ends: drivers keep threads and exit
/// handlers of their own, which must not lose their code. Copies are the same library. Thread safe.
class SharedLibrary {
public:
    /// `name`: a file name without a folder ("libcuda.so.1", "nvcuda.dll"). It is looked for where
    /// the system keeps its libraries, on Windows in the system folder alone, so that a file beside
    /// the program or in the current folder cannot take its place. Null where there is none.
    [[nodiscard]] static SharedLibrary open_or_null(const char* name);
    /// That file. Null where there is none, it is no library, or the path is relative: what the
    /// current folder happens to hold is never loaded.
    [[nodiscard]] static SharedLibrary open_file_or_null(const std::filesystem::path& file);

    [[nodiscard]] explicit operator bool() const noexcept { return m_handle != nullptr; }
    /// The address of an exported function. Null where the library has none, or is null.
    [[nodiscard]] void* symbol_or_null(const char* name) const;

private:
    void* m_handle = nullptr;
};

}  // namespace lares
