#include "app/cli/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lares::cli {
namespace {

Error wrong(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

template <class T>
std::optional<T> readNumber(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> splitAtCommas(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t comma = text.find(',');
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

std::string plain(double value) {
    return value == std::floor(value) && std::abs(value) < 1e15
               ? std::to_string(static_cast<std::int64_t>(value))
               : std::to_string(value);
}

std::string rangeOf(const OptionSpec& spec) {
    const OptionSpec unlimited;
    if (spec.min == unlimited.min && spec.max == unlimited.max) return {};
    if (spec.max == unlimited.max) return " of at least " + plain(spec.min);
    return " from " + plain(spec.min) + " to " + plain(spec.max);
}

bool isInRange(const OptionSpec& spec, double value) {
    return value >= spec.min && value <= spec.max;  // false for NaN
}

Result<void> checkInteger(const OptionSpec& spec, std::string_view text) {
    const auto value = readNumber<std::int64_t>(text);
    if (value && isInRange(spec, static_cast<double>(*value))) return {};
    return wrong("--" + std::string(spec.name) + " needs a whole number" + rangeOf(spec) +
                 ", not '" + std::string(text) + "'");
}

Result<void> checkValue(const OptionSpec& spec, std::string_view text) {
    switch (spec.kind) {
        case OptionKind::Flag:
        case OptionKind::Text:
        case OptionKind::TextList:
            return {};
        case OptionKind::Integer:
            return checkInteger(spec, text);
        case OptionKind::IntegerList:
            for (const std::string_view part : splitAtCommas(text)) {
                RETURN_IF_ERROR(checkInteger(spec, part));
            }
            return {};
        case OptionKind::Number:
            break;
    }
    const auto value = readNumber<double>(text);
    if (value && isInRange(spec, *value)) return {};
    return wrong("--" + std::string(spec.name) + " needs a number" + rangeOf(spec) + ", not '" +
                 std::string(text) + "'");
}

const OptionSpec* findLong(std::span<const OptionSpec> specs, std::string_view name) {
    const auto it =
        std::find_if(specs.begin(), specs.end(), [&](const auto& s) { return s.name == name; });
    return it == specs.end() ? nullptr : &*it;
}

const OptionSpec* findShort(std::span<const OptionSpec> specs, char letter) {
    const auto it =
        std::find_if(specs.begin(), specs.end(), [&](const auto& s) { return s.letter == letter; });
    return it == specs.end() ? nullptr : &*it;
}

/// What one word says: which option, and its value if that is in the same word.
struct OptionWord {
    const OptionSpec* spec = nullptr;
    std::optional<std::string> value;
};

OptionWord readOptionWord(std::span<const OptionSpec> specs, const std::string& word) {
    if (word.starts_with("--")) {
        const std::size_t equals = word.find('=');
        OptionWord found{findLong(specs, std::string_view(word).substr(0, equals).substr(2)),
                         std::nullopt};
        if (equals != std::string::npos) found.value = word.substr(equals + 1);
        return found;
    }
    OptionWord found{findShort(specs, word[1]), std::nullopt};
    if (word.size() > 2) found.value = word.substr(2);
    return found;
}

}  // namespace

Result<Options> Options::parse(std::span<const OptionSpec> specs,
                               std::span<const std::string> words,
                               int maxPositional) {
    Options options;
    bool onlyPositional = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (onlyPositional || word.size() < 2 || word[0] != '-') {
            if (static_cast<int>(options.m_positional.size()) == maxPositional) {
                return wrong("unexpected argument '" + word + "'");
            }
            options.m_positional.push_back(word);
            continue;
        }
        if (word == "--") {
            onlyPositional = true;
            continue;
        }
        OptionWord found = readOptionWord(specs, word);
        if (!found.spec) return wrong("unknown option '" + word + "'");
        if (found.spec->kind == OptionKind::Flag) {
            if (found.value) return wrong("--" + std::string(found.spec->name) + " takes no value");
            found.value.emplace();
        } else if (!found.value) {
            if (i + 1 == words.size()) return wrong("'" + word + "' needs a value");
            found.value = words[++i];
        }
        RETURN_IF_ERROR(checkValue(*found.spec, *found.value));
        if (found.spec->kind == OptionKind::TextList)
            options.m_lists[found.spec->name].push_back(*found.value);
        options.m_values[found.spec->name] = std::move(*found.value);
    }
    return options;
}

std::optional<std::string> Options::text(std::string_view name) const {
    const auto it = m_values.find(name);
    return it == m_values.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string> Options::texts(std::string_view name) const {
    const auto it = m_lists.find(name);
    return it == m_lists.end() ? std::vector<std::string>() : it->second;
}

std::optional<std::int64_t> Options::integer(std::string_view name) const {
    const auto value = text(name);
    return value ? readNumber<std::int64_t>(*value) : std::nullopt;
}

int Options::integerOr(std::string_view name, int fallback) const {
    return static_cast<int>(integer(name).value_or(fallback));
}

std::optional<double> Options::number(std::string_view name) const {
    const auto value = text(name);
    return value ? readNumber<double>(*value) : std::nullopt;
}

std::vector<std::int64_t> Options::integersOr(std::string_view name,
                                              std::vector<std::int64_t> fallback) const {
    const auto value = text(name);
    if (!value) return fallback;
    std::vector<std::int64_t> numbers;
    for (const std::string_view part : splitAtCommas(*value)) {
        numbers.push_back(readNumber<std::int64_t>(part).value_or(0));
    }
    return numbers;
}

std::string describe(std::span<const OptionSpec> specs) {
    constexpr std::size_t kColumn = 30;
    constexpr std::size_t kWidth = 100;
    std::string out;
    for (const OptionSpec& spec : specs) {
        std::string line =
            spec.letter ? std::string("  -") + spec.letter + ", --" : std::string("      --");
        line += spec.name;
        if (!spec.placeholder.empty()) line.append(" ").append(spec.placeholder);
        line.resize(std::max(line.size() + 2, kColumn), ' ');
        std::string_view rest = spec.help;
        while (line.size() + rest.size() > kWidth) {
            const std::size_t space = rest.rfind(' ', kWidth - line.size());
            if (space == std::string_view::npos) break;
            out.append(line).append(rest.substr(0, space)).append("\n");
            rest.remove_prefix(space + 1);
            line.assign(kColumn, ' ');
        }
        out.append(line).append(rest).append("\n");
    }
    return out;
}

}  // namespace lares::cli
