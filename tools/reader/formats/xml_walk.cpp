#include "tools/reader/formats/xml_walk.h"

#include "tools/reader/formats/zip_archive.h"

#include <algorithm>
#include <expat.h>
#include <memory>
#include <optional>

namespace lares::reader {
namespace {

constexpr int kMaxDepth = 256;
constexpr std::size_t kStepBytes = std::size_t{64} << 10;

std::string_view without_prefix(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

struct ParserEnd {
    void operator()(XML_Parser parser) const noexcept { ::XML_ParserFree(parser); }
};
using UniqueParser = std::unique_ptr<XML_ParserStruct, ParserEnd>;

/// What expat's functions get.
struct Walk {
    XML_Parser parser = nullptr;
    XmlListener* listener = nullptr;
    std::optional<Error> error;
    int depth = 0;

    void stop(Error why) {
        if (!error) error = std::move(why);
        ::XML_StopParser(parser, XML_FALSE);
    }
    void stop_where_done() {
        if (listener->is_done()) ::XML_StopParser(parser, XML_FALSE);
    }
};

Walk& walk_of(void* user) {
    return *static_cast<Walk*>(user);
}

void on_open(void* user, const XML_Char* name, const XML_Char** attributes) {
    Walk& walk = walk_of(user);
    if (++walk.depth > kMaxDepth) {
        return walk.stop({ErrorCode::InvalidArgument, "is nested deeper than documents are (" +
                                                          std::to_string(kMaxDepth) +
                                                          " levels), so it was not read."});
    }
    walk.listener->opened(without_prefix(name), XmlAttributes(attributes));
    walk.stop_where_done();
}

void on_close(void* user, const XML_Char* name) {
    Walk& walk = walk_of(user);
    --walk.depth;
    walk.listener->closed(without_prefix(name));
    walk.stop_where_done();
}

void on_text(void* user, const XML_Char* text, int size) {
    Walk& walk = walk_of(user);
    walk.listener->text({text, static_cast<std::size_t>(size)});
    walk.stop_where_done();
}

void on_document_type(
    void* user, const XML_Char*, const XML_Char*, const XML_Char*, int has_definitions) {
    if (has_definitions == 0) return;
    walk_of(user).stop({ErrorCode::InvalidArgument,
                        "defines entities of its own, which office programs never do, so it was "
                        "not read."});
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
    for (const char** pair = m_pairs; *pair != nullptr; pair += 2) {
        if (without_prefix(*pair) == name) return pair[1];
    }
    return {};
}

std::string_view XmlAttributes::exactly(std::string_view name) const {
    for (const char** pair = m_pairs; *pair != nullptr; pair += 2) {
        if (*pair == name) return pair[1];
    }
    return {};
}

Result<void> walk_xml(std::string_view bytes, XmlListener& listener) {
    const UniqueParser parser(::XML_ParserCreate(nullptr));
    if (!parser)
        return Error{ErrorCode::OutOfMemory, "needs more memory than a document may take."};
    Walk walk{parser.get(), &listener, std::nullopt, 0};
    ::XML_SetUserData(parser.get(), &walk);
    ::XML_SetElementHandler(parser.get(), on_open, on_close);
    ::XML_SetCharacterDataHandler(parser.get(), on_text);
    ::XML_SetStartDoctypeDeclHandler(parser.get(), on_document_type);
    ::XML_SetParamEntityParsing(parser.get(), XML_PARAM_ENTITY_PARSING_NEVER);
    while (true) {
        const std::size_t step = std::min(bytes.size(), kStepBytes);
        const bool is_last = step == bytes.size();
        const XML_Status status = ::XML_Parse(parser.get(), bytes.data(), static_cast<int>(step),
                                              is_last ? XML_TRUE : XML_FALSE);
        if (walk.error) return *walk.error;
        if (listener.is_done()) return {};
        if (status != XML_STATUS_OK)
            return damaged(std::string("XML: ") +
                           ::XML_ErrorString(::XML_GetErrorCode(parser.get())));
        if (is_last) return {};
        bytes.remove_prefix(step);
    }
}

}  // namespace lares::reader
