#include "tools/library/library_update.h"

#include "tools/builtin/folder_walk.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/builtin/read_file/whole_file.h"
#include "tools/builtin/search_documents/passage_answer.h"
#include "tools/policy/confined_run.h"
#include "tools/sandbox/folder_reader.h"
#include "tools/storage/unix_time.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lares {
namespace {

// A part of the work: what is lost when it is killed, and held open at once.
constexpr std::size_t kPartFiles = 64;
constexpr std::size_t kPartDocuments = 8;
constexpr std::size_t kPartBytes = 8'000'000;

// What is written at once. Words lie all over the index, so each time costs much of it; what is not
// written when the program is killed is read again.
constexpr std::size_t kWrittenFiles = 512;
constexpr std::size_t kWrittenBytes = 32'000'000;
constexpr std::chrono::seconds kWrittenAfter{10};

// A file written this shortly before may be written again within the same tick of its disk's
// clock, and look the same.
constexpr std::int64_t kUnsettledNs = 50'000'000;

/// A file's path below the place, and what it was known by.
struct SeenFile {
    std::string below;
    FileStamp stamp;
};

/// What a part of the files came to, before their documents are read.
struct ReadPart {
    std::vector<LibraryFile> files;
    struct Document {
        OpenedDocument opened;
        std::size_t file;  ///< in `files`
    };
    std::vector<Document> documents;
    std::size_t n_taken = 0;  ///< of the list; some of them are gone meanwhile
};

std::string in_folder(const std::string& folder, const std::string& below) {
    return folder.empty() ? below : folder + "/" + below;
}

class Updater {
public:
    Updater(LibraryIndex& index, const LibraryPlace& place, const UpdateOptions& options)
        : m_index(index), m_place(place), m_options(options) {}

    Result<LibraryUpdate> run() {
        ASSIGN_OR_RETURN(const auto known, m_index.known_files(m_place.folder, m_place.below));
        if (!walk()) return std::move(m_update);
        m_update.progress.n_file = m_seen.size();
        m_update.is_walked = !m_options.limits.expired() && !m_update.is_cut;
        if (m_update.is_walked) RETURN_IF_ERROR(forget_all_but_seen(known));
        std::erase_if(m_seen, [&](const SeenFile& file) { return is_up_to_date(file, known); });
        m_update.progress.n_done = m_update.progress.n_file - m_seen.size();
        tell();
        for (std::size_t at = 0; at < m_seen.size() && !m_options.limits.expired();) {
            ReadPart part;
            if (!read(at, part)) break;
            read_documents(part);
            at += part.n_taken;
            RETURN_IF_ERROR(keep(std::move(part.files)));
            m_update.progress.n_done += part.n_taken;
            tell();
        }
        RETURN_IF_ERROR(write());
        const UpdateProgress& progress = m_update.progress;
        m_update.is_whole = m_update.is_walked && progress.n_done == progress.n_file;
        if (m_update.is_whole && m_place.below.empty())
            RETURN_IF_ERROR(m_index.set_updated(m_place.folder));
        return std::move(m_update);
    }

private:
    /// Runs a part of the work confined to the place. False: it cannot be.
    template <class Work>
    bool confined(const Work& work) {
        const ConfinedFolder folder{&m_place.path.folder, /*is_for_changes=*/false};
        ConfinedOutcome outcome =
            run_confined({&folder, 1}, nullptr, [&](ChangeLog*) { return work(); });
        m_update.layers = std::move(outcome.layers);
        if (outcome.text.is_error) m_update.error = std::move(outcome.text);
        return !m_update.error;
    }

    bool walk() {
        return confined([&] {
            const WalkEnd end = walk_folder(m_place.path, WalkInto::NotHidden, m_options.limits,
                                            [&](const std::string& below) {
                                                if (auto stamp = stamp_of(below))
                                                    m_seen.push_back({below, *stamp});
                                            });
            m_update.is_cut = end.is_cut;
            // Out of time is no error here: what was seen is worth reading another time.
            return end.error && !m_options.limits.expired() ? *end.error : ToolText();
        });
    }

    [[nodiscard]] std::optional<FileStamp> stamp_of(const std::string& below) const {
        const auto status =
            status_beneath(m_place.path.folder, in_folder(m_place.path.relative, below),
                           m_options.limits.open_method);
        if (!status || status->kind != EntryKind::File) return std::nullopt;
        return FileStamp{status->size_bytes, status->modified_ns, status->identity};
    }

    Result<void> forget_all_but_seen(const LibraryIndex::KnownFiles& known) {
        std::vector<std::string> there;
        for (const SeenFile& file : m_seen) there.push_back(in_folder(m_place.below, file.below));
        std::sort(there.begin(), there.end());
        std::vector<std::string> gone;
        for (const auto& [path, file] : known) {
            if (!std::binary_search(there.begin(), there.end(), path)) gone.push_back(path);
        }
        m_update.n_forgotten = gone.size();
        return m_index.forget(m_place.folder, gone);
    }

    [[nodiscard]] bool is_up_to_date(const SeenFile& file, const LibraryIndex::KnownFiles& known) {
        const auto it = known.find(in_folder(m_place.below, file.below));
        if (it == known.end() || it->second.stamp != file.stamp) return false;
        if (it->second.is_unreadable && m_options.retries_unreadable) return false;
        m_update.n_unreadable += it->second.is_unreadable;
        return true;
    }

