#include "tools/sandbox/linux/command_order.h"

#include "tools/sandbox/path_bounds.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lares {
namespace {

constexpr std::string_view kFirstLine = "lares-order 2";

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

/// Lines and words of a text, each taken once. A missing one makes everything after it missing.
class Reader {
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    [[nodiscard]] bool is_done() const { return m_rest.empty(); }

    /// Up to `end`, which is taken too.
    std::optional<std::string_view> until(char end) {
        const std::size_t at = m_rest.find(end);
        if (at == std::string_view::npos) return std::nullopt;
        const std::string_view taken = m_rest.substr(0, at);
        m_rest.remove_prefix(at + 1);
        return taken;
    }
    bool expects(std::string_view word) {
        if (!m_rest.starts_with(word)) return false;
        m_rest.remove_prefix(word.size());
        return true;
    }
    bool number(char end, std::uint64_t& value) {
        const auto word = until(end);
        if (!word || word->empty()) return false;
        const char* const last = word->data() + word->size();
        const auto [stop, error] = std::from_chars(word->data(), last, value);
        return error == std::errc() && stop == last;
    }
    bool path(std::string& value) {
        const auto line = until('\n');
        if (!line || !line->starts_with('/') || !keeps_path_bounds(*line)) return false;
        value = *line;
        return true;
    }

private:
    std::string_view m_rest;
};

bool is_nonce(std::string_view text) {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool read_folder(Reader& reader, OrderFolder& folder) {
    const auto rights = reader.until(' ');
    if (!rights || (*rights != "ro" && *rights != "rw")) return false;
    folder.is_writable = *rights == "rw";
    return reader.number(' ', folder.identity.device) && reader.number(' ', folder.identity.file) &&
           reader.path(folder.place);
}

bool read_streams(Reader& reader, CommandOrder& order) {
    const auto streams = reader.until('\n');
    order.has_streams = streams == "streams apart";
    return order.has_streams || streams == "streams together";
}

bool read_head(Reader& reader, CommandOrder& order) {
    if (reader.until('\n') != kFirstLine || !reader.expects("nonce ")) return false;
    const auto nonce = reader.until('\n');
    if (!nonce || !is_nonce(*nonce) || !reader.expects("namespaces ")) return false;
    order.nonce = *nonce;
    for (std::uint64_t& one : order.host_namespaces) {
        const bool is_last = &one == &order.host_namespaces.back();
        if (!reader.number(is_last ? '\n' : ' ', one)) return false;
    }
    OrderLimits& limits = order.limits;
    return reader.expects("limits ") && reader.number(' ', limits.process) &&
           reader.number(' ', limits.open_file) && reader.number(' ', limits.address_space_bytes) &&
           reader.number(' ', limits.file_bytes) && reader.number('\n', limits.processor_seconds) &&
           reader.expects("system ") && reader.number(' ', order.system.device) &&
           reader.number('\n', order.system.file) && reader.expects("working ") &&
           reader.path(order.working_folder) && read_streams(reader, order);
}

bool read_order(Reader& reader, CommandOrder& order) {
    if (!read_head(reader, order)) return false;
    while (reader.expects("folder ")) {
        OrderFolder folder;
        if (order.folders.size() == kMaxOrderFolders || !read_folder(reader, folder)) return false;
        order.folders.push_back(std::move(folder));
    }
    return reader.expects("end\n") && reader.is_done();
}

}  // namespace

std::string write_order(const CommandOrder& order) {
    std::string text = std::string(kFirstLine) + "\nnonce " + order.nonce + "\nnamespaces";
    for (const std::uint64_t one : order.host_namespaces) text += " " + number(one);
    const OrderLimits& limits = order.limits;
    text += "\nlimits " + number(limits.process) + " " + number(limits.open_file) + " " +
            number(limits.address_space_bytes) + " " + number(limits.file_bytes) + " " +
            number(limits.processor_seconds) + "\nsystem " + number(order.system.device) + " " +
            number(order.system.file) + "\nworking " + order.working_folder +
            (order.has_streams ? "\nstreams apart\n" : "\nstreams together\n");
    for (const OrderFolder& one : order.folders) {
        text += std::string("folder ") + (one.is_writable ? "rw " : "ro ") +
                number(one.identity.device) + " " + number(one.identity.file) + " " + one.place +
                "\n";
    }
    return text + "end\n";
}

Result<CommandOrder> parse_order(std::string_view text) {
    CommandOrder order;
    Reader reader(text);
    // One spelling for each order: what reads differently from how it is written is none.
    if (text.size() > kMaxOrderBytes || !read_order(reader, order) || write_order(order) != text)
        return Error{ErrorCode::Corrupt, "the order for the sandbox is damaged"};
    return order;
}

namespace {

/// One line with its end, or false: whatever it is then, lares-toolhost does not say it.
bool read_line(Reader& reader, StatusReport& report) {
    std::uint64_t value = 0;
    if (reader.expects("ready ")) {
        const auto nonce = reader.until(' ');
        if (!nonce || !reader.number('\n', report.landlock_abi)) return false;
        report.is_ready = true;
        report.nonce = *nonce;
        return true;
    }
    if (reader.expects("failed ")) {
        report.failure = reader.until('\n').value_or("");
        return !report.failure.empty();
    }
    const bool has_exited = reader.expects("exited ");
    if (!has_exited && !reader.expects("signalled ")) return false;
    if (!reader.number('\n', value) || value > 255) return false;
    (has_exited ? report.has_exited : report.is_signalled) = true;
    report.status = static_cast<int>(value);
    return true;
}

}  // namespace

StatusReport parse_status(std::string_view text) {
    StatusReport report;
    Reader reader(text);
    while (!reader.is_done() && report.failure.empty()) {
        if (!read_line(reader, report)) report.failure = "lares-toolhost said something unexpected";
    }
    return report;
}

}  // namespace lares
