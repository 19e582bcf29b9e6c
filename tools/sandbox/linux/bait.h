#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <string>
#include <sys/types.h>

namespace lares {

/// Inside the sandbox lares-toolhost says its name when it is asked to.
constexpr const char* kAskName = "name";
constexpr const char* kName = "lares-toolhost\n";
/// What it is asked as the holder of the bait, a byte each. It says "bait FOLDER
/// TCP-PORT UDP-PORT" or "failed SENTENCE" at first, then "alive" or "dead", "taken" or "untaken".
constexpr char kAskAlive = 'a';
constexpr char kAskTaken = 't';

/// What a command must not reach, alive while this is: a secret file, listening sockets of each
/// kind, an open folder. All on this machine, in a folder of its own that is removed with it. The
/// sockets are held by a process of their own, which ends with this: this process opens none. One
/// thread at a time.
class Bait {
public:
    Bait() = default;
    ~Bait();
    Bait(const Bait&) = delete;
    Bait& operator=(const Bait&) = delete;

    /// Sets it out. Io.
    [[nodiscard]] Result<void> set_out(const std::string& toolhost);

    /// Reaches for each from outside the sandbox, which must work: else a denial would say nothing.
    /// Io.
    [[nodiscard]] Result<void> check_alive();
    /// Whether somebody else did since; also when nobody can say.
    [[nodiscard]] bool was_taken();

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
    /// The next line that the holder says; empty when it says none.
    [[nodiscard]] std::string next_line();
    [[nodiscard]] std::string asked(char question);

    pid_t m_holder = -1;
    UniqueNativeHandle m_questions;
    UniqueNativeHandle m_answers;
    std::string m_read;  ///< of the answers, not a line yet
    std::string m_folder;
    UniqueNativeHandle m_inherited;  ///< would stay open in programs that are started carelessly
    unsigned m_tcp_port = 0;
    unsigned m_udp_port = 0;
};

}  // namespace lares
