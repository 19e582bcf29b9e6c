#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

enum class OptionKind {
    Flag,         ///< present or not
    Text,         ///< any text
    TextList,     ///< any text, and the option may stand more than once
    Integer,      ///< a whole number in [min, max]
    Number,       ///< a decimal number in [min, max]
    IntegerList,  ///< "1,2,3", each in [min, max]
};

/// One option, as the parser reads it and `--help` prints it.
struct OptionSpec {
    std::string_view name;  ///< long form, without dashes
    char letter = 0;        ///< short form; 0: none
    OptionKind kind = OptionKind::Flag;
    std::string_view placeholder;  ///< what stands for the value in --help; empty for a flag
    std::string_view help;
    double min = std::numeric_limits<double>::lowest();
    double max = std::numeric_limits<double>::max();
};

/// A parsed command line. The kinds and ranges of the specs hold for everything in it, so reading a
/// value cannot fail. Asking for an option of another kind, or one the command does not have, is a
/// mistake of ours and reads as absent.
class Options {
public:
    /// `--name value`, `--name=value`, `-n value`, `-nvalue`; `--` ends the options; the last of
    /// two equal options counts, except of a TextList. InvalidArgument says which word is wrong and
    /// what would be right.
    [[nodiscard]] static Result<Options> parse(std::span<const OptionSpec> specs,
                                               std::span<const std::string> words,
                                               int maxPositional);

    [[nodiscard]] bool has(std::string_view name) const { return m_values.contains(name); }
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    /// Of a TextList: all of them, in their order.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] int integerOr(std::string_view name, int fallback) const;
    [[nodiscard]] std::optional<double> number(std::string_view name) const;
    [[nodiscard]] std::vector<std::int64_t> integersOr(std::string_view name,
                                                       std::vector<std::int64_t> fallback) const;
    [[nodiscard]] const std::vector<std::string>& positional() const { return m_positional; }

private:
    std::map<std::string_view, std::string> m_values;              // keys point into the specs
    std::map<std::string_view, std::vector<std::string>> m_lists;  // of a TextList
    std::vector<std::string> m_positional;
};

/// The options' part of `--help`: one aligned line each, longer texts wrapped.
[[nodiscard]] std::string describe(std::span<const OptionSpec> specs);

}  // namespace lares::cli
