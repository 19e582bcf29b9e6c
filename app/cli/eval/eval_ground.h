#pragma once

#include "app/cli/eval/eval_case.h"
#include "app/cli/tool_session.h"
#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace lares::cli {

/// What a case works on: a home of its own in the system's folder for temporary files, with the
/// case's files, and beside it what tools keep of what they do. Nothing of the user's is in it, and
/// it is gone with this object. One thread at a time.
class EvalGround {
public:
    /// Io: the files cannot be made.
    [[nodiscard]] static Result<EvalGround> make(const EvalCase& what);
    EvalGround(EvalGround&& other) noexcept;
    EvalGround& operator=(EvalGround&&) = delete;
    ~EvalGround();

    [[nodiscard]] std::filesystem::path home() const { return m_root / "home"; }
    [[nodiscard]] ToolPlaces places() const;
    /// The folders in `home`, which a case may change.
    [[nodiscard]] std::vector<std::string> folders() const;

private:
    explicit EvalGround(std::filesystem::path root) : m_root(std::move(root)) {}
    [[nodiscard]] Result<void> fill(const EvalCase& what) const;

    std::filesystem::path m_root;  // empty: moved from
};

}  // namespace lares::cli
