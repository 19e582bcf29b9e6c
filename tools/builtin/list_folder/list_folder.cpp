#include "tools/builtin/list_folder/list_folder.h"

#include "tools/sandbox/folded_text.h"
#include "tools/sandbox/folder_reader.h"

#include <cstddef>
#include <map>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxLines = 50;

/// Folders before files, then the name without regard to case, then its bytes.
struct Order {
    bool is_file = false;
    std::u32string folded;
    std::string name;

    auto operator<=>(const Order&) const = default;
};

/// The first lines of a listing, whatever order the entries come in.
class FirstEntries {
public:
    void add(Order order, EntryKind kind) {
        ++m_count;
        m_first.emplace(std::move(order), kind);
        if (m_first.size() > kMaxLines) m_first.erase(std::prev(m_first.end()));
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] const std::map<Order, EntryKind>& first() const { return m_first; }

private:
    std::map<Order, EntryKind> m_first;
    std::size_t m_count = 0;
};

std::string below(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

std::string line_of(const std::string& name,
                    EntryKind kind,
                    const ToolPath& path,
                    const RunLimits& limits) {
    const std::string shown = name_text(name);
    if (kind == EntryKind::Folder) return shown + "/";
    if (kind == EntryKind::Other) return shown + " (not a file)";
    if (kind == EntryKind::Link) return shown + " (link)";
    const auto status = status_beneath(path.folder, below(path.relative, name), limits.open_method);
    return status ? shown + " (" + size_text(status->size_bytes) + ")" : shown;
}

/// What a link leads to, when that is inside the granted folder.
EntryKind kind_behind(const std::string& name, const ToolPath& path, const RunLimits& limits) {
    const auto status = status_beneath(path.folder, below(path.relative, name), limits.open_method);
    return status ? status->kind : EntryKind::Link;
}

}  // namespace

ToolText list_folder(const ToolPath& path, const RunLimits& limits) {
    OpenOutcome opened = open_folder_beneath(path.folder, path.relative, limits.open_method);
    if (opened.fault) return open_fault_text(*opened.fault, path, true);

    FirstEntries entries;
    FolderReader reader(std::move(opened.handle));
    while (auto entry = reader.next()) {
        if (limits.expired()) return expired_text(limits);
        if (entry->kind == EntryKind::Link) entry->kind = kind_behind(entry->name, path, limits);
        entries.add({entry->kind != EntryKind::Folder, folded_name(entry->name), entry->name},
                    entry->kind);
    }
    if (reader.failed()) return open_fault_text(OpenFault::Io, path, true);

    std::string text;
    for (const auto& [order, kind] : entries.first()) {
        text.append(text.empty() ? "" : "\n").append(line_of(order.name, kind, path, limits));
    }
    if (entries.count() > entries.first().size()) {
        text += "\n... " + std::to_string(entries.count() - entries.first().size()) + " more";
    }
    const bool is_one = entries.count() == 1;
    return {text.empty() ? "(empty folder)" : text,
            std::to_string(entries.count()) + (is_one ? " entry" : " entries")};
}

}  // namespace lares
