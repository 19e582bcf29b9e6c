#include "engine/model/gguf_model_file.h"

namespace lares {

std::string GgufModelFile::title() const {
    return std::string(m_file.get_string("general.name").value_or(std::string_view(m_stem)));
}

std::string GgufModelFile::format() const {
    return "gguf-v" + std::to_string(m_file.version());
}

std::string GgufModelFile::architecture() const {
    return std::string(
        m_file.get_string("general.architecture").value_or(std::string_view("unknown")));
}

std::string GgufModelFile::chat_template() const {
    return std::string(m_file.get_string("tokenizer.chat_template").value_or(std::string_view()));
}

}  // namespace lares
