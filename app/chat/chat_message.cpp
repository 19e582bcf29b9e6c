#include "app/chat/chat_message.h"

#include <QStringList>

namespace lares::app {

QString markdownOf(const ChatMessage& message) {
    QStringList texts;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Text && !part.text.isEmpty()) texts << part.text;
    }
    return texts.join("\n\n");
}

}  // namespace lares::app
