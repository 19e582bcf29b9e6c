#include "app/cli/attached_files.h"

#include "engine/base/path_text.h"

#include <utility>

namespace lares::cli {

OptionSpec fileOption() {
    return {"file", 0, OptionKind::TextList, "PATH",
            "let a text file or a document (PDF, DOCX, …) go with the prompt; may stand more than "
            "once"};
}

Result<void> attachFile(std::vector<AttachedText>& attached,
                        const std::string& path,
                        const std::stop_token& stop) {
    ASSIGN_OR_RETURN(AttachedText read,
                     readAttachedText(path_from_utf8(path), DocumentReader(), stop));
    std::uint64_t bytes = 0;
    for (const AttachedText& one : attached) bytes += one.sizeBytes;
    RETURN_IF_ERROR(checkAttached(attached.size(), bytes, read.name, read.sizeBytes));
    attached.push_back(std::move(read));
    return {};
}

Result<std::vector<AttachedText>> attachedFiles(const Options& options,
                                                const std::stop_token& stop) {
    std::vector<AttachedText> attached;
    for (const std::string& path : options.texts("file"))
        RETURN_IF_ERROR(attachFile(attached, path, stop));
    return attached;
}

}  // namespace lares::cli
