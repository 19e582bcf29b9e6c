#include "tests/tools/reader/zip_maker.h"

#include <cstdint>
#include <zlib.h>

namespace lares::test {
namespace {

void put(std::string& bytes, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
}

std::string deflated(const std::string& text) {
    z_stream stream{};
    ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string packed(::deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    ::deflate(&stream, Z_FINISH);
    packed.resize(packed.size() - stream.avail_out);
    ::deflateEnd(&stream);
    return packed;
}

}  // namespace

std::string zip_of(const ZipParts& parts) {
    std::string archive, directory;
    for (const auto& [name, text] : parts) {
        const std::string packed = deflated(text);
        std::string facts;  // what both headers say
        put(facts, 20, 2);
        put(facts, 0, 2);
        put(facts, 8, 2);
        put(facts, 0, 4);
        put(facts,
            static_cast<std::uint32_t>(
                ::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size())),
            4);
        put(facts, static_cast<std::uint32_t>(packed.size()), 4);
        put(facts, static_cast<std::uint32_t>(text.size()), 4);
        put(facts, static_cast<std::uint32_t>(name.size()), 2);
        put(facts, 0, 2);
        const auto offset = static_cast<std::uint32_t>(archive.size());
        archive += "PK\x03\x04" + facts + name + packed;
        directory += "PK\x01\x02";
        put(directory, 20, 2);
        directory += facts;
        put(directory, 0, 2);
        put(directory, 0, 4);
        put(directory, 0, 4);
        put(directory, offset, 4);
        directory += name;
    }
    const auto at = static_cast<std::uint32_t>(archive.size());
    archive += directory + "PK\x05\x06";
    put(archive, 0, 4);
    put(archive, static_cast<std::uint32_t>(parts.size()), 2);
    put(archive, static_cast<std::uint32_t>(parts.size()), 2);
    put(archive, static_cast<std::uint32_t>(directory.size()), 4);
    put(archive, at, 4);
    put(archive, 0, 2);
    return archive;
}

std::string docx_of(const std::string& body) {
    return zip_of({{"[Content_Types].xml", "<Types/>"},
                   {"_rels/.rels",
                    "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
                    "Target=\"word/document.xml\"/></Relationships>"},
                   {"word/document.xml",
                    "<w:document xmlns:w=\"w\"><w:body>" + body + "</w:body></w:document>"}});
}

}  // namespace lares::test
