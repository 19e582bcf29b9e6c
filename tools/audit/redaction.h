#pragma once

#include <string>
#include <string_view>

namespace lares {

/// `text` with "[redacted]" in place of what looks like a secret:
///   - private keys ("-----BEGIN … PRIVATE KEY-----" to its end),
///   - tokens that say what they are (ghp_…, sk-…, hf_…, AKIA…, eyJ….….…),
///   - what follows a name such as password, token, api_key, with "=" or ":" between them, also in
///     JSON, or as an option of a command ("--password x"), and what follows "Bearer" or "Basic",
///   - the password in an address (https://user:password@host).
/// By pattern, so it can miss one that looks like nothing, and take what only looks like one. Works
/// in time linear in the text, whatever bytes it holds. Any thread.
[[nodiscard]] std::string redacted(std::string_view text);

/// Whether a field of this name holds a secret: "password", "GITHUB_TOKEN". Any thread.
[[nodiscard]] bool names_a_secret(std::string_view name);

}  // namespace lares
