#pragma once

#include "engine/base/new_file.h"
#include "engine/formats/gguf_reader.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lares {

/// How strongly a model uses the columns of its matrices, measured over a text: a quantizer keeps
/// those nearer that count more. The file is llama.cpp's of GGUF form (gguf_format.md), and both
/// read each other's.
struct ImportanceMatrix {
    /// One matrix, by what it was multiplied with.
    struct Entry {
        std::vector<float> sum_squares;  ///< of the input, by column; finite, none negative
        double count = 0;                ///< rows of input that were summed; positive

        /// Mean squares by column.
        [[nodiscard]] std::vector<float> means() const;
    };
    std::map<std::string, Entry, std::less<>> entries;  ///< by the matrix's name in GGUF
    std::vector<std::string> datasets;                  ///< the texts' names
    std::uint32_t chunk_count = 0;
    std::uint32_t chunk_size = 0;  ///< tokens that were read from an empty state
};

/// `path` is untrusted. Errors: those of GgufFile::open; Unsupported where it is another kind of
/// file (also llama.cpp's older form), or of a model with experts; Corrupt where a matrix's sums
/// and counts do not go together. The message names the file and the next step.
[[nodiscard]] Result<ImportanceMatrix> read_importance_matrix(const std::filesystem::path& path);
/// The same of a file that is open.
[[nodiscard]] Result<ImportanceMatrix> importance_matrix_of(const GgufFile& file);

/// Does not commit. Precondition: names are at most GgufLimits::kTensorNameBytes less 8 long.
/// Errors: Io.
[[nodiscard]] Result<void> write_importance_matrix(const ImportanceMatrix& matrix, NewFile& file);

}  // namespace lares
