#pragma once

#include "tools/reader/formats/text_sink.h"
#include "tools/reader/formats/xml_walk.h"
#include "tools/reader/formats/zip_archive.h"

#include <map>
#include <string>
#include <string_view>

namespace lares::reader {

// How the parts of a packed document find each other.

/// "word/document.xml" + "../media/a.png" → "media/a.png": a part's name, as another part names it.
/// "/" begins at the archive's root; "..", which could lead out of it, stays there.
[[nodiscard]] std::string part_beside(std::string_view from, std::string_view target);
/// "a%20b.xhtml#c" → "a b.xhtml".
[[nodiscard]] std::string without_escapes(std::string_view reference);

/// What a part refers to, by id.
struct Relation {
    std::string type;    ///< the last word of it: "officeDocument", "slide"
    std::string target;  ///< a part's name
};
using Relations = std::map<std::string, Relation>;
/// Of the part `name`, or of the whole archive ("").
[[nodiscard]] Result<Relations> relations_of(ZipArchive& archive, const std::string& name);
/// The first of a type; empty where there is none.
[[nodiscard]] std::string first_of_type(const Relations& relations, std::string_view type);

/// A number in decimal digits; `otherwise` where it is none, or above 10^9.
[[nodiscard]] int number_or(std::string_view digits, int otherwise);

}  // namespace lares::reader
