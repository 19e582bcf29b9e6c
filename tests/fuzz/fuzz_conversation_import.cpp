#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/test_data.h"

#include <QBuffer>

#include <cstdlib>

using namespace lares::app;
using namespace lares::test;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

/// What is let through is a tree within the bounds, and comes back from our own file as it is.
void checkRead(const ConversationContent& content) {
    check(!content.messages.empty() && content.messages.size() <= kMaxConversationMessages);
    for (std::size_t i = 0; i < content.messages.size(); ++i) {
        const ChatMessage& message = content.messages[i];
        check(message.id == static_cast<MessageId>(i) + 1);
        check(message.parent >= 0 && message.parent < message.id);
    }
    const QByteArray file = toConversationFile(content);
    QByteArray bytes = file;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    const auto scan =
        scanConversationFile(buffer, [&](ConversationOrigin origin, const QByteArray& json) {
            const auto again = readConversation(origin, json);
            check(again && toConversationFile(again->content) == file);
            return true;
        });
    check(scan && scan->isWhole);
}

/// The same of what the user wrote beside conversations.
void checkTexts(const UserTexts& texts) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadWrite);
    ConversationFileWriter writer(buffer);
    writer.finish(texts);
    buffer.seek(0);
    const auto again =
        scanConversationFile(buffer, [](ConversationOrigin, const QByteArray&) { return true; });
    check(again && again->isWhole && again->nBrokenTexts == 0 && again->texts == texts);
}

}  // namespace

/// Any bytes as a file of conversations: of Lares, of ChatGPT, of LM Studio.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    QByteArray bytes(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    const auto scan =
        scanConversationFile(buffer, [&](ConversationOrigin origin, const QByteArray& json) {
            const auto read = readConversation(origin, json);
            if (read)
                checkRead(read->content);
            else
                check(!read.error().message.empty());
            return true;
        });
    check(scan || !scan.error().message.empty());
    if (scan) checkTexts(scan->texts);
    return 0;
}

std::vector<std::string> lares::fuzz::seeds() {
    const auto sample = [](const char* name) {
        return read_file(source_file(std::string("tests/data/import/") + name));
    };
    const std::string lmStudio = sample("lmstudio.conversation.json");
    const auto ours =
        readConversation(ConversationOrigin::LmStudio, QByteArray::fromStdString(lmStudio));
    check(ours.has_value());
    const std::string texts =
        R"({"format": "lares-conversations", "version": 1, "conversations": [], "notes": [{"text":)"
        R"( "Anna eats no meat.", "persona": "clerk", "createdAt": "2026-05-28T20:26:40.123Z"}],)"
        R"( "personas": [{"id": "clerk", "name": "Clerk", "system": "", "greeting": ""}]})";
    return {toConversationFile(ours->content).toStdString(), sample("chatgpt.json"), lmStudio,
            texts};
}
