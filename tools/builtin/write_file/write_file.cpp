#include "tools/builtin/write_file/write_file.h"

#include "tools/journal/sha256.h"

namespace lares {

ToolText write_file(const ToolPath& path,
                    std::string_view content,
                    Replacing replacing,
                    const ChangeTools& tools) {
    const PlaceBeneath place{path.folder, path.relative};
    FileBytes old;
    const auto facts = facts_beneath(place, tools.method);
    if (facts) {
        if (facts->kind == EntryKind::Folder || replacing == Replacing::Nothing)
            return change_fault_text(ChangeFault::Exists, path.as_called);
        if (replacing == Replacing::PlainFile && facts->is_executable())
            return change_fault_text(ChangeFault::Denied, path.as_called);
        old = read_beneath(place, kMaxReplacedBytes, tools.method);
        if (old.fault == ChangeFault::TooLarge) {
            return tool_error(ErrorCode::InvalidArgument, "file too large: " + path.as_called +
                                                              " (" + size_text(kMaxReplacedBytes) +
                                                              " at most)");
        }
        if (old.fault) return change_fault_text(*old.fault, path.as_called);
    }
    FileChange change = change_at(FileChange::Kind::Write, path, tools);
    change.temporary = temporary_name();
    change.new_sha256 = sha256_hex(content);
    NewFileFacts fresh;
    if (facts) {
        change.old_sha256 = sha256_hex(old.bytes);
        change.old_mode = old.facts.mode;
        change.old_modified_ns = old.facts.modified_ns;
        fresh.mode = old.facts.mode;
    }
    const RecordedOutcome written = make_recorded(tools, change, old.bytes, path.as_called, [&] {
        return write_beneath(place, content, facts ? &old.facts : nullptr, fresh, change.temporary,
                             tools.method);
    });
    if (written.id == 0) return written.error;
    ToolText text;
    text.result = "wrote " + std::to_string(content.size()) + " bytes to " + path.as_called;
    text.detail = sentence_of(change) + " (" + size_text(content.size()) + ")";
    text.changes = {written.id};
    return text;
}

}  // namespace lares
