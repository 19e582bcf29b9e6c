// What the document library's index is worth: a search that asks it next to one that reads every
// file again, through the broker as a model's call goes, and what making it costs.
#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"
#include "tools/policy/broker.h"
#include "tools/policy/library_grants.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <vector>

using namespace lares;
using namespace lares::test;
namespace fs = std::filesystem;

namespace {

constexpr int kTexts = 2000;
constexpr int kWordsOfText = 1500;  // some 10 kB
constexpr int kDocuments = 40;      // a search without an index reads 64 at most
constexpr int kRounds = 5;

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median_of(const std::function<void()>& work) {
    std::vector<double> times;
    for (int i = 0; i < kRounds; ++i) times.push_back(seconds_of(work));
    std::sort(times.begin(), times.end());
    return times[kRounds / 2];
}

/// Words as texts have them: few often, many seldom.
void fill(const FolderTree& tree) {
    std::mt19937 random(1);
    std::geometric_distribution<int> rank(0.002);
    for (int i = 0; i < kTexts; ++i) {
        std::string text;
        for (int k = 0; k < kWordsOfText; ++k)
            text.append("w" + std::to_string(rank(random))).append(k % 80 == 79 ? "\n\n" : " ");
        tree.file("docs/t" + std::to_string(i) + ".txt", text);
    }
    const std::string letter = read_file(data_file("documents/letter.docx"));
    for (int i = 0; i < kDocuments; ++i) tree.file("docs/d" + std::to_string(i) + ".docx", letter);
    // Settled: the index trusts no time of this very moment.
    for (const auto& entry : fs::directory_iterator(tree.path("docs")))
        fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

std::string search(Broker& broker, const std::string& folder) {
    Decision decision =
        broker.prepare("search_documents", {{"folder", folder}, {"query", "w700 w900 dear anna"}},
                       {"c", {"search_documents"}});
    return broker.run(std::move(std::get<PreparedCall>(decision))).result;
}

}  // namespace

int main() {
    const FolderTree tree;
    fill(tree);
    GrantList grants(ProtectedFolders{});
    LibraryIndex index(tree.path() + "/library.db");
    Broker::Options options;
    options.time_limit = std::chrono::minutes(5);
    DocumentReader::Options reader;
    reader.program = program("lares-reader").string();
    options.documents = DocumentReader(reader);
    Grant grant;
    grant.folder = tree.path("docs");
    grant.duration = GrantDuration::Always;
    (void)grants.add(grant);
    Broker plain(grants, options);
    options.library = &index;
    Broker with_library(grants, options);

    std::string read;
    const double reading = median_of([&] { read = search(plain, tree.path("docs")); });
    const auto folder = add_to_library(index, grants, tree.path("docs"));
    if (!folder) return 1;
    UpdateOptions update;
    update.documents = options.documents;
    const double making =
        seconds_of([&] { (void)update_library_folder(index, grants, *folder, update); });
    std::string asked;
    const double asking = median_of([&] { asked = search(with_library, tree.path("docs")); });
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(tree.path("docs"))) bytes += entry.file_size();
    std::printf("%d texts, %d documents, %.1f MB; the same answer: %s\n", kTexts, kDocuments,
                static_cast<double>(bytes) / 1e6, read == asked ? "yes" : "NO");
    std::printf("reading again   %8.1f ms\n", reading * 1e3);
    std::printf("with the index  %8.1f ms   ratio %.0f\n", asking * 1e3, reading / asking);
    std::printf(
        "making it       %8.1f ms   %.1f searches that read; it takes %.2f of the files' "
        "size\n",
        making * 1e3, making / reading,
        static_cast<double>(index.size_bytes()) / static_cast<double>(bytes));
    return read == asked ? 0 : 1;
}
