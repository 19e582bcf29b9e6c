#pragma once

#include "engine/base/result.h"
#include "tools/builtin/search_documents/passages.h"
#include "tools/builtin/tool_text.h"
#include "tools/sandbox/folder_handle.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

class SqliteFile;

/// A folder whose files the index holds.
struct LibraryFolder {
    std::int64_t id = 0;
    std::string path;              ///< real, absolute
    std::size_t n_file = 0;        ///< whose text is in the index
    std::size_t n_passage = 0;     ///< of them
    std::size_t n_unreadable = 0;  ///< documents that have text and could not be read
    std::int64_t updated_ms = 0;   ///< since 1970: when it was last looked through whole; 0: never
};

/// What a file is known by: read again when any of it is another.
struct FileStamp {
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;
    FileIdentity identity;

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// A file as the index has it or will have it.
struct LibraryFile {
    std::string path;  ///< from its folder, "/" between names
    FileStamp stamp;   ///< from before it was read
    TextForm form = TextForm::Plain;
    std::string text = {};    ///< empty: it has none
    std::string reason = {};  ///< why it could not be read, as a predicate: "is damaged."
};

struct UnreadableFile {
    std::string path;  ///< absolute
    std::string reason;
};

/// Where a search looks: a folder of the library, or one below it.
struct LibraryScope {
    std::int64_t folder = 0;
    std::string below;      ///< from the library's folder; empty: all of it
    std::string as_called;  ///< that place, as results show it
};

/// The texts of the library's files, cut into passages, and which words stand in which: one SQLite
/// file, closed to other users, which the window and lares-cli share. Everything in it but the list
/// of folders is derived from the files and can be made again. What is taken out is overwritten on
/// the disk. Opened when it is first needed; a reader finds no file and makes none.
///
/// Thread safe: one call after the other, each a moment but `search` and `remove_folder`, which
/// take what the size of the library takes. Errors are sentences: Io (a full disk, another program
/// holds it), Corrupt (then `make_again`; `folders` says so again until that is done), Unsupported
/// (a newer Lares, no SQLite).
class LibraryIndex {
public:
    explicit LibraryIndex(std::filesystem::path file);
    ~LibraryIndex();
    LibraryIndex(const LibraryIndex&) = delete;
    LibraryIndex& operator=(const LibraryIndex&) = delete;

    /// In the order in which they were added.
    [[nodiscard]] Result<std::vector<LibraryFolder>> folders();
    /// `path` as FolderHandle::path has it; whether it may be read is for the caller to know. Those
    /// below it that are in the library become part of it. InvalidArgument: it is in there already,
    /// or with one above it; there are kMaxLibraryFolders.
    [[nodiscard]] Result<LibraryFolder> add_folder(const std::string& path);
    /// With all text of its files. NotFound.
    [[nodiscard]] Result<void> remove_folder(const std::string& path);

    /// The files that are known at a place, by their path from the library's folder; those that
    /// could not be read too.
    struct KnownFile {
        FileStamp stamp;
        bool is_unreadable = false;
    };
    using KnownFiles = std::map<std::string, KnownFile, std::less<>>;
    [[nodiscard]] Result<KnownFiles> known_files(std::int64_t folder, const std::string& below);
    /// Takes files in, all or none, over what was known of them. NotFound: the folder was removed.
    /// InvalidArgument: kMaxLibraryPassages are in there.
    [[nodiscard]] Result<void> put(std::int64_t folder, std::span<const LibraryFile> files);
    /// Files that are gone.
    [[nodiscard]] Result<void> forget(std::int64_t folder, std::span<const std::string> paths);
    /// It was looked through whole, now.
    [[nodiscard]] Result<void> set_updated(std::int64_t folder);
    [[nodiscard]] Result<std::vector<UnreadableFile>> unreadable(std::int64_t folder);

    /// The passages that fit a query best, scored and shown as PassageSearch does; `notices` for
    /// its end. An error of the tool where time ran out.
    [[nodiscard]] Result<ToolText> search(std::string_view query,
                                          std::span<const LibraryScope> scopes,
                                          const std::string& notices,
                                          const RunLimits& limits);

    /// Of what it holds to be fast: up to 128 MB after `put`.
    void release_memory();
    /// What the file takes on the disk; 0: there is none.
    [[nodiscard]] std::uint64_t size_bytes() const;
    /// Reads and checks all of it.
    [[nodiscard]] Result<void> check();
    /// Puts a new index in the place of a damaged one; the folders that it still names are in it,
    /// by the same ids, to be read again. With an error, as on a full disk, the damaged one is
    /// still there.
    [[nodiscard]] Result<void> make_again();

private:
    [[nodiscard]] Result<SqliteFile*> open(bool makes_file);
    struct NamedFolder {
        std::int64_t id;
        std::string path;
    };
    [[nodiscard]] Result<std::vector<NamedFolder>> still_named() const;
    [[nodiscard]] Result<void> take_over(const std::vector<NamedFolder>& folders);
    [[nodiscard]] Result<void> erase_folder(SqliteFile& database, std::int64_t folder);

    const std::filesystem::path m_file;
    std::mutex m_mutex;  // of what follows
    std::unique_ptr<SqliteFile> m_database;
};

constexpr std::size_t kMaxLibraryFolders = 64;
/// Some two gigabytes of text.
constexpr std::size_t kMaxLibraryPassages = 2'000'000;
/// Of one file; what is behind them is not in the index, and `unreadable` says so.
constexpr std::size_t kMaxFilePassages = 50'000;

}  // namespace lares
