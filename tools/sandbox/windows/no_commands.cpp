// Commands are switched off on Windows until a sandbox for them is written: whatever only they need
// fails closed.
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/input_pipe.h"
#include "tools/sandbox/scratch_folder.h"
#include "tools/sandbox/tree_copy.h"

namespace lares {
namespace {

constexpr const char* kNoCommands =
    "Commands are switched off: this system cannot isolate them (there is no sandbox for them on "
    "Windows yet; use Lares on Linux)";

}  // namespace

struct CommandRunner::Known {};

std::string CommandRunner::default_toolhost() {
    return {};
}

CommandRunner::CommandRunner(Options options) : m_options(std::move(options)) {}

CommandSupport CommandRunner::support() const {
    return {false, kNoCommands, {}};
}

Result<CommandOutcome> CommandRunner::run(const CommandSpec&, const std::stop_token&) const {
    return Error{ErrorCode::Unsupported, kNoCommands};
}

Result<InputPipe> InputPipe::open() {
    return Error{ErrorCode::Unsupported, kNoCommands};
}

Result<void> InputPipe::write(std::string_view,
                              std::chrono::steady_clock::time_point,
                              const std::stop_token&) {
    return Error{ErrorCode::Unsupported, kNoCommands};
}

Result<ScratchFolder> ScratchFolder::make(const std::string&) {
    return Error{ErrorCode::Unsupported, kNoCommands};
}

ScratchFolder::~ScratchFolder() = default;

TreeOutcome read_tree(const FolderHandle&, const TreeBounds&, OpenMethod) {
    TreeOutcome nothing;
    nothing.fault = TreeFault::Unsupported;
    return nothing;
}

CopyOutcome copy_tree(
    const FolderHandle&, const std::string&, const FolderHandle&, const TreeBounds&, OpenMethod) {
    CopyOutcome nothing;
    nothing.fault = TreeFault::Unsupported;
    return nothing;
}

bool has_same_bytes(const PlaceBeneath&, const PlaceBeneath&, OpenMethod) {
    return false;
}

}  // namespace lares
