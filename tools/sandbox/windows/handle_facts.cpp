#include "tools/sandbox/windows/handle_facts.h"

#include <cstring>
#include <limits>

namespace lares {
namespace {

constexpr std::int64_t kTicksBefore1970 = 116'444'736'000'000'000;
constexpr std::int64_t kNanosecondsATick = 100;
// Not every compiler's headers know the two about files that are fetched.
constexpr DWORD kRecallOnOpen = 0x00040000;
constexpr DWORD kRecallOnDataAccess = 0x00400000;

/// Mixes all bits of a number into each other (splitmix64's last step).
std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return bits ^ (bits >> 31);
}

template <class Info>
std::optional<Info> info_of(NativeHandle opened, FILE_INFO_BY_HANDLE_CLASS what) {
    Info info{};
    if (!::GetFileInformationByHandleEx(opened, what, &info, sizeof info)) return std::nullopt;
    return info;
}

}  // namespace

bool is_elsewhere(DWORD attributes) {
    return (attributes & (FILE_ATTRIBUTE_REPARSE_POINT | kRecallOnOpen | kRecallOnDataAccess)) != 0;
}

EntryKind kind_from(DWORD attributes) {
    if (is_elsewhere(attributes)) return EntryKind::Link;
    if ((attributes & FILE_ATTRIBUTE_DEVICE) != 0) return EntryKind::Other;
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? EntryKind::Folder : EntryKind::File;
}

std::optional<FileIdentity> identity_from(NativeHandle opened) {
    if (const auto id = info_of<FILE_ID_INFO>(opened, FileIdInfo)) {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        std::memcpy(&low, &id->FileId, sizeof low);
        std::memcpy(&high, reinterpret_cast<const char*>(&id->FileId) + sizeof low, sizeof high);
        return FileIdentity{id->VolumeSerialNumber, high == 0 ? low : low ^ mixed(high)};
    }
    BY_HANDLE_FILE_INFORMATION info{};
    if (!::GetFileInformationByHandle(opened, &info)) return std::nullopt;
    return FileIdentity{info.dwVolumeSerialNumber,
                        (std::uint64_t{info.nFileIndexHigh} << 32) | info.nFileIndexLow};
}

std::optional<FileFacts> facts_of(NativeHandle opened) {
    const auto basic = info_of<FILE_BASIC_INFO>(opened, FileBasicInfo);
    const auto standard = info_of<FILE_STANDARD_INFO>(opened, FileStandardInfo);
    const auto identity = identity_from(opened);
    if (!basic || !standard || !identity) return std::nullopt;
    FileFacts facts;
    facts.kind = kind_from(basic->FileAttributes);
    facts.identity = *identity;
    if (facts.kind == EntryKind::File)
        facts.size_bytes = static_cast<std::uint64_t>(standard->EndOfFile.QuadPart);
    facts.modified_ns = nanoseconds_from(basic->LastWriteTime);
    const bool is_readonly = (basic->FileAttributes & FILE_ATTRIBUTE_READONLY) != 0;
    facts.mode = facts.kind == EntryKind::Folder ? 0777 : is_readonly ? 0444 : 0666;
    facts.n_name = standard->NumberOfLinks;
    return facts;
}

std::int64_t nanoseconds_from(LARGE_INTEGER time) {
    constexpr std::int64_t kMaxTicks =
        std::numeric_limits<std::int64_t>::max() / kNanosecondsATick - 1;
    const std::int64_t ticks = time.QuadPart - kTicksBefore1970;
    if (ticks > kMaxTicks) return kMaxTicks * kNanosecondsATick;
    return ticks < -kMaxTicks ? -kMaxTicks * kNanosecondsATick : ticks * kNanosecondsATick;
}

LARGE_INTEGER time_from(std::int64_t nanoseconds) {
    std::int64_t ticks = nanoseconds / kNanosecondsATick;
    if (nanoseconds % kNanosecondsATick < 0) --ticks;
    LARGE_INTEGER time{};
    time.QuadPart = ticks + kTicksBefore1970;
    if (time.QuadPart <= 0) time.QuadPart = 1;  // 0 and below mean "leave it as it is"
    return time;
}

std::wstring final_path(NativeHandle opened, FinalPath form) {
    const DWORD flags =
        FILE_NAME_NORMALIZED | (form == FinalPath::WithDrive ? VOLUME_NAME_DOS : VOLUME_NAME_NONE);
    std::wstring path(512, L'\0');
    while (true) {
        const DWORD n = ::GetFinalPathNameByHandleW(opened, path.data(),
                                                    static_cast<DWORD>(path.size()), flags);
        if (n == 0) return {};
        const bool fits = n < path.size();
        path.resize(n);
        if (fits) return path;
    }
}

bool is_same_name(std::wstring_view one, std::wstring_view other) {
    return ::CompareStringOrdinal(one.data(), static_cast<int>(one.size()), other.data(),
                                  static_cast<int>(other.size()), TRUE) == CSTR_EQUAL;
}

}  // namespace lares
