#include "tools/reader/formats/parts.h"

#include <charconv>
#include <vector>

namespace lares::reader {
namespace {

class RelationListener final : public XmlListener {
public:
    explicit RelationListener(std::string from) : m_from(std::move(from)) {}

    void opened(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "Relationship" || attributes["TargetMode"] == "External") return;
        const std::string_view type = attributes["Type"];
        m_relations[std::string(attributes["Id"])] = {std::string(type.substr(type.rfind('/') + 1)),
                                                      part_beside(m_from, attributes["Target"])};
    }
    void closed(std::string_view) override {}
    void text(std::string_view) override {}

    [[nodiscard]] Relations take() { return std::move(m_relations); }

private:
    std::string m_from;
    Relations m_relations;
};

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string part_beside(std::string_view from, std::string_view target) {
    std::vector<std::string_view> steps;
    const auto walk = [&](std::string_view path) {
        while (!path.empty()) {
            const std::size_t slash = std::min(path.find('/'), path.size());
            const std::string_view step = path.substr(0, slash);
            path.remove_prefix(std::min(slash + 1, path.size()));
            if (step.empty() || step == ".") continue;
            if (step != "..") {
                steps.push_back(step);
            } else if (!steps.empty()) {
                steps.pop_back();
            }
        }
    };
    if (!target.starts_with('/')) {
        const std::size_t folder = from.rfind('/');
        walk(folder == std::string_view::npos ? std::string_view() : from.substr(0, folder));
    }
    walk(target);
    std::string name;
    for (const std::string_view step : steps) name.append(name.empty() ? "" : "/").append(step);
    return name;
}

std::string without_escapes(std::string_view reference) {
    reference = reference.substr(0, reference.find('#'));
    std::string name;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        if (reference[i] == '%' && i + 2 < reference.size() && digit_of(reference[i + 1]) >= 0 &&
            digit_of(reference[i + 2]) >= 0) {
            name += static_cast<char>(digit_of(reference[i + 1]) * 16 + digit_of(reference[i + 2]));
            i += 2;
        } else {
            name += reference[i];
        }
    }
    return name;
}

Result<Relations> relations_of(ZipArchive& archive, const std::string& name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t folder = slash == std::string::npos ? 0 : slash + 1;
    ASSIGN_OR_RETURN(
        const std::string part,
        archive.read_or_empty(name.substr(0, folder) + "_rels/" + name.substr(folder) + ".rels"));
    if (part.empty()) return Relations();
    RelationListener listener(name);
    RETURN_IF_ERROR(walk_xml(part, listener));
    return listener.take();
}

std::string first_of_type(const Relations& relations, std::string_view type) {
    for (const auto& [id, relation] : relations) {
        if (relation.type == type) return relation.target;
    }
    return {};
}

int number_or(std::string_view digits, int otherwise) {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size();
    return is_number && number >= 0 && number <= 1'000'000'000 ? number : otherwise;
}

}  // namespace lares::reader
