#include "app/cli/eval/eval_ground.h"

#include "engine/base/path_text.h"

#include <cstdint>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

namespace lares::cli {
namespace fs = std::filesystem;
namespace {

Error cannotMake(const fs::path& path, const std::error_code& error) {
    return {ErrorCode::Io,
            utf8_from_path(path) + " cannot be made: " + error.message() +
                "; free some space, or set another folder for temporary files (TMPDIR)"};
}

/// A new folder that other users cannot look into.
Result<fs::path> newFolder() {
    std::error_code error;
    const fs::path parent = fs::canonical(fs::temp_directory_path(error), error);
    if (error) return cannotMake("a folder for temporary files", error);
    std::random_device chance;
    for (int attempt = 0; attempt < 16; ++attempt) {
        const std::uint64_t number = (std::uint64_t{chance()} << 32) | chance();
        fs::path folder = parent / ("lares-eval-" + std::to_string(number));
        if (fs::create_directory(folder, error)) {
            fs::permissions(folder, fs::perms::owner_all, error);
            if (error) return cannotMake(folder, error);
            return folder;
        }
        if (error) return cannotMake(folder, error);
    }
    return Error{ErrorCode::Io, "no free name in " + utf8_from_path(parent)};
}

}  // namespace

Result<EvalGround> EvalGround::make(const EvalCase& what) {
    ASSIGN_OR_RETURN(fs::path root, newFolder());
    EvalGround ground(std::move(root));
    RETURN_IF_ERROR(ground.fill(what));
    return ground;
}

EvalGround::EvalGround(EvalGround&& other) noexcept : m_root(std::exchange(other.m_root, {})) {}

EvalGround::~EvalGround() {
    std::error_code ignored;
    if (!m_root.empty()) fs::remove_all(m_root, ignored);
}

Result<void> EvalGround::fill(const EvalCase& what) const {
    std::error_code error;
    fs::create_directories(home() / "Documents", error);
    if (error) return cannotMake(home(), error);
    for (const auto& [name, text] : what.files) {
        const fs::path path = home() / path_from_utf8(name);
        fs::create_directories(text ? path.parent_path() : path, error);
        if (error) return cannotMake(path, error);
        if (!text) continue;
        std::ofstream file(path, std::ios::binary);
        file << *text;
        if (!file.flush()) return cannotMake(path, std::make_error_code(std::errc::io_error));
    }
    return {};
}

ToolPlaces EvalGround::places() const {
    const fs::path kept = m_root / "kept";
    ToolPlaces places;
    places.home = utf8_from_path(home());
    places.closed = {places.home, {utf8_from_path(kept)}};
    places.undo = kept / "undo";
    places.audit = kept / "audit";
    places.work = kept / "work";
    places.library = kept / "library.db";
    return places;
}

std::vector<std::string> EvalGround::folders() const {
    std::vector<std::string> folders;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(home(), error))
        if (entry.is_directory(error)) folders.push_back(utf8_from_path(entry.path()));
    return folders;
}

}  // namespace lares::cli
