#include "engine/formats/importance_matrix.h"

#include "engine/base/path_text.h"
#include "engine/formats/gguf_parser.h"
#include "engine/formats/gguf_writer.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

namespace lares {
namespace {

// Behind a matrix's name.
constexpr std::string_view kSumSquares = ".in_sum2";
constexpr std::string_view kCounts = ".counts";

/// All numbers of an F32 tensor; nothing for one of another type.
std::optional<std::vector<float>> floats_of(const FileTensor& tensor) {
    if (tensor.view.dtype != DType::F32) return std::nullopt;
    std::vector<float> values(static_cast<std::size_t>(tensor.view.shape.n_elements()));
    std::memcpy(values.data(), tensor.view.data, values.size() * sizeof(float));
    return values;
}

bool are_amounts(const std::vector<float>& values) {
    for (const float value : values)
        if (!std::isfinite(value) || value < 0) return false;
    return true;
}

/// GGUF's magic, at the start of a file that cannot be opened as one.
bool begins_as_gguf(const std::filesystem::path& path) {
    char magic[4] = {};
    std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
    return std::string_view(magic, sizeof magic) == "GGUF";
}

Error wrong_kind(const std::string& name, std::string_view what) {
    return {ErrorCode::Unsupported,
            name + " is " + std::string(what) +
                "; an importance matrix is what `lares-cli imatrix` writes, or llama-imatrix as "
                "GGUF"};
}

/// Finds what belongs to one matrix and checks it.
class MatrixEntryReader {
public:
    MatrixEntryReader(const GgufFile& file, std::string_view matrix)
        : m_file(file), m_matrix(matrix) {}

    /// Nothing for a matrix that the text never used.
    Result<std::optional<ImportanceMatrix::Entry>> read(const FileTensor& sums) const {
        const FileTensor* const counts = find(kCounts);
        if (!counts) return damaged("has sums but no count");
        if (counts->view.shape.n_elements() != 1 || sums.view.rows() != 1)
            return Error{ErrorCode::Unsupported,
                         m_file.name() + ": " + quoted(m_matrix) +
                             " has several matrices in one, as models with experts have; take an "
                             "importance matrix of this model"};
        const auto squares = floats_of(sums);
        const auto count = floats_of(*counts);
        if (!squares || !count) return damaged("is not of F32");
        if (!are_amounts(*squares) || !are_amounts(*count))
            return damaged("has sums or counts that are negative or no numbers");
        if (count->front() == 0) return std::optional<ImportanceMatrix::Entry>();
        return std::optional(ImportanceMatrix::Entry{*squares, count->front()});
    }

private:
    [[nodiscard]] const FileTensor* find(std::string_view suffix) const {
        return m_file.find_tensor_or_null(std::string(m_matrix).append(suffix));
    }
    [[nodiscard]] Error damaged(std::string_view what) const {
        return {ErrorCode::Corrupt, m_file.name() + ": the matrix " + quoted(m_matrix) + " " +
                                        std::string(what) +
                                        "; the file is damaged, measure it again"};
    }

    const GgufFile& m_file;
    std::string_view m_matrix;
};

std::uint32_t number_or_0(const GgufFile& file, std::string_view key) {
    const auto value = file.get_u32(key);
    return value ? *value : 0;
}

}  // namespace

std::vector<float> ImportanceMatrix::Entry::means() const {
    std::vector<float> means = sum_squares;
    for (float& value : means) value = static_cast<float>(value / count);
    return means;
}

Result<ImportanceMatrix> read_importance_matrix(const std::filesystem::path& path) {
    const auto file = GgufFile::open_one(path);
    if (file) return importance_matrix_of(*file);
    if (file.error().code != ErrorCode::NotFound && file.error().code != ErrorCode::Io &&
        !begins_as_gguf(path))
        return wrong_kind(
            utf8_from_path(path.filename()),
            "no GGUF file (llama.cpp's older .dat form can be converted: llama-imatrix "
            "--in-file OLD -o NEW.gguf)");
    return file.error();
}

Result<ImportanceMatrix> importance_matrix_of(const GgufFile& file) {
    const auto type = file.get_string("general.type");
    if (type ? *type != "imatrix" : file.find_or_null("general.architecture") != nullptr)
        return wrong_kind(file.name(), "a model or something else");
    ImportanceMatrix matrix;
    for (const FileTensor& tensor : file.tensors()) {
        const std::string_view name = tensor.name;
        if (!name.ends_with(kSumSquares)) continue;
        const std::string_view of = name.substr(0, name.size() - kSumSquares.size());
        ASSIGN_OR_RETURN(auto entry, MatrixEntryReader(file, of).read(tensor));
        if (entry) matrix.entries.emplace(of, std::move(*entry));
    }
    if (matrix.entries.empty())
        return wrong_kind(file.name(), "without the sums of a single matrix");
    if (const auto datasets = file.get_strings("imatrix.datasets"))
        matrix.datasets.assign(datasets->begin(), datasets->end());
    matrix.chunk_count = number_or_0(file, "imatrix.chunk_count");
    matrix.chunk_size = number_or_0(file, "imatrix.chunk_size");
    return matrix;
}

Result<void> write_importance_matrix(const ImportanceMatrix& matrix, NewFile& file) {
    GgufWriter writer;
    writer.add("general.type", std::string_view("imatrix"));
    writer.add("imatrix.datasets", std::span<const std::string>(matrix.datasets));
    writer.add("imatrix.chunk_count", std::uint64_t{matrix.chunk_count});
    writer.add("imatrix.chunk_size", std::uint64_t{matrix.chunk_size});
    std::vector<std::vector<float>> tensors;
    const auto add = [&](const std::string& name, std::vector<float> values) {
        writer.add_tensor(name, DType::F32, {1, static_cast<std::int64_t>(values.size())});
        tensors.push_back(std::move(values));
    };
    for (const auto& [name, entry] : matrix.entries) {
        add(name + std::string(kSumSquares), entry.sum_squares);
        add(name + std::string(kCounts), {static_cast<float>(entry.count)});
    }
    return writer.write(file, [&](std::size_t i, NewFile& to) {
        return to.write(std::as_bytes(std::span(tensors[i])));
    });
}

}  // namespace lares
