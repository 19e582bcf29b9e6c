#include "tools/builtin/search_documents/search_documents.h"

#include "tools/builtin/search_documents/search_words.h"

#include <utility>

namespace lares {

void PassageSearch::look(const std::string& path, std::string_view text) {
    look(path, text, text_form_of(path));
}

void PassageSearch::look_in_document(const std::string& path, std::string_view text) {
    look(path, text, TextForm::Document);
}

void PassageSearch::look(const std::string& path, std::string_view text, TextForm form) {
    const PassageRanking::Around around{search_words(file_name_of(path))};
    for (auto& [passage, where] : placed_passages(text, form)) {
        m_ranking.look(passage, around, [&] {
            return FoundPassage{path, std::move(where), name_text(passage.heading),
                                std::string(passage.text)};
        });
    }
}

ToolText PassageSearch::result() const {
    PassageAnswer answer;
    for (const FoundPassage* passage : m_ranking.ranked()) {
        if (!answer.is_open()) break;
        answer.add(*passage);
    }
    return answer.finish(notices(m_ranking.n_found() - answer.n_shown()));
}

}  // namespace lares
