#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace lares::reader {

/// The attributes of one element; valid while its `opened` runs.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) : m_pairs(pairs) {}
    /// By its name without a prefix ("val" finds w:val); empty where there is none.
    [[nodiscard]] std::string_view operator[](std::string_view name) const;
    /// By its name with the prefix, where two differ by that alone ("r:id" and "id").
    [[nodiscard]] std::string_view exactly(std::string_view name) const;

private:
    const char** m_pairs;
};

/// What walk_xml tells of, in the order in which it stands there. Names come without their prefix.
class XmlListener {
public:
    virtual ~XmlListener() = default;
    virtual void opened(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void closed(std::string_view name) = 0;
    virtual void text(std::string_view text) = 0;
    /// True: nothing more is wanted.
    [[nodiscard]] virtual bool is_done() const { return false; }
};

/// Reads a part that is XML, in any encoding that says its name; what comes out is UTF-8. Deeper
/// than 256 elements, and a document type of its own, which could define entities that grow without
/// end, are refused. Errors are predicates.
[[nodiscard]] Result<void> walk_xml(std::string_view bytes, XmlListener& listener);

}  // namespace lares::reader
