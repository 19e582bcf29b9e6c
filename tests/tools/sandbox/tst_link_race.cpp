#include "tests/support/folder_tree.h"
#include "tools/builtin/list_folder/list_folder.h"
#include "tools/builtin/read_file/read_file.h"

#include <QTest>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

constexpr int kAttempts = 100'000;
const char* const kSecret = "SECRET-OUTSIDE";

/// Exchanges what stands at a name, over and over, until its end.
class Swapper {
public:
    Swapper(std::string first, std::string second, std::string name)
        : m_thread([=, this] {
            while (!m_done) {
                std::rename(first.c_str(), name.c_str());
                std::rename(name.c_str(), first.c_str());
                std::rename(second.c_str(), name.c_str());
                std::rename(name.c_str(), second.c_str());
                ++m_rounds;
            }
        }) {}
    ~Swapper() {
        m_done = true;
        m_thread.join();
    }
    [[nodiscard]] int rounds() const { return m_rounds; }

private:
    std::atomic<bool> m_done = false;
    std::atomic<int> m_rounds = 0;
    std::thread m_thread;
};

}  // namespace

Q_DECLARE_METATYPE(lares::OpenMethod)

/// While another thread puts a link that leads out where a file or folder stood, and back.
class LinkRaceTest : public QObject {
    Q_OBJECT

private slots:
    void readingNeverEscapes_data() { methods(); }
    void readingNeverEscapes() {
        QFETCH(OpenMethod, method);
        const FolderTree tree;
        tree.file("outside/x.txt", kSecret);
        tree.file("grant/plain/x.txt", "inside");
        tree.link("grant/link", "../outside");
        const auto grant = FolderHandle::open(tree.path("grant"));
        QVERIFY(grant);
        const ToolPath path{*grant, "dir/x.txt", "PATH"};
        int n_read = 0, n_refused = 0;
        const Swapper swapper(tree.path("grant/plain"), tree.path("grant/link"),
                              tree.path("grant/dir"));
        for (int i = 0; i < kAttempts; ++i) {
            const ToolText text =
                read_file(path, {}, {{}, std::chrono::steady_clock::time_point::max(), method});
            QVERIFY(text.result.find(kSecret) == std::string::npos);
            n_read += text.result == "inside" ? 1 : 0;
            n_refused += text.code == ErrorCode::PermissionDenied ? 1 : 0;
        }
        qInfo("%d read, %d refused, %d exchanges", n_read, n_refused, swapper.rounds());
        QVERIFY(n_read > 0 && n_refused > 0);  // both sides of the race came up
    }

    void listingNeverEscapes_data() { methods(); }
    void listingNeverEscapes() {
        QFETCH(OpenMethod, method);
        const FolderTree tree;
        tree.file(std::string("outside/") + kSecret, "x");
        tree.file("grant/plain/inside.txt", "x");
        tree.link("grant/link", "../outside");
        const auto grant = FolderHandle::open(tree.path("grant"));
        QVERIFY(grant);
        const ToolPath path{*grant, "dir", "PATH"};
        int n_listed = 0, n_refused = 0;
        const Swapper swapper(tree.path("grant/plain"), tree.path("grant/link"),
                              tree.path("grant/dir"));
        for (int i = 0; i < kAttempts; ++i) {
            const ToolText text =
                list_folder(path, {{}, std::chrono::steady_clock::time_point::max(), method});
            QVERIFY(text.result.find(kSecret) == std::string::npos);
            n_listed += text.is_error ? 0 : 1;
            n_refused += text.code == ErrorCode::PermissionDenied ? 1 : 0;
        }
        qInfo("%d listed, %d refused, %d exchanges", n_listed, n_refused, swapper.rounds());
        QVERIFY(n_listed > 0 && n_refused > 0);
    }

    /// The test itself is worth something: looking twice by name does escape.
    void checkingAndThenOpeningByNameEscapes() {
        const FolderTree tree;
        tree.file("outside/x.txt", kSecret);
        tree.file("grant/plain/x.txt", "inside");
        tree.link("grant/link", "../outside");
        const std::string inside = tree.path("grant/");
        const std::string name = tree.path("grant/dir/x.txt");
        int n_escaped = 0;
        const Swapper swapper(tree.path("grant/plain"), tree.path("grant/link"),
                              tree.path("grant/dir"));
        for (int i = 0; i < kAttempts && n_escaped == 0; ++i) {
            std::error_code error;
            if (!fs::canonical(name, error).string().starts_with(inside) || error) continue;
            std::FILE* file = std::fopen(name.c_str(), "r");
            if (!file) continue;
            char text[64] = {};
            static_cast<void>(std::fread(text, 1, sizeof text - 1, file));
            std::fclose(file);
            n_escaped += std::string(text) == kSecret ? 1 : 0;
        }
        if (n_escaped == 0) QSKIP("the race did not come up on this machine");
    }

private:
    static void methods() {
        QTest::addColumn<OpenMethod>("method");
        if (sandbox_layer() == "openat2") QTest::newRow("openat2") << OpenMethod::Best;
        QTest::newRow("component walk") << OpenMethod::Walk;
    }
};

QTEST_GUILESS_MAIN(LinkRaceTest)
#include "tst_link_race.moc"
