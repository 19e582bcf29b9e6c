// The part of the broker that reads documents outside of the confined thread, and that has the
// document library answer where a folder is in it.
#include "tools/builtin/folder_walk.h"
#include "tools/library/library_update.h"
#include "tools/policy/confined_run.h"
#include "tools/policy/library_grants.h"
#include "tools/policy/prepared_call.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"
#include "tools/sandbox/real_path.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace lares {
namespace {

/// The places of a search in the library; `real` owns what they borrow.
struct LibraryPlaces {
    std::deque<std::string> real;
    std::vector<LibraryPlace> places;
};

/// Nothing: one of them is in no folder of the library.
std::optional<LibraryPlaces> places_in(const std::vector<LibraryFolder>& folders,
                                       const std::vector<CallPlace>& called) {
    LibraryPlaces found;
    for (const CallPlace& place : called) {
        // The index knows files by real paths alone. Nothing is opened by what is found here.
        std::string real = place.folder->path();
        if (!place.relative.empty()) {
            Result<std::string> resolved = real_path(path_in(real, place.relative));
            if (!resolved) return std::nullopt;
            real = std::move(*resolved);
        }
        const auto relative = relative_to(place.folder->path(), real);
        const auto holder =
            std::find_if(folders.begin(), folders.end(), [&](const LibraryFolder& folder) {
                return relative_to(folder.path, real).has_value();
            });
        if (!relative || holder == folders.end()) return std::nullopt;
        found.places.push_back({holder->id,
                                *relative_to(holder->path, real),
                                {*place.folder, *relative, place.as_called}});
    }
    return found;
}

/// One that a fault of the index keeps from being answered.
ConfinedOutcome not_answered(const Error& error) {
    ConfinedOutcome outcome;
    outcome.text =
        tool_error(error.code, "the document library cannot be searched: " + error.message);
    return outcome;
}

}  // namespace

std::vector<ToolSource> real_sources(const std::vector<ToolSource>& sources,
                                     const std::vector<CallPlace>& places) {
    std::vector<ToolSource> real;
    for (const ToolSource& source : sources) {
        for (const CallPlace& place : places) {
            const std::string called = path_as_called(place.as_called, "");
            if (!source.path.starts_with(called)) continue;
            std::string below = source.path.substr(called.size());
            if (kNativePaths == PathStyle::Windows)
                std::replace(below.begin(), below.end(), '\\', '/');
            real.push_back({path_in(place.real, below), source.page, {}});
            break;
        }
    }
    return real;
}

Decision Broker::prepare_library(CallPtr call, const CallContext& context) {
    const std::vector<Grant> grants = m_grants.grants_of(context.conversation);
    std::string only;
    for (const Grant& grant : grants) {
        if (!grant.is_of_library) continue;
        auto found = m_grants.find(grant.folder, context.conversation);
        if (!found) continue;  // its folder was removed
        call->places.push_back({std::move(found->folder), std::move(found->relative), grant.folder,
                                grant.folder, found->grant.id});
    }
    call->object = "the library";
    if (call->places.empty()) {
        const std::string folder = only_folder_of(grants);
        auto found = m_grants.find(folder, context.conversation);
        if (!found) {
            return call_refusal(ErrorCode::InvalidArgument, "missing argument: folder",
                                "There is no document library to search in, and the model named no "
                                "folder. Settings can add folders to the library.");
        }
        call->object = display_text(last_component(folder));
        call->places = {{std::move(found->folder), std::move(found->relative), folder, folder,
                         found->grant.id}};
    }
    return PreparedCall(std::move(call));
}

