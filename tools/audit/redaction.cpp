#include "tools/audit/redaction.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>

namespace lares {
namespace {

constexpr std::string_view kRedacted = "[redacted]";

/// A stretch of text that has to go.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}
bool is_space(char c) {
    return c == ' ' || c == '\t';
}
/// What a token may be made of, base64 and its variant for addresses included.
bool is_token(char c) {
    return is_word(c) || c == '.' || c == '/' || c == '+' || c == '=' || c == '~';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == y;
    });
}

bool ends_ignoring_case(std::string_view text, std::string_view lower) {
    return text.size() >= lower.size() &&
           equal_ignoring_case(text.substr(text.size() - lower.size()), lower);
}

template <class Is>
std::size_t end_of(std::string_view text, std::size_t at, Is is) {
    while (at < text.size() && is(text[at])) ++at;
    return at;
}

/// Beginnings that no ordinary word has, and how many characters a token has behind them at least.
struct TokenPrefix {
    std::string_view text;
    std::size_t least;
};
constexpr std::array<TokenPrefix, 19> kPrefixes = {{
    {"ghp_", 20},        {"gho_", 20},   {"ghu_", 20},  {"ghs_", 20},     {"ghr_", 20},
    {"github_pat_", 20}, {"glpat-", 16}, {"sk-", 20},   {"sk_live_", 16}, {"rk_live_", 16},
    {"hf_", 20},         {"xoxb-", 10},  {"xoxp-", 10}, {"xoxa-", 10},    {"npm_", 20},
    {"AKIA", 16},        {"ASIA", 16},   {"AIza", 30},  {"nvapi-", 20},
}};

/// A token that begins at `at`, the first character of a word.
std::optional<Span> token_at(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    for (const TokenPrefix& prefix : kPrefixes) {
        if (!rest.starts_with(prefix.text)) continue;
        const std::size_t end = end_of(text, at, is_word);
        if (end - at >= prefix.text.size() + prefix.least) return Span{at, end};
    }
    if (rest.starts_with("eyJ")) {  // JSON Web Token: three parts
        const std::size_t end = end_of(text, at, [](char c) { return is_word(c) || c == '.'; });
        const std::string_view token = text.substr(at, end - at);
        if (token.size() > 30 && std::count(token.begin(), token.end(), '.') >= 2)
            return Span{at, end};
    }
    return std::nullopt;
}

/// Endings of names whose value is a secret: "db_password", "API-Key", "GITHUB_TOKEN".
constexpr std::array<std::string_view, 15> kNames = {
    "password",   "passwd",      "passphrase", "passwort",   "secret",
    "token",      "apikey",      "api_key",    "api-key",    "access_key",
    "access-key", "private_key", "auth_key",   "credential", "credentials"};

/// The value that begins at `at`: quoted, or up to white space or what ends a value in a list.
std::optional<Span> value_at(std::string_view text, std::size_t at) {
    at = end_of(text, at, is_space);
    if (at >= text.size()) return std::nullopt;
    // \" is a quote inside JSON that stands in another text.
    const bool is_escaped = text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"';
    if (is_escaped) ++at;
    if (text[at] == '"' || text[at] == '\'') {
        const char quote = text[at++];
        std::size_t end = at;
        while (end < text.size() && text[end] != quote) {
            if (is_escaped && text[end] == '\\' && end + 1 < text.size() && text[end + 1] == quote)
                break;
            end += !is_escaped && text[end] == '\\' ? 2 : 1;
        }
        return Span{at, std::min(end, text.size())};
    }
    const std::size_t end = end_of(text, at, [](char c) {
        return !std::isspace(static_cast<unsigned char>(c)) && c != '&' && c != ',' && c != ';' &&
               c != '"' && c != '\'' && c != '}' && c != ')';
    });
    if (end == at) return std::nullopt;
    return Span{at, end};
}

/// What stands behind a word that names a secret, or that introduces one.
std::optional<Span> value_behind(std::string_view text, std::size_t begin, std::size_t end) {
    const std::string_view word = text.substr(begin, end - begin);
    if (equal_ignoring_case(word, "bearer") || equal_ignoring_case(word, "basic")) {
        const std::size_t from = end_of(text, end, is_space);
        const std::size_t to = end_of(text, from, is_token);
        // "Basic arithmetic" is none.
        return from > end && to - from >= 12 ? std::optional(Span{from, to}) : std::nullopt;
    }
    if (!names_a_secret(word)) return std::nullopt;
    std::size_t at = end;
    while (at < text.size() && (text[at] == '"' || text[at] == '\'' || text[at] == '\\')) ++at;
    at = end_of(text, at, is_space);
    if (at < text.size() && (text[at] == '=' || text[at] == ':')) return value_at(text, at + 1);
    if (word.starts_with("--") && at > end) return value_at(text, at);
    return std::nullopt;
}

/// The password of an address: between ":" and "@" behind "://".
std::optional<Span> password_behind(std::string_view text, std::size_t at) {
    const std::size_t end = end_of(text, at, [](char c) {
        return !std::isspace(static_cast<unsigned char>(c)) && c != '/' && c != '"' && c != '\'';
    });
    const std::string_view authority = text.substr(at, end - at);
    const std::size_t sign = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (sign == std::string_view::npos || colon == std::string_view::npos || colon > sign)
        return std::nullopt;
    return Span{at + colon + 1, at + sign};
}

/// A private key whose first line begins with the word that ends at `end`: "-----BEGIN" are
/// characters of words, and something may stand right before them.
std::optional<Span> private_key_of(std::string_view text, std::size_t begin, std::size_t end) {
    constexpr std::string_view kBegin = "-----BEGIN";
    constexpr std::string_view kKey = "PRIVATE KEY";
    constexpr std::string_view kEnd = "-----END ";
    constexpr std::size_t kLongestLabel = 64;
    if (!text.substr(begin, end - begin).ends_with(kBegin)) return std::nullopt;
    const std::size_t key = text.substr(end, kLongestLabel).find(kKey);
    if (key == std::string_view::npos) return std::nullopt;
    const std::size_t from = end + key + kKey.size();
    const std::size_t to = text.find(kEnd, from);
    return Span{from, to == std::string_view::npos ? text.size() : to};
}

/// The first stretch that has to go of what begins at `at`; it moves `at` on over what was looked
/// at.
std::optional<Span> next_secret(std::string_view text, std::size_t& at) {
    while (at < text.size()) {
        if (text.substr(at).starts_with("://")) {
            at += 3;
            if (const auto password = password_behind(text, at)) return password;
            continue;
        }
        if (!is_word(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        at = end_of(text, begin, is_word);
        if (const auto key = private_key_of(text, begin, at)) return key;
        if (const auto token = token_at(text, begin)) return token;
        if (const auto value = value_behind(text, begin, at)) return value;
    }
    return std::nullopt;
}

}  // namespace

bool names_a_secret(std::string_view name) {
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view one) { return ends_ignoring_case(name, one); });
}

std::string redacted(std::string_view text) {
    std::string result;
    std::size_t copied = 0;
    std::size_t at = 0;
    while (const auto secret = next_secret(text, at)) {
        // Behind the secret, always: what was taken is not looked at again.
        at = std::max(at, secret->end);
        if (secret->end == secret->begin) continue;
        result.append(text.substr(copied, secret->begin - copied)).append(kRedacted);
        copied = secret->end;
    }
    return result.append(text.substr(copied));
}

}  // namespace lares
