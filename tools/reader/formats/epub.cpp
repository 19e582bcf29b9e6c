#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/parts.h"

#include <vector>

namespace lares::reader {
namespace {

class ContainerListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "rootfile" && package.empty()) package = attributes["full-path"];
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}

    std::string package;
};

/// What a book consists of, and in which order it is read.
class PackageListener final : public XmlListener {
public:
    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "item") {
            const std::string_view type = attributes["media-type"];
            if (type.find("html") != std::string_view::npos)
                chapters[std::string(attributes["id"])] = attributes["href"];
        } else if (name == "itemref") {
            spine.emplace_back(attributes["idref"]);
        }
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}

    std::map<std::string, std::string> chapters;
    std::vector<std::string> spine;
};

}  // namespace

Result<void> read_epub(ZipArchive& archive, TextSink& sink) {
    ASSIGN_OR_RETURN(const std::string container, archive.read("META-INF/container.xml"));
    ContainerListener root;
    RETURN_IF_ERROR(walk_xml(container, root));
    ASSIGN_OR_RETURN(const std::string encryption,
                     archive.read_or_empty("META-INF/encryption.xml"));
    // Fonts are often veiled, which another algorithm does.
    if (encryption.find("xmlenc#aes") != std::string::npos) {
        return Error{ErrorCode::PermissionDenied,
                     "is protected against copying, so it cannot be read here."};
    }
    ASSIGN_OR_RETURN(const std::string package, archive.read(root.package));
    PackageListener book;
    RETURN_IF_ERROR(walk_xml(package, book));
    for (const std::string& id : book.spine) {
        const auto found = book.chapters.find(id);
        if (found == book.chapters.end()) continue;
        const std::string part = part_beside(root.package, without_escapes(found->second));
        // A cover that is a picture may be missing; a chapter may not.
        ASSIGN_OR_RETURN(const std::string chapter, archive.read(part));
        sink.add_empty();
        read_html(chapter, sink);
        if (sink.is_full()) return {};
    }
    return {};
}

}  // namespace lares::reader
