#include "app/turn/lore_text.h"

#include "app/turn/unused_mark.h"

#include <vector>

namespace lares {

std::string loreTurn(std::string_view words, std::span<const std::string> lore) {
    if (lore.empty()) return std::string(words);
    const std::vector<std::string_view> inside(lore.begin(), lore.end());
    const std::string digits = unusedMark(inside, words);
    std::string turn = "Background that you know, between <lore " + digits + "> and </lore " +
                       digits +
                       ">. Use it where it fits. The user neither wrote it nor sees it, so do not "
                       "sum it up or mention it as a text. ";
    turn += words.empty() ? "The user wrote nothing else."
                          : "The user's own words come after the last tag.";
    for (const std::string& text : lore) {
        turn.append("\n\n<lore ").append(digits).append(">\n").append(text);
        if (!turn.ends_with('\n')) turn += '\n';
        turn.append("</lore ").append(digits).append(">");
    }
    if (!words.empty()) turn.append("\n\n").append(words);
    return turn;
}

}  // namespace lares
