#include "tools/sandbox/command_runner.h"

#include "engine/base/path_text.h"
#include "engine/base/program_folder.h"
#include "tools/sandbox/linux/bubblewrap.h"
#include "tools/sandbox/linux/command_canaries.h"
#include "tools/sandbox/linux/command_launch.h"
#include "tools/sandbox/linux/command_supervisor.h"

#include <array>
#include <mutex>
#include <sys/random.h>
#include <sys/stat.h>

namespace lares {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kKnownFor{10};
/// What was missing may be there a moment later.
constexpr std::chrono::seconds kFailureKnownFor{5};

Result<std::string> new_nonce() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return Error{ErrorCode::Io, "the system gave no random number"};
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

Result<CommandOrder> order_of(const CommandSpec& spec, const std::vector<BoundFolder>& folders) {
    CommandOrder order;
    ASSIGN_OR_RETURN(order.nonce, new_nonce());
    for (std::size_t i = 0; i < kOwnNamespaces.size(); ++i) {
        struct stat status {};
        const std::string path = std::string("/proc/self/ns/") + kOwnNamespaces[i];
        if (::stat(path.c_str(), &status) != 0)
            return cannot_isolate("this kernel has no namespaces", "use another kernel");
        order.host_namespaces[i] = status.st_ino;
    }
    ASSIGN_OR_RETURN(order.system, identity_of("/usr"));
    const CommandLimits& limits = spec.limits;
    order.limits = {limits.max_process, limits.max_open_file, limits.max_address_space_bytes,
                    limits.max_file_bytes,
                    static_cast<std::uint64_t>(limits.processor_time.count())};
    order.working_folder = spec.working_folder;
    order.has_streams = spec.streams.has_value();
    for (const BoundFolder& one : folders) order.folders.push_back(one.order);
    return order;
}

/// One command, in whatever the system has: whether that keeps it in is the self-test's to say.
Result<CommandOutcome> run_once(const CommandRunner::Options& options,
                                const CommandSpec& spec,
                                const std::stop_token& stop) {
    ASSIGN_OR_RETURN(const std::vector<BoundFolder> folders, bound_folders(spec));
    RETURN_IF_ERROR(check_bubblewrap(options.bubblewrap));
    ASSIGN_OR_RETURN(const CommandOrder order, order_of(spec, folders));
    LaunchOrder launch_order;
    ASSIGN_OR_RETURN(launch_order.toolhost, open_toolhost(options.toolhost));
    launch_order.bubblewrap = options.bubblewrap;
    launch_order.arguments = bubblewrap_arguments(folders, spec.limits.max_temporary_bytes);
    launch_order.order = write_order(order);
    launch_order.script = spec.script;
    if (spec.streams) launch_order.input = spec.streams->input;
    ASSIGN_OR_RETURN(LaunchedCommand launched, launch(launch_order));
    return supervise(std::move(launched), spec, order.nonce, stop);
}

Result<std::vector<std::string>> self_test(const CommandRunner::Options& options) {
    RETURN_IF_ERROR(check_bubblewrap(options.bubblewrap));
    RETURN_IF_ERROR(open_toolhost(options.toolhost));
    RETURN_IF_ERROR(check_bubblewrap_version(version_of(options.bubblewrap)));
    const auto run = [&](const CommandSpec& spec) {
        return run_once(options, spec, std::stop_token());
    };
    return try_canaries(options.toolhost, run);
}

}  // namespace

/// What the last self-test said, and when.
struct CommandRunner::Known {
    std::mutex mutex;
    CommandSupport support;
    Clock::time_point until;
};

std::string CommandRunner::default_toolhost() {
    return utf8_from_path(program_folder() / "lares-toolhost");
}

CommandRunner::CommandRunner(Options options)
    : m_options(std::move(options)), m_known(std::make_shared<Known>()) {}

CommandSupport CommandRunner::support() const {
    const std::lock_guard lock(m_known->mutex);  // who comes meanwhile waits for the same answer
    if (Clock::now() < m_known->until) return m_known->support;
    const auto layers = self_test(m_options);
    CommandSupport& support = m_known->support;
    support = {};
    support.is_available = layers.has_value();
    if (layers) {
        support.layers = *layers;
    } else if (layers.error().code == ErrorCode::Unsupported) {
        support.reason = layers.error().message;
    } else {
        support.reason = cannot_isolate(layers.error().message, "try again").message;
    }
    m_known->until = Clock::now() + (layers ? Clock::duration(kKnownFor) : kFailureKnownFor);
    return support;
}

Result<CommandOutcome> CommandRunner::run(const CommandSpec& spec,
                                          const std::stop_token& stop) const {
    RETURN_IF_ERROR(bound_folders(spec));
    const CommandSupport known = support();
    if (!known.is_available) return Error{ErrorCode::Unsupported, known.reason};
    return run_once(m_options, spec, stop);
}

}  // namespace lares
