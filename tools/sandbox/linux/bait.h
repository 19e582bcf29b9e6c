#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <string>

namespace lares {

/// What a command must not reach, alive while this is: a secret file, listening sockets of each
/// kind, an open folder. All on this machine, in a folder of its own that is removed with it. One
/// thread at a time.
class Bait {
public:
    Bait() = default;
    ~Bait();
    Bait(const Bait&) = delete;
    Bait& operator=(const Bait&) = delete;

    /// Sets it out. Io.
    [[nodiscard]] Result<void> set_out();

    /// Reaches for each from here, which must work: else a denial would say nothing. Io.
    [[nodiscard]] Result<void> check_alive();
    /// Whether somebody else did since.
    [[nodiscard]] bool was_taken() const;

    [[nodiscard]] const std::string& folder() const { return m_folder; }
    [[nodiscard]] std::string secret() const { return m_folder + "/secret"; }
    [[nodiscard]] std::string socket() const { return m_folder + "/socket"; }
    /// With '@' in place of its first byte, which is NUL.
    [[nodiscard]] std::string abstract_socket() const { return "@" + m_folder; }
    [[nodiscard]] unsigned tcp_port() const { return m_tcp_port; }
    [[nodiscard]] unsigned udp_port() const { return m_udp_port; }
    /// The only folder of it that is for the command; "file" is in it.
    [[nodiscard]] std::string inside() const { return m_folder + "/inside"; }

private:
    std::string m_folder;
    UniqueNativeHandle m_socket;
    UniqueNativeHandle m_abstract;
    UniqueNativeHandle m_tcp;
    UniqueNativeHandle m_udp;
    UniqueNativeHandle m_inherited;  ///< would stay open in programs that are started carelessly
    unsigned m_tcp_port = 0;
    unsigned m_udp_port = 0;
};

}  // namespace lares