std::optional<ConfinedOutcome> Broker::search_library(const PreparedCall::Impl& call,
                                                      const RunLimits& limits) const {
    const std::string query = argument_text(call.arguments, "query");
    if (!m_options.library || call.tool->name != "search_documents" || query.empty())
        return std::nullopt;
    LibraryIndex& index = *m_options.library;
    auto folders = index.folders();
    // It is derived: made again, it is read again as far as this call has time for.
    if (!folders && folders.error().code == ErrorCode::Corrupt && index.make_again())
        folders = index.folders();
    if (!folders) {
        // One folder can be read as if there were no library.
        return call.places.size() == 1 ? std::nullopt
                                       : std::optional(not_answered(folders.error()));
    }
    const auto found = places_in(*folders, call.places);
    if (!found) {
        if (call.places.size() == 1) return std::nullopt;
        return not_answered({ErrorCode::NotFound, "a folder was taken out of it just now"});
    }
    UpdateOptions options;
    options.limits = limits;
    options.documents = m_options.documents;
    const auto now = std::chrono::steady_clock::now();
    options.limits.deadline = now + (limits.deadline - now) / 2;  // the rest is for the search

    ConfinedOutcome outcome;
    std::vector<LibraryScope> scopes;
    std::string notices;
    std::size_t n_behind = 0;
    std::size_t n_unreadable = 0;
    for (const LibraryPlace& place : found->places) {
        Result<LibraryUpdate> updated = update_library(index, place, options);
        if (limits.stop.stop_requested()) {
            outcome.text = expired_text(limits);
            return outcome;
        }
        scopes.push_back({place.folder, place.below, place.path.as_called});
        if (!updated) {  // what it has is worth searching all the same
            notices += "\n[not up to date: " + updated.error().message + "]";
            continue;
        }
        outcome.layers = std::move(updated->layers);
        if (updated->error && call.places.size() == 1) {
            outcome.text = std::move(*updated->error);
            return outcome;
        }
        if (updated->error) {
            scopes.pop_back();
            notices += "\n[not searched: " + name_text(place.path.as_called) + "]";
        }
        n_behind += updated->progress.n_file - updated->progress.n_done;
        n_unreadable += updated->n_unreadable;
        if (updated->is_cut) notices += "\n" + cut_notice();
        if (!updated->is_walked && !updated->is_cut && !updated->error)
            notices += "\n[not all folders looked at yet]";
    }
    if (n_unreadable > 0)
        notices += "\n[" + counted_text(n_unreadable, "document") + " not looked into]";
    if (n_behind > 0) notices += "\n[" + counted_text(n_behind, "file") + " not read yet]";
    outcome.layers.emplace(outcome.layers.begin(), sandbox_layer(m_options.open_method));
    if (n_behind > 0 && m_options.library_is_behind) m_options.library_is_behind();
    Result<ToolText> text = index.search(query, scopes, notices, limits);
    // Found only now; the next search, of another program too, reads it all again.
    if (!text && text.error().code == ErrorCode::Corrupt) (void)index.make_again();
    if (!text) return not_answered(text.error());
    outcome.text = std::move(*text);
    return outcome;
}

ToolText Broker::read_handed(const PreparedCall::Impl& call,
                             const RunLimits& limits,
                             Handed handed) const {
    const auto read = [&](const OpenedDocument& document) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            limits.deadline - std::chrono::steady_clock::now());
        return m_options.documents.within(left).read(document.handle, document.family, limits.stop);
    };
    if (!handed.search) {
        const OpenedDocument& document = handed.documents.front();
        // The part is checked: the confined thread has read it.
        const auto part = text_part(argument_text(call.arguments, "part"));
        return document_text(document.as_called, part.value_or(TextPart{}), limits, read(document));
    }
    for (const OpenedDocument& document : handed.documents) {
        if (limits.stop.stop_requested()) return expired_text(limits);
        const Result<DocumentText> text =
            limits.expired() ? Error{ErrorCode::Cancelled, "out of time"} : read(document);
        if (text) {
            handed.search->look_in_document(document.as_called, text->text);
        } else {
            handed.search->pass_over_document();
        }
    }
    return handed.search->result();
}

}  // namespace lares
