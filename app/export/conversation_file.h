#pragma once

#include "app/export/conversation_content.h"
#include "engine/base/result.h"

#include <QByteArray>

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
    void finish();

private:
    QIODevice& m_device;
    bool m_isFirst = true;
};

/// The whole file of one conversation.
[[nodiscard]] QByteArray toConversationFile(const ConversationContent& content);

struct ConversationScan {
    bool isWhole = true;  ///< false: it ends in the middle, or goes on with something else
};
/// Calls `each` with the JSON of every conversation up to where the file is broken, until it
/// answers false. An empty text stands for one beyond kMaxConversationBytes. Corrupt, with the
/// reason alone, for what is no such file, or one of a newer Lares.
[[nodiscard]] Result<ConversationScan> scanConversationFile(
    QIODevice& file, const std::function<bool(const QByteArray& json)>& each);

}  // namespace lares::app
