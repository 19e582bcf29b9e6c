#include "tests/tools/library/library_world.h"

#include "tests/support/test_data.h"
#include "tools/builtin/read_file/text_decoding.h"
#include "tools/builtin/search_documents/passage_answer.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace lares::test {
namespace fs = std::filesystem;
namespace {

constexpr std::array kFolders = {"Docs",         "Docs/inner", "Docs/inner/deep",
                                 "Docs/.hidden", "docs",       "docs/sub",
                                 "o%_'\n",       "o%_'\n/sub", "Docs/inner0"};
constexpr std::array kNames = {"a.txt",
                               "A.txt",
                               "notes.md",
                               "NOTES.MD",
                               "rent",
                               "letter.docx",
                               "locked.odt",
                               "\xC3\xBC"
                               "ber.txt",
                               "bad\xFF\xFE.txt",
                               "\xFF\xFF\xFF\xFFz.txt",
                               "new\nline.txt",
                               "%_*?'.txt",
                               ".dot",
                               "-x",
                               "Zqlease.txt"};
constexpr std::array kWords = {"rent",
                               "Rents",
                               "the",
                               "house",
                               "needle",
                               "H\xC3\xA4m\xC3\xA4l\xC3\xA4inen",
                               "policy",
                               "policies",
                               "zebra",
                               "lease",
                               "deposit",
                               "and",
                               "\xE5\xB1\x85\xE4\xBD\x8F",
                               "900",
                               "caf\xC3\xA9",
                               "of",
                               "\x1B[2J",
                               "\xE2\x80\x94"};

std::string bytes_of(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(file, error))) return {};
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const std::string& document() {
    static const std::string bytes = read_file(data_file("documents/letter.docx"));
    return bytes;
}
const std::string& document_text() {
    static const std::string text = read_file(data_file("documents/letter.docx.txt"));
    return text;
}
const std::string& locked_document() {
    static const std::string bytes = read_file(data_file("documents/locked.odt"));
    return bytes;
}

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(fs::symlink_status(path, error));
}

/// No tool opens a file whose name is no line of text.
bool is_name_for_tools(const std::string& path) {
    return path.find('\n') == std::string::npos && path.find('\xFF') == std::string::npos;
}

}  // namespace

LibraryWorld::LibraryWorld(unsigned seed) : m_random(seed) {
    for (const char* folder : kFolders) fs::create_directories(path(folder));
    m_tree.file("secret/key.txt", "zq999999x is the key, and a needle");
}

std::vector<std::string> LibraryWorld::folders() const {
    std::vector<std::string> some;
    for (const char* folder : kFolders) some.push_back(path(folder));
    return some;
}

fs::path LibraryWorld::any_folder() {
    return path(kFolders[std::size_t(below(kFolders.size()))]);
}

fs::path LibraryWorld::any_name() {
    return kNames[std::size_t(below(kNames.size()))];
}

fs::path LibraryWorld::any_file() {
    std::vector<fs::path> all;
    std::error_code error;
    const fs::path folder = any_folder();
    if (is_folder(folder)) {
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            if (entry.symlink_status().type() == fs::file_type::regular)
                all.push_back(entry.path());
        }
    }
    std::sort(all.begin(), all.end());
    return all.empty() ? folder / any_name() : all[std::size_t(below(int(all.size())))];
}

std::string LibraryWorld::words(int n) {
    std::string some;
    for (int i = 0; i < n; ++i) {
        some += kWords[std::size_t(below(kWords.size()))];
        some += below(8) == 0 ? "\n\n" : below(6) == 0 ? "\r\n" : " ";
    }
    return some;
}

std::string LibraryWorld::text() {
    const std::string mark = "Zq" + std::to_string(++m_n_mark) + "X";
    switch (below(14)) {
        case 0:
            return {};
        case 1:
            return mark + std::string(3, '\0') + words(9);
        case 2:
            return words(5) + mark + " \x80\xFE " + words(5);
        case 3:
            return mark + std::string(std::size_t(below(9000)), 'y') + mark + words(40);
        case 4:
            return "\xEF\xBB\xBF# " + mark + "\n\n## " + words(3) + "\n" + words(60);
        case 5: {
            std::string wide = "\xFF\xFE";
            for (const char c : mark + " needle") wide.append({c, '\0'});
            return wide;
        }
        case 6:
            return document();
        case 7:
            return locked_document();
        case 8: {
            std::string many;
            for (int i = 0; i < 400; ++i) many += words(9) + " u" + std::to_string(below(5000));
            return many + mark;
        }
        default:
            return words(below(30)) + mark + " " + words(below(30));
    }
}

void LibraryWorld::write(const Path& file) {
    std::error_code error;
    fs::file_time_type written;
    const bool keeps_time = below(2) == 0;
    // The time is another one each time: of one inode that is all that a change is known by.
    written =
        fs::file_time_type::clock::now() - std::chrono::hours(1) - std::chrono::seconds(++m_n_time);
    std::ofstream(file, std::ios::binary) << text();
    if (keeps_time) fs::last_write_time(file, written, error);
}

/// Another file, of the same size and time, comes in its place.
void LibraryWorld::write_over_at_the_same_time(const Path& file) {
    std::error_code error;
    const auto time = fs::last_write_time(file, error);
    std::string bytes = error ? std::string() : bytes_of(file);
    if (bytes == locked_document()) return;  // which has the beginning of a mark by chance
    const auto at = bytes.find("Zq");
    if (at == std::string::npos || at + 6 > bytes.size()) return;
    std::string mark = std::to_string(++m_n_mark);
    const auto end = bytes.find_first_not_of("0123456789", at + 2);
    if (end == std::string::npos || end - at - 2 != mark.size()) return;
    bytes.replace(at + 2, mark.size(), mark);
    // It is made where the other still is, so that it has not got its inode.
    const Path other = path("coming");
    std::ofstream(other, std::ios::binary) << bytes;
    fs::last_write_time(other, time, error);
    fs::rename(other, file, error);
}