    /// The files from `at` on, as many as make a part.
    bool read(std::size_t at, ReadPart& part) {
        return confined([&] {
            std::size_t n_byte = 0;
            while (at + part.n_taken < m_seen.size() && part.n_taken < kPartFiles &&
                   n_byte < kPartBytes && part.documents.size() < kPartDocuments &&
                   !m_options.limits.expired()) {
                if (!read_one(m_seen[at + part.n_taken].below, part)) break;
                ++part.n_taken;
                if (!part.files.empty()) n_byte += part.files.back().text.size();
            }
            return ToolText();
        });
    }

    /// False: stopped within it.
    bool read_one(const std::string& below, ReadPart& part) const {
        // What it is known by is from before it is opened: a change while it is read shows.
        auto stamp = stamp_of(below);
        if (!stamp) return true;  // gone
        if (unix_time_ms() * 1'000'000 - stamp->modified_ns < kUnsettledNs) stamp->modified_ns = -1;
        LibraryFile file{in_folder(m_place.below, below), *stamp, text_form_of(below)};
        OpenOutcome opened =
            open_file_beneath(m_place.path.folder, in_folder(m_place.path.relative, below),
                              m_options.limits.open_method);
        if (opened.fault == OpenFault::NotFound) return true;
        if (opened.fault) {
            file.reason = opened.fault == OpenFault::Denied
                              ? "may not be read; check its permissions"
                              : "cannot be read";
        } else {
            WholeFile whole = read_whole(opened.handle, /*finds_documents=*/true, m_options.limits);
            if (whole.fault == WholeFile::Fault::Expired) return false;
            if (whole.fault == WholeFile::Fault::TooLarge)
                file.reason = "has more than " + size_text(kMaxReadBytes) + " of text";
            if (whole.fault == WholeFile::Fault::Io) file.reason = "cannot be read";
            file.text = std::move(whole.text);
            if (whole.family) {
                file.form = TextForm::Document;
                part.documents.push_back(
                    {{std::move(opened.handle), *whole.family, below}, part.files.size()});
            }
        }
        part.files.push_back(std::move(file));
        return true;
    }

    Result<void> keep(std::vector<LibraryFile> files) {
        if (m_unwritten.empty()) m_unwritten_since = std::chrono::steady_clock::now();
        for (LibraryFile& file : files) {
            m_n_unwritten_bytes += file.text.size();
            m_unwritten.push_back(std::move(file));
        }
        const bool is_due = m_unwritten.size() >= kWrittenFiles ||
                            m_n_unwritten_bytes >= kWrittenBytes ||
                            std::chrono::steady_clock::now() - m_unwritten_since >= kWrittenAfter;
        return is_due ? write() : Result<void>();
    }

    Result<void> write() {
        if (m_unwritten.empty()) return {};
        RETURN_IF_ERROR(m_index.put(m_place.folder, m_unwritten));
        m_update.n_read += m_unwritten.size();
        for (const LibraryFile& file : m_unwritten) m_update.n_unreadable += !file.reason.empty();
        m_unwritten.clear();
        m_n_unwritten_bytes = 0;
        return {};
    }

    void read_documents(ReadPart& part) {
        std::size_t n_kept = part.files.size();
        for (const auto& [opened, number] : part.documents) {
            auto text =
                DocumentReader::is_supported()
                    ? read_document(opened)
                    : Error{ErrorCode::Unsupported, "is a document, which is not read here"};
            if (!text && m_options.limits.expired()) {  // it and what follows are for another time
                part.n_taken -= n_kept - number;
                n_kept = number;
                break;
            }
            if (text) {
                part.files[number].text = std::move(text->text);
            } else {
                part.files[number].reason = text.error().message;
            }
        }
        part.files.resize(n_kept);
    }

    [[nodiscard]] Result<DocumentText> read_document(const OpenedDocument& document) const {
        const RunLimits& limits = m_options.limits;
        if (limits.expired()) return Error{ErrorCode::Cancelled, "out of time"};
        if (limits.deadline == std::chrono::steady_clock::time_point::max())
            return m_options.documents.read(document.handle, document.family, limits.stop);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            limits.deadline - std::chrono::steady_clock::now());
        return m_options.documents.within(left).read(document.handle, document.family, limits.stop);
    }

    void tell() const {
        if (m_options.progress) m_options.progress(m_update.progress);
    }

    LibraryIndex& m_index;
    const LibraryPlace& m_place;
    const UpdateOptions& m_options;
    std::vector<SeenFile> m_seen;  // all, then those to be read
    std::vector<LibraryFile> m_unwritten;
    std::size_t m_n_unwritten_bytes = 0;
    std::chrono::steady_clock::time_point m_unwritten_since;
    LibraryUpdate m_update;
};

}  // namespace

Result<LibraryUpdate> update_library(LibraryIndex& index,
                                     const LibraryPlace& place,
                                     const UpdateOptions& options) {
    Result<LibraryUpdate> update = Updater(index, place, options).run();
    // There is nothing in it that the files have not; the folder keeps its id.
    if (!update && update.error().code == ErrorCode::Corrupt) {
        RETURN_IF_ERROR(index.make_again());
        update = Updater(index, place, options).run();
    }
    if (!update || update->n_read > 0) index.release_memory();
    return update;
}

}  // namespace lares
