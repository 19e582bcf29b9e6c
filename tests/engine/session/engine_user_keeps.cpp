#include "engine/session/prompt_tokens.h"
#include "engine/session/snapshot_file.h"
#include "tests/engine/session/engine_user.h"

#include <fstream>
#include <set>

namespace fs = std::filesystem;

namespace lares::test {
namespace {

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == SnapshotFile::kExtension) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

void EngineUser::begin() {
    m_engine.emplace(must(Engine::create(m_model, m_options)));
    m_uses_disk = true;
    m_live = {{}};
    std::uint64_t bytes = 0;
    for (const fs::path& file : files_in(m_folder)) bytes += fs::file_size(file);
    expect(m_engine->snapshot_use().disk_bytes == bytes, "another size of the folder");
}

void EngineUser::forget() {
    if (m_dice.one_in(4)) {
        m_engine->forget_all();
        m_known.clear();
        m_due.clear();
        return;
    }
    const std::string owner = std::to_string(1 + m_dice.below(4));
    m_engine->forget(owner);
    m_known.forget(owner);
    m_due.erase(owner);
}

/// Everything in the folder is somebody's who may have it there.
void EngineUser::check_files() {
    std::uint64_t bytes = 0;
    for (const fs::path& path : files_in(m_folder)) {
        bytes += fs::file_size(path);
        const auto file = SnapshotFile::open(path);
        expect(file || m_is_damaged, "a damaged file");
        if (!file) continue;
        for (const int n : file->positions()) {
            const Tokens tokens(file->tokens().begin(), file->tokens().begin() + n);
            expect(
                m_known.may_be_on_disk(tokens, file->owner()),
                QString("on the disk, of '%1': %2")
                    .arg(file->owner().c_str(), must(m_model->tokenizer().decode(tokens)).c_str()));
        }
    }
    expect(bytes <= m_options.snapshot_folder_bytes, "more on the disk than may be");
    const SnapshotCheck check = must(Engine::check_snapshots(m_folder));
    expect(check.size_bytes == bytes && (m_is_damaged || check.damaged.empty()), "another check");
}

void EngineUser::damage_files() {
    std::set<fs::path> damaged;
    for (const fs::path& path : files_in(m_folder)) {
        const int how = m_dice.below(4);
        const auto size = fs::file_size(path);
        const auto at = std::uint64_t(m_dice.below(int(size)));
        if (how == 3) continue;
        if (how == 0) {
            fs::remove(path);
            continue;
        }
        if (how == 1) {
            fs::resize_file(path, at);
        } else {
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            file.seekg(std::streamoff(at));
            const int was = file.get();
            file.seekp(std::streamoff(at)).put(char(was ^ (1 << m_dice.below(8))));
        }
        damaged.insert(path);
        m_is_damaged = true;
    }
    std::set<fs::path> found;
    for (const auto& one : must(Engine::check_snapshots(m_folder)).damaged) found.insert(one.file);
    expect(std::ranges::includes(found, damaged), "damage that is not found");
    m_due.clear();
}

void EngineUser::restart() {
    if (!m_uses_disk || m_options.snapshot_folder_bytes < (std::uint64_t{1} << 30) ||
        !m_known.is_whole)
        m_due.clear();
    for (auto one = m_due.begin(); one != m_due.end();)
        one = m_known.is_certainly_of(one->first, prompt_of(*m_model, one->second).ids)
                  ? std::next(one)
                  : m_due.erase(one);
    Engine::unload(std::move(*m_engine));
    m_engine.reset();
    m_known.end_engine();
    check_files();
    if (m_dice.one_in(4)) damage_files();
    if (m_dice.one_in(4)) {
        const std::string owner = std::to_string(1 + m_dice.below(4));
        Engine::forget_on_disk(m_folder, owner);
        m_known.forget(owner);
        m_due.erase(owner);
        check_files();
    }
    begin();
    // What somebody did last is there again, but for what opens the answer.
    if (m_due.empty() || !m_wrong.isEmpty()) return;
    const auto [owner, request] = *m_due.begin();
    const PromptTokens prompt = prompt_of(*m_model, request);
    const int last = prompt.boundaries.size() < 2 ? 0 : *(prompt.boundaries.end() - 2);
    const int cached = m_n_cached;
    for (Chat& chat : m_chats)
        if (chat.owner == owner && !owner.empty() && !chat.is_temporary && last >= 32) {
            answer(chat, request, false);
            expect(m_n_cached - cached >= last,
                   QString("read again after a restart: %1 of %2 tokens of %3 were there")
                       .arg(m_n_cached - cached)
                       .arg(last)
                       .arg(owner.c_str()));
        }
}

}  // namespace lares::test
