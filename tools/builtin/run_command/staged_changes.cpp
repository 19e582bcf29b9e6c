#include "tools/builtin/run_command/staged_changes.h"

#include <map>
#include <set>
#include <utility>

namespace lares {
namespace {

bool is_same_thing(const TreeEntry& one, const TreeEntry& other) {
    return one.facts.identity == other.facts.identity && one.facts.kind == other.facts.kind &&
           one.born_ns == other.born_ns;
}

/// Nobody wrote it: the time at which something about it changed is not a program's to set.
bool is_untouched(const TreeEntry& before, const TreeEntry& after) {
    return before.facts.is_same_content(after.facts) &&
           before.status_changed_ns == after.status_changed_ns;
}

/// The first path above `path` that is in `paths`, or itself.
bool is_in_or_below(const std::set<std::string>& paths, const std::string& path) {
    for (std::size_t end = path.size(); end != std::string::npos && end > 0;
         end = path.rfind('/', end - 1)) {
        if (paths.contains(path.substr(0, end))) return true;
    }
    return false;
}

bool is_below(const std::string& folder, const std::string& path) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

/// Plays what happened, entry by entry, on the folder as it would be by then.
class Comparison {
public:
    Comparison(const Tree& originals, const Tree& copies, const Tree& after, const PlanRules& rules)
        : m_originals(originals), m_copies(copies), m_after(after), m_rules(rules) {
        for (const auto& [path, entry] : copies) {
            m_now.emplace(path, path);
            if (entry.facts.n_name == 1 || entry.facts.kind == EntryKind::Folder)
                m_by_number.emplace(entry.facts.identity.file, path);
        }
    }

    [[nodiscard]] StagedPlan run() {
        for (const auto& [path, entry] : m_after) {
            if (!is_in_or_below(m_closed, path)) look_at(path, entry);
        }
        std::set<std::string> removed;
        for (const auto& [path, original] : m_now) {
            if (m_after.contains(path) || is_in_or_below(m_closed, path)) continue;
            if (!is_in_or_below(removed, path)) leave_out(path, LeftOut::Removed);
            removed.insert(path);
        }
        return std::move(m_plan);
    }

private:
    void look_at(const std::string& path, const TreeEntry& entry) {
        const EntryKind kind = entry.facts.kind;
        if (kind != EntryKind::File && kind != EntryKind::Folder) {
            close(path, LeftOut::NotAFile);
            return;
        }
        const auto here = m_now.find(path);
        if (here == m_now.end()) {
            if (is_sensitive(path)) return;
            if (const auto moved_from = moved_from_or_nothing(entry)) {
                if (m_rules.is_sensitive(*moved_from)) {
                    close(path, LeftOut::Sensitive);
                    return;
                }
                move(*moved_from, path);
            } else {
                add(path, entry);
                return;
            }
        } else if (m_copies.at(here->second).facts.kind != kind) {
            close(path, LeftOut::InTheWay);
            return;
        }
        if (kind == EntryKind::File) compare(path, entry);
    }

    /// Where the folder has what the command put at a new path.
    [[nodiscard]] std::optional<std::string> moved_from_or_nothing(const TreeEntry& entry) const {
        const auto found = m_by_number.find(entry.facts.identity.file);
        if (found == m_by_number.end()) return std::nullopt;
        const TreeEntry& copy = m_copies.at(found->second);
        if (!is_same_thing(copy, entry)) return std::nullopt;
        // Where the file system does not say when something was born, a number may be another's.
        const bool is_file = entry.facts.kind == EntryKind::File;
        if (copy.born_ns == 0 && (!is_file || !copy.facts.is_same_content(entry.facts)))
            return std::nullopt;
        if (is_file && entry.facts.n_name != 1) return std::nullopt;  // a second name
        for (const auto& [path, original] : m_now) {
            if (original != found->second) continue;
            // Something else stands there now, or it has two names: then this one is a file of its
            // own.
            if (m_after.contains(path)) return std::nullopt;
            return path;
        }
        return std::nullopt;
    }

    void move(const std::string& from, const std::string& to) {
        const std::string original = m_now.at(from);
        m_plan.changes.push_back(
            {StagedChange::Kind::Move, from, to, m_originals.at(original).facts, false});
        std::map<std::string, std::string> moved;
        for (auto it = m_now.begin(); it != m_now.end();) {
            if (it->first == from || is_below(from, it->first)) {
                moved.emplace(to + it->first.substr(from.size()), it->second);
                it = m_now.erase(it);
            } else {
                ++it;
            }
        }
        m_now.merge(moved);
    }

    void add(const std::string& path, const TreeEntry& entry) {
        if (entry.facts.kind == EntryKind::Folder) {
            m_plan.changes.push_back({StagedChange::Kind::MakeFolder, {}, path, {}, false});
        } else if (entry.facts.size_bytes > m_rules.max_file_bytes) {
            leave_out(path, LeftOut::TooLarge);
        } else {
            m_plan.changes.push_back(
                {StagedChange::Kind::Write, {}, path, {}, entry.facts.is_executable()});
        }
    }

    /// A file at a path where the folder has one.
    void compare(const std::string& path, const TreeEntry& entry) {
        const std::string& original = m_now.at(path);
        const TreeEntry& copy = m_copies.at(original);
        if (is_same_thing(copy, entry) && is_untouched(copy, entry)) return;
        const FileFacts& facts = m_originals.at(original).facts;
        if (facts.size_bytes == entry.facts.size_bytes && m_rules.has_same_bytes(original, path))
            return;
        if (facts.is_executable() || m_rules.is_sensitive(path)) {
            leave_out(path, LeftOut::Sensitive);
        } else if (entry.facts.size_bytes > m_rules.max_file_bytes ||
                   facts.size_bytes > m_rules.max_file_bytes) {
            leave_out(path, LeftOut::TooLarge);
        } else {
            m_plan.changes.push_back({StagedChange::Kind::Write, {}, path, facts, false});
        }
    }

    /// A new path that no command may make.
    bool is_sensitive(const std::string& path) {
        if (!m_rules.is_sensitive(path)) return false;
        close(path, LeftOut::Sensitive);
        return true;
    }
    void close(const std::string& path, LeftOut reason) {
        leave_out(path, reason);
        m_closed.insert(path);
    }
    void leave_out(const std::string& path, LeftOut reason) {
        m_plan.left_out.push_back({path, reason});
    }

    const Tree& m_originals;
    const Tree& m_copies;
    const Tree& m_after;
    const PlanRules& m_rules;
    std::map<std::string, std::string> m_now;  // the folder by then → the path that was copied
    std::map<std::uint64_t, std::string> m_by_number;
    std::set<std::string> m_closed;  // nothing below these is looked at
    StagedPlan m_plan;
};

}  // namespace

StagedPlan plan_staged_changes(const Tree& originals,
                               const Tree& copies,
                               const Tree& after,
                               const PlanRules& rules) {
    return Comparison(originals, copies, after, rules).run();
}

}  // namespace lares
