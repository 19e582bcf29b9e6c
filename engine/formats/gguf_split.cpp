#include "engine/formats/gguf_split.h"

#include "engine/base/path_text.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace lares {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMaxParts = 1000;
constexpr std::size_t kDigits = 5;

/// "-00002-of-00003.gguf"
std::string ending(std::uint32_t number, std::uint32_t n_part) {
    const auto digits = [](std::uint32_t value) {
        const std::string text = std::to_string(value);
        return std::string(kDigits - std::min(kDigits, text.size()), '0') + text;
    };
    return "-" + digits(number + 1) + "-of-" + digits(n_part) + ".gguf";
}

Error corrupt(const std::string& file, const std::string& what) {
    return {ErrorCode::Corrupt, file + ": " + what};
}

Result<GgufFile> open_part(const fs::path& path, const GgufSplit& split, std::uint32_t number) {
    ASSIGN_OR_RETURN(const fs::path part, part_path(path, split, number));
    auto mapping = MappedFile::open(part);
    if (!mapping && mapping.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::NotFound, utf8_from_path(part.filename()) + ": part " +
                                              std::to_string(number + 1) + " of " +
                                              std::to_string(split.n_part) +
                                              " is missing; download it into the same folder"};
    if (!mapping) return std::move(mapping).error();
    ASSIGN_OR_RETURN(auto file, GgufFile::open_one(part));
    ASSIGN_OR_RETURN(const auto own, read_split(file));
    if (!own || own->n_part != split.n_part || own->n_tensor != split.n_tensor ||
        own->number != number)
        return corrupt(file.name(), "it is not part " + std::to_string(number + 1) + " of " +
                                        std::to_string(split.n_part) +
                                        " of this model; the parts are of different downloads, "
                                        "download them again");
    return file;
}

}  // namespace

Result<std::optional<GgufSplit>> read_split(const GgufFile& file) {
    if (!file.find_or_null("split.count")) return std::optional<GgufSplit>();
    GgufSplit split;
    ASSIGN_OR_RETURN(split.n_part, file.get_u32("split.count"));
    if (split.n_part <= 1) return std::optional<GgufSplit>();
    ASSIGN_OR_RETURN(split.number, file.get_u32("split.no"));
    ASSIGN_OR_RETURN(split.n_tensor, file.get_u32("split.tensors.count"));
    if (split.n_part > kMaxParts || split.number >= split.n_part)
        return corrupt(file.name(), "it says that it is part " +
                                        std::to_string(std::uint64_t{split.number} + 1) + " of " +
                                        std::to_string(split.n_part));
    return std::optional(split);
}

Result<fs::path> part_path(const fs::path& path, const GgufSplit& split, std::uint32_t number) {
    const std::string name = utf8_from_path(path.filename());
    const std::string own = ending(split.number, split.n_part);
    if (!name.ends_with(own))
        return corrupt(name, "it is part " + std::to_string(split.number + 1) + " of " +
                                 std::to_string(split.n_part) +
                                 ", and the others are found by its name, which should end in " +
                                 own + "; rename it");
    return path.parent_path() /
           path_from_utf8(name.substr(0, name.size() - own.size()) + ending(number, split.n_part));
}

Result<std::vector<GgufFile>> open_parts(const fs::path& path, const GgufSplit& split) {
    std::vector<GgufFile> parts;
    std::unordered_set<std::string_view> names;
    for (std::uint32_t i = 0; i < split.n_part; ++i) {
        ASSIGN_OR_RETURN(auto part, open_part(path, split, i));
        for (const FileTensor& tensor : part.tensors())
            if (!names.insert(tensor.name).second)
                return corrupt(part.name(), "tensor " + std::string(tensor.name) +
                                                " is in an earlier part, too");
        parts.push_back(std::move(part));
    }
    if (names.size() != split.n_tensor)
        return corrupt(parts.front().name(), "the parts have " + std::to_string(names.size()) +
                                                 " tensors of " + std::to_string(split.n_tensor) +
                                                 "; download them again");
    return parts;
}

}  // namespace lares
