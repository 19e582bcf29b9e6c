#include "app/cli/command.h"
#include "app/cli/tool_session.h"
#include "app/cli/user_folders.h"
#include "engine/base/path_text.h"
#include "tools/policy/library_grants.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <filesystem>

namespace lares::cli {
namespace {

using Words = std::vector<std::string>;

constexpr int kMaxLibraryWords = 200;
constexpr std::size_t kShownUnreadable = 10;

/// What the sub-commands of `library` work with.
class LibraryCommands {
public:
    LibraryCommands(Context& context, ToolSession& session)
        : m_context(context), m_session(session), m_index(session.library()) {}

    Result<ExitStatus> run(const Words& words) {
        RETURN_IF_ERROR(restore());
        if (words.empty()) return list({});
        const std::string& verb = words.front();
        const Words rest(words.begin() + 1, words.end());
        if (verb == "list") return list(rest);
        if (verb == "add" && !rest.empty()) return add(rest);
        if (verb == "update") return update(rest);
        if (verb == "remove" && !rest.empty()) return remove(rest);
        if (verb == "search" && !rest.empty()) return search(rest);
        return m_context.usageError(
            "library takes add DIR…, update, remove DIR…, search WORDS…, or nothing "
            "(lares-cli library --help)");
    }

private:
    /// A damaged index is made again: there is nothing in it that the files have not.
    Result<void> restore() {
        Result<Words> problems = restore_library_grants(m_index, m_session.grants());
        if (!problems && problems.error().code == ErrorCode::Corrupt) {
            m_context.terminal.note("lares-cli: " + problems.error().message +
                                    "; it is made again");
            RETURN_IF_ERROR(m_index.make_again());
            problems = restore_library_grants(m_index, m_session.grants());
        }
        if (!problems) return problems.error();
        for (const std::string& problem : *problems)
            m_context.terminal.note("lares-cli: not in force: " + problem);
        return {};
    }

    static std::string absolute(const std::string& text) {
        std::error_code error;
        const auto real = std::filesystem::weakly_canonical(path_from_utf8(text), error);
        return error ? text : utf8_from_path(real);
    }

    /// The folders of these names; all of them where none is named.
    Result<std::vector<LibraryFolder>> named(const Words& words) {
        ASSIGN_OR_RETURN(std::vector<LibraryFolder> all, m_index.folders());
        if (words.empty()) return all;
        std::vector<LibraryFolder> some;
        for (const std::string& word : words) {
            const auto it = std::find_if(all.begin(), all.end(), [&](const LibraryFolder& folder) {
                return folder.path == absolute(word) || folder.path == word;
            });
            if (it == all.end())
                return Error{ErrorCode::NotFound, display_text(word) +
                                                      ": not in the document library; "
                                                      "lares-cli library shows what is"};
            some.push_back(*it);
        }
        return some;
    }

    Result<ExitStatus> add(const Words& words) {
        std::vector<LibraryFolder> added;
        for (const std::string& word : words) {
            ASSIGN_OR_RETURN(LibraryFolder folder,
                             add_to_library(m_index, m_session.grants(), absolute(word)));
            added.push_back(std::move(folder));
        }
        return readAll(added);
    }

    Result<ExitStatus> update(const Words& words) {
        ASSIGN_OR_RETURN(const std::vector<LibraryFolder> folders, named(words));
        return readAll(folders);
    }

    /// The first folder that fails does not keep the others from being read.
    Result<ExitStatus> readAll(const std::vector<LibraryFolder>& folders) {
        Result<void> all;
        Words paths;
        for (const LibraryFolder& folder : folders) {
            if (Result<void> one = read(folder); !one) {
                if (one.error().code == ErrorCode::Cancelled) return one.error();
                if (!all) m_context.terminal.note("lares-cli: " + all.error().message);
                all = std::move(one);
            }
            paths.push_back(folder.path);
        }
        if (!all) return all.error();
        if (paths.empty()) return list({});
        return list(paths);
    }

    Result<void> read(const LibraryFolder& folder) {
        UpdateOptions options;
        options.limits.stop = m_context.interrupt.token();
        options.retries_unreadable = true;
        options.progress = [&](const UpdateProgress& progress) {
            if (progress.n_file == 0) return;
            m_context.terminal.showProgress(
                "Reading " + display_text(folder.path),
                static_cast<float>(progress.n_done) / static_cast<float>(progress.n_file));
        };
        const Result<LibraryUpdate> updated =
            update_library_folder(m_index, m_session.grants(), folder, options);
        m_context.terminal.clearProgress();
        if (!updated) return updated.error();
        if (options.limits.stop.stop_requested()) {
            return Error{ErrorCode::Cancelled,
                         "stopped: " + std::to_string(updated->progress.n_done) + " of " +
                             std::to_string(updated->progress.n_file) +
                             " files are read; lares-cli library update goes on"};
        }
        if (updated->is_cut)
            m_context.terminal.note("lares-cli: " + display_text(folder.path) +
                                    ": too many files; those behind the first 200,000 files and "
                                    "folders are not in the library");
        return {};
    }

