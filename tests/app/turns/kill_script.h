#pragma once

#include "engine/session/engine.h"

#include <QString>

namespace lares::test {

/// The question with that number; its number is its text.
[[nodiscard]] inline QString killQuestion(int number) {
    return QStringLiteral("Question %1?").arg(number);
}

inline constexpr const char* kKillAnswer =
    "The folder holds one file, and the sum is three hundred and ninety-one, as it should be.";

/// Thinks, calculates, lists a folder below `home`, searches earlier conversations, and answers
/// word by word.
[[nodiscard]] inline Json killScript(const QString& home) {
    const Json calculate = {{"call", "calculate"}, {"arguments", {{"expression", "17 * 23"}}}};
    const Json list = {{"call", "list_folder"},
                       {"arguments", {{"path", home.toStdString() + "/Papers"}}}};
    const Json search = {{"call", "search_conversations"},
                         {"arguments", {{"query", "question sum"}}}};
    const Json think = {{"thinking", "Two tools, then an answer."}, {"wait_ms", 1}};
    const Json say = {{"text", kKillAnswer}, {"words", true}, {"wait_ms", 1}};
    return Json::array({{{"steps", {think, calculate}}},
                        {{"steps", {think, list}}},
                        {{"steps", {think, search}}},
                        {{"steps", Json::array({say})}}});
}

inline constexpr const char* kKillSummary = "They asked questions, and all of them were answered.";

/// Answers that fill a small context soon, and summaries, both word by word.
[[nodiscard]] inline Json condensingScript() {
    std::string answer;
    for (int i = 0; i < 12; ++i) answer += std::string(kKillAnswer) + ' ';
    const Json sum = {{"text", kKillSummary}, {"words", true}, {"wait_ms", 1}};
    const Json say = {{"text", answer}};
    return Json::array({{{"when", "Condense the conversation"}, {"steps", Json::array({sum})}},
                        {{"when", "Question"}, {"steps", Json::array({say})}}});
}

}  // namespace lares::test
