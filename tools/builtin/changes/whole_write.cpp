#include "tools/builtin/changes/whole_write.h"

#include "tools/journal/sha256.h"

#include <utility>

namespace lares {

StandingFile standing_file(const ToolPath& path, Replacing replacing, const ChangeTools& tools) {
    const PlaceBeneath place{path.folder, path.relative};
    const auto facts = facts_beneath(place, tools.method);
    if (!facts) return std::monostate{};
    if (facts->kind == EntryKind::Folder || replacing == Replacing::Nothing)
        return change_fault_text(ChangeFault::Exists, path.as_called);
    if (replacing == Replacing::PlainFile && facts->is_executable())
        return change_fault_text(ChangeFault::Denied, path.as_called);
    FileBytes old = read_beneath(place, kMaxReplacedBytes, tools.method);
    if (old.fault == ChangeFault::TooLarge) {
        return tool_error(ErrorCode::InvalidArgument, "file too large: " + path.as_called + " (" +
                                                          size_text(kMaxReplacedBytes) +
                                                          " at most)");
    }
    if (old.fault) return change_fault_text(*old.fault, path.as_called);
    return old;
}

WholeWrite write_whole(const ToolPath& path,
                       std::string_view content,
                       const FileBytes* old,
                       const ChangeTools& tools) {
    WholeWrite write{change_at(FileChange::Kind::Write, path, tools), {}};
    write.change.temporary = temporary_name();
    write.change.new_sha256 = sha256_hex(content);
    NewFileFacts fresh;
    if (old) {
        write.change.old_sha256 = sha256_hex(old->bytes);
        write.change.old_mode = old->facts.mode;
        write.change.old_modified_ns = old->facts.modified_ns;
        fresh.mode = old->facts.mode;
    }
    const std::string_view replaced = old ? std::string_view(old->bytes) : std::string_view();
    write.outcome = make_recorded(tools, write.change, replaced, path.as_called, [&] {
        return write_beneath({path.folder, path.relative}, content, old ? &old->facts : nullptr,
                             fresh, write.change.temporary, tools.method);
    });
    return write;
}

}  // namespace lares
