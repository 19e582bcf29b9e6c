// The program at the head of an AppImage of type 2: makes the file system behind itself visible and
// starts the AppRun in it. Linked statically; nothing but a kernel is needed.
#include "installer/linux/appimage/elf_end.h"
#include "installer/linux/appimage/extract.h"
#include "installer/linux/appimage/mount.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

using lares::Error;
using lares::ErrorCode;
using lares::Result;
namespace fs = std::filesystem;

namespace {

constexpr int kFailed = 1;
constexpr int kCannotStart = 127;  // as a shell's

constexpr const char* kHelp = R"(This is an AppImage: one file that runs without being installed.

  --appimage-extract [PATTERN]   unpack it into ./squashfs-root, or only the paths that match
  --appimage-extract-and-run     run from a temporary folder instead of mounting (no FUSE needed);
                                 the variable APPIMAGE_EXTRACT_AND_RUN=1 says the same
  --appimage-mount               mount it, say where, and wait for Ctrl+C
  --appimage-offset              where in this file the file system begins, in bytes
  --appimage-help                this text

All else goes to the program in it; --help is its own help.
)";

struct Image {
    fs::path file;
    std::uint64_t offset = 0;
};

int fail(const Error& error) {
    std::fprintf(stderr, "AppImage: %s\n", error.message.c_str());
    return kFailed;
}

Result<Image> own_image() {
    std::error_code error;
    const fs::path file = fs::read_symlink("/proc/self/exe", error);
    if (error) return Error{ErrorCode::Io, "cannot find this file: /proc is not mounted"};
    ASSIGN_OR_RETURN(const std::uint64_t offset, lares::appimage::elf_end(file));
    return Image{file, offset};
}

/// A new folder that only this user may enter, under $TMPDIR or /tmp.
Result<fs::path> temporary_folder(std::string_view name) {
    const char* parent = std::getenv("TMPDIR");
    std::string path = std::string(parent && *parent ? parent : "/tmp") + "/" + std::string(name);
    if (!::mkdtemp(path.data()))
        return Error{ErrorCode::Io, "cannot make the folder " + path + ": " + std::strerror(errno) +
                                        "; set TMPDIR to where you may write"};
    return fs::path(path);
}

/// Becomes the AppRun in `folder`, with the variables that programs in AppImages look for.
int become_app(const fs::path& file, const fs::path& folder, const std::vector<char*>& words) {
    std::error_code error;
    ::setenv("APPIMAGE", file.c_str(), 1);
    ::setenv("APPDIR", folder.c_str(), 1);
    ::setenv("ARGV0", words[0], 1);
    ::setenv("OWD", fs::current_path(error).c_str(), 1);
    const fs::path program = folder / "AppRun";
    std::vector<char*> arguments = words;
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    std::fprintf(stderr, "AppImage: cannot start %s: %s\n", program.c_str(), std::strerror(errno));
    return kCannotStart;
}

pid_t running_app = 0;

void pass_on(int signal) {
    if (running_app > 0) ::kill(running_app, signal);
}

int wait_for_app() {
    int status = 0;
    while (::waitpid(running_app, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int extract_and_run(const Image& image, const std::vector<char*>& words) {
    const auto folder = temporary_folder("lares-appimage-XXXXXX");
    if (!folder) return fail(folder.error());
    const auto extracted = lares::appimage::extract(image.file, image.offset, *folder, {});
    int status = kFailed;
    if (!extracted) {
        fail(extracted.error());
    } else {
        for (const int signal : {SIGHUP, SIGINT, SIGTERM}) std::signal(signal, pass_on);
        running_app = ::fork();
        if (running_app == 0) {
            for (const int signal : {SIGHUP, SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
            ::_exit(become_app(image.file, *folder, words));
        }
        status = running_app > 0 ? wait_for_app() : kFailed;
    }
    std::error_code ignored;
    fs::remove_all(*folder, ignored);
    return status;
}

/// The folder at which the image is mounted until this process ends.
Result<fs::path> mounted(const Image& image) {
    ASSIGN_OR_RETURN(fs::path folder, temporary_folder(".mount_lares-XXXXXX"));
    const auto result = lares::appimage::mount_while_running(image.file, image.offset, folder);
    if (result) return folder;
    std::error_code ignored;
    fs::remove(folder, ignored);
    return result.error();
}

int run(const Image& image, const std::vector<char*>& words) {
    const char* wish = std::getenv("APPIMAGE_EXTRACT_AND_RUN");
    const bool wants_extraction = wish && *wish && std::string_view(wish) != "0";
    if (!wants_extraction && lares::appimage::can_mount()) {
        if (const auto folder = mounted(image)) return become_app(image.file, *folder, words);
    }
    return extract_and_run(image, words);
}

int show_mounted(const Image& image) {
    const auto folder = mounted(image);
    if (!folder) return fail(folder.error());
    std::printf("%s\n", folder->c_str());
    std::fflush(stdout);
    while (true) ::pause();
}

int extract_here(const Image& image, const char* pattern) {
    const fs::path folder = "squashfs-root";
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail({ErrorCode::Io, "cannot make the folder squashfs-root here"});
    const auto result =
        lares::appimage::extract(image.file, image.offset, folder, pattern ? pattern : "");
    if (!result) return fail(result.error());
    std::printf("%s\n", folder.c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto image = own_image();
    if (!image) return fail(image.error());
    std::vector<char*> words(argv, argv + argc);
    if (words.empty()) return kFailed;
    const std::string_view option = words.size() > 1 ? words[1] : "";
    if (option == "--appimage-help") return std::fputs(kHelp, stdout) < 0 ? kFailed : 0;
    if (option == "--appimage-offset") {
        std::printf("%llu\n", static_cast<unsigned long long>(image->offset));
        return 0;
    }
    if (option == "--appimage-extract")
        return extract_here(*image, words.size() > 2 ? words[2] : nullptr);
    if (option == "--appimage-mount") return show_mounted(*image);
    if (option == "--appimage-extract-and-run") {
        words.erase(words.begin() + 1);
        return extract_and_run(*image, words);
    }
    if (option.starts_with("--appimage-"))
        return fail({ErrorCode::InvalidArgument,
                     "unknown option " + std::string(option) + "; see --appimage-help"});
    return run(*image, words);
}
