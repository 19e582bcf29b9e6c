#include "engine/chat/prompt_format.h"
#include "engine/chat/python_text.h"

#include <array>
#include <cstdint>

namespace lares {
namespace {

// A known text by size and hash; the texts themselves are not needed, since none is ever run.
struct KnownTemplate {
    std::size_t size_bytes;  // without line breaks at the end, which Jinja drops, too
    std::uint64_t fnv1a;
    PromptFormat format;
};
constexpr std::array kKnownTemplates = {
    // NVIDIA-Nemotron-3-Nano-30B-A3B
    KnownTemplate{10503, 0x7056fcc5115fe4c9, PromptFormat::Nemotron3},
    // NVIDIA-Nemotron-Nano-9B-v2, as its model card prints it
    KnownTemplate{5003, 0x0c1d5ee514336196, PromptFormat::NemotronV2},
    // models/templates/NVIDIA-Nemotron-Nano-v2.jinja of llama.cpp
    KnownTemplate{5496, 0xa2e23be07f6fa0a4, PromptFormat::NemotronV2LlamaCpp},
};

// FNV-1a, 64 bits. A forged match gains nothing: it selects a renderer that the markers select,
// too.
std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

std::string_view without_final_line_breaks(std::string_view text) {
    return text.substr(0, text.find_last_not_of('\n') + 1);
}

}  // namespace

std::optional<RecognisedTemplate> recognise_template(std::string_view jinja) {
    const std::string_view text = without_final_line_breaks(jinja);
    for (const KnownTemplate& known : kKnownTemplates) {
        if (known.size_bytes == text.size() && known.fnv1a == fnv1a(text)) {
            return RecognisedTemplate{known.format, true};
        }
    }
    if (python_contains(text, "<|im_start|>") && python_contains(text, "<function=")) {
        return RecognisedTemplate{PromptFormat::Nemotron3, false};
    }
    if (python_contains(text, "<SPECIAL_10>"))
        return RecognisedTemplate{PromptFormat::NemotronV2, false};
    return std::nullopt;
}

}  // namespace lares
