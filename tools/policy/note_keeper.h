#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>

namespace lares {

/// A note of a model's to which the user said yes.
struct NoteToKeep {
    std::string text;          ///< as the user left it
    std::string persona;       ///< who reads it, by an id of the caller's; empty: every persona
    std::string conversation;  ///< where it comes from (CallContext)
    std::string turn;
};

/// Where notes are kept that a model proposes. Errors are words for the model and the user alike,
/// as tools/registry/README.md has them. Any thread.
class NoteKeeper {
public:
    virtual ~NoteKeeper() = default;

    /// The text as it would be kept if `persona` reads it, what hides in it written out, so that
    /// what a person sees is all there is. InvalidArgument: it is empty, too long or there already,
    /// or there is no room.
    [[nodiscard]] virtual Result<std::string> check(const std::string& text,
                                                    const std::string& persona) const = 0;
    /// On disk when it returns, with the number by which it can be forgotten. Checks again.
    [[nodiscard]] virtual Result<std::int64_t> keep(const NoteToKeep& note) = 0;
};

}  // namespace lares