    Result<ExitStatus> remove(const Words& words) {
        ASSIGN_OR_RETURN(const std::vector<LibraryFolder> folders, named(words));
        for (const LibraryFolder& folder : folders)
            RETURN_IF_ERROR(remove_from_library(m_index, m_session.grants(), folder.path));
        return list({});
    }

    /// As a model would ask, with the tool log.
    Result<ExitStatus> search(const Words& words) {
        std::string query;
        for (const std::string& word : words) query.append(query.empty() ? "" : " ").append(word);
        Json arguments = {{"query", query}};
        if (const auto folder = m_context.options.text("folder"))
            arguments["folder"] = absolute(*folder);
        CallContext call = m_session.callContext({});
        call.offered = {"search_documents"};
        Decision decision = m_session.broker().prepare("search_documents", arguments, call);
        if (auto* request = std::get_if<PermissionRequest>(&decision)) {
            (void)m_session.broker().refuse(*request, RefusalCause::NobodyToAsk);
            return Error{ErrorCode::NotFound, request->path +
                                                  ": not in the document library; lares-cli "
                                                  "library add puts it there"};
        }
        if (const auto* refusal = std::get_if<Refusal>(&decision))
            return Error{refusal->code, refusal->reason};
        const ToolOutcome outcome = m_session.broker().run(
            std::move(std::get<PreparedCall>(decision)), m_context.interrupt.token());
        if (outcome.is_error)
            return Error{outcome.code, outcome.result.substr(outcome.result.find(' ') + 1)};
        if (m_context.isJson()) {
            m_context.writeJson({{"result", outcome.result}});
        } else {
            m_context.terminal.write(outcome.result + "\n");
        }
        return ExitStatus::Done;
    }

    Result<ExitStatus> list(const Words& words) {
        ASSIGN_OR_RETURN(const std::vector<LibraryFolder> folders, named(words));
        Json all = Json::array();
        for (const LibraryFolder& folder : folders) {
            ASSIGN_OR_RETURN(const auto unreadable, m_index.unreadable(folder.id));
            if (m_context.isJson()) {
                all.push_back(jsonOf(folder, unreadable));
            } else {
                write(folder, unreadable);
            }
        }
        if (m_context.isJson()) {
            m_context.writeJson({{"folders", std::move(all)}, {"bytes", m_index.size_bytes()}});
        } else if (folders.empty()) {
            m_context.terminal.note(
                "The document library is empty. lares-cli library add DIR puts a folder into it.");
        } else {
            m_context.terminal.write("index: " + size_text(m_index.size_bytes()) + "\n");
        }
        return ExitStatus::Done;
    }

    void write(const LibraryFolder& folder, const std::vector<UnreadableFile>& unreadable) {
        std::string line = display_text(folder.path) + "  (" + counted_text(folder.n_file, "file") +
                           ", " + counted_text(folder.n_passage, "passage");
        if (folder.updated_ms == 0) line += ", not read to the end yet";
        m_context.terminal.write(line + ")\n");
        for (std::size_t i = 0; i < std::min(unreadable.size(), kShownUnreadable); ++i)
            m_context.terminal.write("    " + display_text(unreadable[i].path) + " " +
                                     display_text(unreadable[i].reason) + "\n");
        if (unreadable.size() > kShownUnreadable)
            m_context.terminal.write("    … and " +
                                     std::to_string(unreadable.size() - kShownUnreadable) +
                                     " more (--json names all)\n");
    }

    static Json jsonOf(const LibraryFolder& folder, const std::vector<UnreadableFile>& unreadable) {
        Json files = Json::array();
        for (const UnreadableFile& file : unreadable)
            files.push_back({{"path", file.path}, {"reason", file.reason}});
        return {{"path", folder.path},
                {"files", folder.n_file},
                {"passages", folder.n_passage},
                {"updated_ms", folder.updated_ms},
                {"unreadable", std::move(files)}};
    }

    Context& m_context;
    ToolSession& m_session;
    LibraryIndex& m_index;
};

Result<ExitStatus> library(Context& context) {
    ASSIGN_OR_RETURN(const auto session, ToolSession::open(context));
    return LibraryCommands(context, *session).run(context.options.positional());
}

}  // namespace

Command libraryCommand() {
    return {
        "library",
        "[add DIR… | update [DIR…] | remove DIR… | search WORDS…]",
        kMaxLibraryWords,
        "The document library: folders that the model can search, with their index",
        "A folder in the library may be read by the model's tools in every conversation, here and "
        "in the window.\n"
        "Its texts and documents are kept in an index, so that a search does not read them "
        "again.\n"
        "  library                  the folders, and the files that could not be read\n"
        "  library add DIR…         puts folders into it and reads them\n"
        "  library update [DIR…]    reads what changed, and tries again what could not be read\n"
        "  library remove DIR…      takes folders out, with what the index has of them\n"
        "  library search WORDS…    the passages that fit best, as search_documents gives "
        "them\n"
        "With --json {\"folders\",\"bytes\"}, of a search {\"result\"}.",
        {{"folder", 0, OptionKind::Text, "DIR",
          "with search: only in this folder of the library, or below one"}},
        library};
}

}  // namespace lares::cli
