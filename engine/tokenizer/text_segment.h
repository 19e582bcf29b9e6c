#pragma once

#include <string>

namespace lares {

/// A piece of a prompt. Only `Markup`, which the prompt renderer itself wrote, may turn into
/// special tokens; `Plain` is what a person, a file, a tool or the model wrote, and its
/// `<|im_end|>` stays ten ordinary characters. (spec: tokenizer.md §6)
struct TextSegment {
    enum class Kind { Markup, Plain };

    Kind kind = Kind::Plain;
    std::string text;

    friend bool operator==(const TextSegment&, const TextSegment&) = default;
};

}  // namespace lares