void LibraryWorld::close(const Path& file) {
    std::error_code error;
    // A change of its permissions alone does not show.
    if (fs::is_regular_file(fs::symlink_status(file, error)))
        fs::last_write_time(file,
                            fs::file_time_type::clock::now() - std::chrono::hours(2) -
                                std::chrono::seconds(++m_n_time),
                            error);
    fs::permissions(file, fs::perms::none, error);
    if (!error) m_closed.push_back(file);
}

void LibraryWorld::change_file(int what) {
    std::error_code error;
    const Path file = any_file();
    if (what < 34) {
        write(any_folder() / any_name());
    } else if (what < 46) {
        write(file);
    } else if (what < 52) {
        write_over_at_the_same_time(file);
    } else if (what < 62) {
        fs::remove(file, error);
    } else if (what < 72) {
        fs::rename(file, any_folder() / any_name(), error);
    } else if (what < 77) {
        const Path other = any_file();  // they change places
        fs::rename(file, path("coming"), error);
        if (!error) fs::rename(other, file, error);
        fs::rename(path("coming"), other, error);
    } else if (what < 81) {
        close(file);
    } else if (what < 85) {
        const char* target = below(2) == 0 ? "secret/key.txt" : "secret";
        fs::remove(file, error);
        fs::create_symlink(path(target), file, error);
    } else if (what < 87) {
        fs::create_symlink(any_folder(), any_folder() / "link", error);
    } else {
        write(any_folder() / any_name());
    }
}

void LibraryWorld::change_folder(int what) {
    std::error_code error;
    const Path folder = any_folder();
    if (what < 2) {
        fs::rename(folder, path("away"), error);
        if (!error) fs::rename(any_folder(), folder, error);
        if (is_folder(path("away"))) fs::rename(path("away"), any_folder(), error);
        fs::remove_all(path("away"), error);
    } else if (what < 4) {
        fs::remove_all(folder, error);
        if (below(2) == 0) fs::create_directories(folder, error);
    } else if (what < 6) {
        fs::remove_all(folder, error);
        fs::create_directory_symlink(path("secret"), folder, error);
    } else if (what < 7) {
        fs::remove_all(folder, error);
        write(folder);
    } else {
        close(folder);
    }
}

void LibraryWorld::change_something() {
    const int what = below(400);
    did(std::to_string(what));
    if (what < 390)
        change_file(what % 98);
    else
        change_folder(what - 390);
}

void LibraryWorld::open_up() {
    std::error_code error;
    for (const Path& one : m_closed) {
        // As it is closed, so it is opened: with another time.
        if (fs::is_symlink(fs::symlink_status(one, error)) || !fs::exists(one, error)) continue;
        fs::permissions(one, fs::perms::owner_all, error);
        if (!is_folder(one))
            fs::last_write_time(one,
                                fs::file_time_type::clock::now() - std::chrono::hours(3) -
                                    std::chrono::seconds(++m_n_time),
                                error);
    }
    m_closed.clear();
    for (const char* folder : kFolders) {
        if (!is_folder(path(folder))) fs::remove(path(folder), error);
        fs::create_directories(path(folder), error);
    }
}

std::vector<LibraryFile> LibraryWorld::files_in(const std::string& folder) const {
    std::vector<LibraryFile> files;
    std::error_code error;
    auto it = fs::recursive_directory_iterator(
        folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
        const fs::path& path = it->path();
        const auto type = it->symlink_status().type();
        if (type == fs::file_type::directory && path.filename().native().starts_with('.'))
            it.disable_recursion_pending();
        if (type != fs::file_type::regular) continue;
        LibraryFile file;
        file.path = path.native().substr(folder.size() + 1);
        if (!is_name_for_tools(file.path)) continue;
        if (!std::ifstream(path)) {
            file.reason = "may not be read";
        } else {
            std::string bytes = bytes_of(path);
            file.form = text_form_of(file.path);
            if (bytes == document()) {
                file.form = TextForm::Document;
                file.text = document_text();
            } else if (bytes == locked_document()) {
                file.form = TextForm::Document;
                file.reason = "password";
            } else {
                auto text = text_from_bytes(std::move(bytes));
                if (!text) continue;
                file.text = std::move(*text);
            }
        }
        files.push_back(std::move(file));
    }
    return files;
}

std::set<std::string> LibraryWorld::marks_in(std::string_view bytes) {
    std::set<std::string> marks;
    for (std::size_t at = 0; at + 2 < bytes.size(); ++at) {
        if ((bytes[at] | 0x20) != 'z' || (bytes[at + 1] | 0x20) != 'q') continue;
        std::size_t end = at + 2;
        while (end < bytes.size() && bytes[end] >= '0' && bytes[end] <= '9') ++end;
        if (end == at + 2 || end == bytes.size() || (bytes[end] | 0x20) != 'x') continue;
        marks.insert(std::string(bytes.substr(at + 2, end - at - 2)));
    }
    return marks;
}

std::string LibraryWorld::query() {
    const int what = below(8);
    if (what == 0) return "zq" + std::to_string(below(m_n_mark + 1)) + "x";
    if (what == 1) return "u" + std::to_string(below(5000)) + " txt md";
    std::string query = words(1 + below(5));
    return what == 2 ? "%_*\" OR " + query : query;
}

}  // namespace lares::test
