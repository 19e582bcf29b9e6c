#pragma once

#include <QString>

#include <optional>

namespace lares::app {

/// What this process has open right now, as the system tells it.
struct OpenSockets {
    int network = 0;  ///< internet sockets of any kind, listening ones too
    int local = 0;    ///< to programs of this computer: the screen, the desktop
    int unknown = 0;  ///< of a kind that the system's lists do not name
};

/// Counts the sockets among this process's open files (Linux: /proc/self/fd against the lists in
/// /proc/self/net). Empty where the system does not tell.
[[nodiscard]] std::optional<OpenSockets> countOpenSockets();

/// The same as sentences for people, with how it was found out.
[[nodiscard]] QString describeSockets(const std::optional<OpenSockets>& sockets);

}  // namespace lares::app
