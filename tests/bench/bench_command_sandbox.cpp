// What the sandbox costs a command: starting /bin/sh in it and without it.
#include "tools/sandbox/command_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <sys/wait.h>
#include <vector>

namespace {

constexpr int kRuns = 100;

struct Times {
    double median_ms = 0;
    double p95_ms = 0;
};

Times times_of(const std::function<void()>& run) {
    std::vector<double> all;
    for (int i = 0; i < kRuns; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        run();
        const std::chrono::duration<double, std::milli> taken =
            std::chrono::steady_clock::now() - begin;
        all.push_back(taken.count());
    }
    std::sort(all.begin(), all.end());
    return {all[kRuns / 2], all[kRuns * 95 / 100]};
}

}  // namespace

int main() {
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
    const std::string toolhost = self.parent_path().parent_path() / "bin" / "lares-toolhost";
    const lares::CommandRunner runner({toolhost, "/usr/bin/bwrap"});
    const lares::CommandSupport support = runner.support();
    const auto folder = lares::FolderHandle::open(std::filesystem::temp_directory_path());
    if (!support.is_available || !folder) {
        std::printf("command sandbox: not measured: %s\n", support.reason.c_str());
        return 0;
    }
    lares::CommandSpec spec;
    spec.script = "exit 0\n";
    spec.folders = {{&*folder, "/desk", false}};
    spec.working_folder = "/desk";
    const Times plain = times_of([] { (void)!std::system("exit 0"); });
    const Times kept = times_of([&] { (void)runner.run(spec, {}); });
    std::printf("sh alone:       median %.1f ms, 95 %% below %.1f ms\n", plain.median_ms,
                plain.p95_ms);
    std::printf("in the sandbox: median %.1f ms, 95 %% below %.1f ms (%.1f times)\n",
                kept.median_ms, kept.p95_ms, kept.median_ms / plain.median_ms);
    return 0;
}
