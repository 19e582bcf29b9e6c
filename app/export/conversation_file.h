#pragma once

#include "app/export/conversation_reader.h"
#include "app/export/user_texts.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QStringList>

#include <functional>

class QIODevice;

namespace lares::app {

/// A file of conversations (conversation_json.h), written and read one by one, so that neither
/// takes more memory than the largest of them. Any thread; both wait for the disk.

class ConversationFileWriter {
public:
    /// Borrows the device, which reports what fails.
    explicit ConversationFileWriter(QIODevice& device);
    void add(const ConversationContent& content);
    void finish(const UserTexts& texts = {});  ///< with what goes along

private:
    void beginElement();

    QIODevice& m_device;
    bool m_isFirst = true;
};

/// The whole file of one conversation.
[[nodiscard]] QByteArray toConversationFile(const ConversationContent& content);

struct ConversationScan {
    bool isWhole = true;  ///< false: it ends in the middle, or goes on with something else
    UserTexts texts = {};
    int nBrokenTexts = 0;      ///< that could not be read, or were too many
    QStringList unknown = {};  ///< parts of a file of Lares that have no meaning here
};
using EachConversation = std::function<bool(ConversationOrigin origin, const QByteArray& json)>;
/// Calls `each` with the JSON of every conversation up to where the file is broken, until it
/// answers false: of a file of Lares, ChatGPT's list of conversations, or one conversation of
/// ChatGPT or LM Studio, told apart by what is in it. An empty text stands for one beyond
/// kMaxConversationBytes. Corrupt, with the reason alone, for what is none of them, or of a newer
/// Lares. The device can be read twice.
[[nodiscard]] Result<ConversationScan> scanConversationFile(QIODevice& file,
                                                            const EachConversation& each);

}  // namespace lares::app
