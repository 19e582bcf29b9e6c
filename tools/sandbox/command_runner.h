#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// A folder that a command sees, at `seen_as` (absolute, plain), with everything below it. What it
/// sees of the system besides is the system's own programs and libraries, for reading.
struct CommandFolder {
    const FolderHandle* folder = nullptr;  ///< outlives the run; a command sees this very folder
    std::string seen_as;
    bool is_writable = false;
};

/// What a command may use. More than that ends it.
struct CommandLimits {
    std::uint32_t max_process = 64;
    std::uint32_t max_open_file = 256;
    std::uint64_t max_address_space_bytes = 8ULL << 30;  ///< of each process
    std::uint64_t max_resident_bytes = 2ULL << 30;       ///< of all of them
    std::uint64_t max_file_bytes = 256ULL << 20;         ///< of each file
    std::uint64_t max_written_bytes = 512ULL << 20;      ///< that its folders may grow by
    std::uint64_t max_temporary_bytes = 128ULL << 20;    ///< of /tmp, which is memory
    std::uint64_t kept_first_bytes = 64ULL << 10;        ///< of its output
    std::uint64_t kept_last_bytes = 192ULL << 10;
    std::chrono::milliseconds wall_time{60'000};
    std::chrono::milliseconds silent_time{20'000};  ///< without output
    std::chrono::seconds processor_time{60};        ///< of each process
};

/// How a program that stays is talked to while it runs. Without one a command reads nothing, and
/// what it prints is its outcome.
struct CommandStreams {
    NativeHandle input = kNoHandle;  ///< it reads this pipe; open as long as the run begins
    /// What it prints, as it comes, on the thread that runs it. Its complaints (stderr) are the
    /// outcome's output.
    std::function<void(std::string_view)> output;
};

/// A command as it will run.
struct CommandSpec {
    std::string script;  ///< for /bin/sh, which gets it as a file and never as an argument
    std::vector<CommandFolder> folders;
    std::string working_folder;  ///< one of `folders` or below it, as the command sees it
    CommandLimits limits;
    std::optional<CommandStreams> streams = {};
};

enum class CommandEnd {
    Exited,     ///< by itself, with a status
    Signalled,  ///< by a signal of the system: a crash, a limit of the kernel's
    TimedOut,   ///< wall_time
    Silent,     ///< silent_time
    TooMuchMemory,
    TooMuchWritten,
    Stopped,  ///< by the stop token
};

struct CommandOutcome {
    CommandEnd end = CommandEnd::Exited;
    int status = 0;  ///< exit status of Exited, signal of Signalled
    /// Bytes of stdout and stderr as they came; the middle may be missing. With streams: of stderr.
    std::string output;
    std::uint64_t left_out_bytes = 0;  ///< after the first kept_first_bytes of `output`
    std::chrono::milliseconds duration{0};
    std::vector<std::string> layers;  ///< what kept it in: "bubblewrap", "landlock", "seccomp"
};

/// Whether this system can keep a command in.
struct CommandSupport {
    bool is_available = false;
    std::string reason;  ///< where it cannot: one sentence with the cause and the mend
    std::vector<std::string> layers;
};

/// Runs commands where they reach nothing but their folders: no network, no other process, no
/// session, no device, no file of the user's (security design, 3.4). Thread safe.
class CommandSandbox {
public:
    virtual ~CommandSandbox() = default;

    /// Tries the sandbox with commands that attack it, and says whether each was kept in. Cached
    /// for ten minutes, a failure for some seconds; a test takes some tenths of a second, on any
    /// thread. It sets out bait for the attacks: files in the folder for temporary ones, and, in a
    /// process of its own, sockets on this machine.
    [[nodiscard]] virtual CommandSupport support() const = 0;

    /// Runs it and waits, after support() has said yes. Whatever it started is gone when this
    /// returns, however it ended. Errors, none of which ran anything: Unsupported (a layer is
    /// missing or failed; the sentence names the mend), InvalidArgument (the spec), Io.
    [[nodiscard]] virtual Result<CommandOutcome> run(const CommandSpec& spec,
                                                     const std::stop_token& stop) const = 0;
};

/// The system's: Linux with bubblewrap; other systems answer Unsupported. Nothing runs where a
/// layer could not be put in place.
class CommandRunner final : public CommandSandbox {
public:
    struct Options {
        /// lares-toolhost, which sets the limits inside: beside the running program.
        std::string toolhost = default_toolhost();
        std::string bubblewrap = "/usr/bin/bwrap";
    };
    [[nodiscard]] static std::string default_toolhost();
    explicit CommandRunner(Options options);

    [[nodiscard]] CommandSupport support() const override;
    [[nodiscard]] Result<CommandOutcome> run(const CommandSpec& spec,
                                             const std::stop_token& stop) const override;

private:
    struct Known;

    Options m_options;
    std::shared_ptr<Known> m_known;  ///< shared by copies
};

}  // namespace lares
