#include "tools/documents/document_reader.h"

namespace lares {
namespace {

Error not_here() {
    return {ErrorCode::Unsupported,
            "is a document, and documents cannot be read on Windows yet: there is no sandbox for "
            "them. Save it as text first, or paste the text out of it."};
}

}  // namespace

bool DocumentReader::is_supported() {
    return false;
}

std::string DocumentReader::default_program() {
    return {};
}

Result<DocumentText> DocumentReader::read(const UniqueNativeHandle&,
                                          DocumentFamily,
                                          const std::stop_token&) const {
    return not_here();
}

Result<DocumentText> DocumentReader::read(const std::filesystem::path&,
                                          DocumentFamily,
                                          const std::stop_token&) const {
    return not_here();
}

}  // namespace lares
