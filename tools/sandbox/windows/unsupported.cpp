// File tools are switched off on Windows until handle-relative opening is written: everything here
// fails closed, and GrantList refuses every folder with the sentence below.
#include "tools/sandbox/change_beneath.h"
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/confinement.h"
#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/read_bytes.h"
#include "tools/sandbox/scratch_folder.h"
#include "tools/sandbox/tree_copy.h"

namespace lares {
namespace {

OpenOutcome nothing_opened() {
    OpenOutcome outcome;
    outcome.fault = OpenFault::Unsupported;
    return outcome;
}

ChangeOutcome nothing_changed() {
    ChangeOutcome outcome;
    outcome.fault = ChangeFault::Unsupported;
    return outcome;
}

Error unsupported() {
    return {ErrorCode::Unsupported, "file tools are not available on Windows yet"};
}

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

struct FolderReader::Impl {};

void close_native(NativeHandle) noexcept {}

Result<FolderHandle> FolderHandle::open(const std::string&) {
    return unsupported();
}

bool FolderHandle::is_removed() const {
    return true;
}

Result<FileIdentity> identity_of(const std::string&) {
    return unsupported();
}

std::string_view sandbox_layer(OpenMethod) {
    return "none";
}

bool has_file_sandbox() {
    return false;
}

OpenOutcome open_file_beneath(const FolderHandle&, std::string_view, OpenMethod) {
    return nothing_opened();
}

OpenOutcome open_folder_beneath(const FolderHandle&, std::string_view, OpenMethod) {
    return nothing_opened();
}

std::optional<EntryStatus> status_beneath(const FolderHandle&, std::string_view, OpenMethod) {
    return std::nullopt;
}

std::optional<FileFacts> facts_beneath(const PlaceBeneath&, OpenMethod) {
    return std::nullopt;
}

ChangeOutcome make_folder_beneath(const PlaceBeneath&, OpenMethod) {
    return nothing_changed();
}

ChangeOutcome remove_folder_beneath(const PlaceBeneath&, OpenMethod) {
    return nothing_changed();
}

ChangeOutcome move_beneath(const PlaceBeneath&, const PlaceBeneath&, OpenMethod) {
    return nothing_changed();
}

FileBytes read_beneath(const PlaceBeneath&, std::uint64_t, OpenMethod) {
    FileBytes nothing;
    nothing.fault = ChangeFault::Unsupported;
    return nothing;
}

ChangeOutcome write_beneath(const PlaceBeneath&,
                            std::string_view,
                            const FileFacts*,
                            const NewFileFacts&,
                            const std::string&,
                            OpenMethod) {
    return nothing_changed();
}

ChangeOutcome remove_beneath(const PlaceBeneath&,
                             const FileFacts&,
                             const std::string&,
                             OpenMethod) {
    return nothing_changed();
}

Result<ScratchFolder> ScratchFolder::make(const std::string&) {
    return unsupported();
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

Result<std::vector<std::string>> confine_this_thread(std::span<const ConfinedFolder>) {
    return std::vector<std::string>();
}

FolderReader::FolderReader(UniqueNativeHandle) {}
FolderReader::FolderReader(FolderReader&&) noexcept = default;
FolderReader& FolderReader::operator=(FolderReader&&) noexcept = default;
FolderReader::~FolderReader() = default;

std::optional<FolderReader::Entry> FolderReader::next() {
    return std::nullopt;
}

bool FolderReader::failed() const {
    return true;
}

std::optional<std::size_t> read_bytes(const UniqueNativeHandle&, std::span<char>) {
    return std::nullopt;
}

}  // namespace lares
