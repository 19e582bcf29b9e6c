#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

// What the program and lares-toolhost, which runs inside the sandbox, agree on.

/// Descriptors that lares-toolhost starts with, beside the three standard streams.
inline constexpr int kStatusFd = 3;  ///< it writes: see StatusReport
inline constexpr int kOrderFd = 4;   ///< it reads: a CommandOrder

/// Where they are inside the sandbox.
inline constexpr const char* kToolhostPlace = "/.lares/toolhost";
inline constexpr const char* kScriptPlace = "/.lares/script";
inline constexpr const char* kOwnPlace = "/.lares";
inline constexpr const char* kHomePlace = "/work-home";  ///< memory, and gone afterwards

/// All that a command finds in its environment.
inline constexpr std::array kCommandEnvironment = {
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "HOME=/work-home",
    "TMPDIR=/tmp",
    "LANG=C.UTF-8",
    "USER=user",
    "LOGNAME=user",
    "SHELL=/bin/sh",
    "TERM=dumb",
};

/// Namespaces that a command has of its own, by their names in /proc/self/ns.
inline constexpr std::array kOwnNamespaces = {"user", "mnt", "pid", "net", "ipc", "uts"};

constexpr std::size_t kMaxOrderFolders = 32;
constexpr std::size_t kMaxOrderBytes = std::size_t{256} * 1024;

/// A folder at `place`, which must be this one and no other.
struct OrderFolder {
    std::string place;
    FileIdentity identity;
    bool is_writable = false;

    friend bool operator==(const OrderFolder&, const OrderFolder&) = default;
};

/// Limits that a process sets for itself and passes on.
struct OrderLimits {
    std::uint64_t process = 0;
    std::uint64_t open_file = 0;
    std::uint64_t address_space_bytes = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t processor_seconds = 0;

    friend bool operator==(const OrderLimits&, const OrderLimits&) = default;
};

/// What lares-toolhost checks and sets before anything else runs.
struct CommandOrder {
    std::string nonce;  ///< 32 digits of base 16, which it repeats once everything is in force
    std::array<std::uint64_t, kOwnNamespaces.size()> host_namespaces{};  ///< it must be in none
    OrderLimits limits;
    FileIdentity system;  ///< of /usr
    std::string working_folder;
    bool has_streams = false;  ///< what it complains of goes elsewhere than what it prints
    std::vector<OrderFolder> folders;

    friend bool operator==(const CommandOrder&, const CommandOrder&) = default;
};

/// As lines of text. Precondition: paths without control characters.
[[nodiscard]] std::string write_order(const CommandOrder& order);

/// Exactly what write_order writes, and nothing else: Corrupt.
[[nodiscard]] Result<CommandOrder> parse_order(std::string_view text);

/// What lares-toolhost says on its status pipe, one line each. Without Ready nothing has run.
struct StatusReport {
    bool is_ready = false;  ///< "ready NONCE ABI": every layer is in force
    std::string nonce;
    std::uint64_t landlock_abi = 0;
    std::string failure;        ///< "failed SENTENCE": not empty if so; nothing has run
    bool has_exited = false;    ///< "exited N"
    bool is_signalled = false;  ///< "signalled N"
    int status = 0;
};

/// Reads what has come of it so far. A line that it would not write is a failure.
[[nodiscard]] StatusReport parse_status(std::string_view text);

}  // namespace lares
