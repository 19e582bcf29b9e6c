// chat_until_killed FOLDER: chats into the store of that folder as the window does, until it is
// killed. A line on stdout means that the store said "on disk":
//   question ID CONVERSATION PARENT | step ID CONVERSATION PARENT STEPS
#include "app/store/conversation_store.h"
#include "tests/app/store/chat_script.h"
#include "tests/app/store/store_samples.h"

#include <chrono>
#include <cstdio>
#include <thread>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

void report(const char* kind, const ChatMessage& message, int steps) {
    std::printf("%s %lld %lld %lld %d\n", kind, message.id, message.conversation, message.parent,
                steps);
    std::fflush(stdout);
}

[[nodiscard]] bool save(ConversationStore& store, const ChatMessage& message) {
    ConversationInfo info = sampleConversation(message.conversation);
    info.activeLeaf = message.id;
    const auto saved = answer(store.save(message, info));
    if (!saved) std::fprintf(stderr, "%s\n", saved.error().message.c_str());
    return saved.has_value();
}

/// One question with its answer; returns the answer's id, or 0 when a save failed.
MessageId chatOnce(ConversationStore& store, ConversationId conversation, MessageId parent) {
    const auto question = scriptedQuestion(store.newMessageId(), conversation, parent);
    if (!save(store, question)) return 0;
    report("question", question, 0);
    const MessageId id = store.newMessageId();
    for (int steps = 0; steps <= kScriptedSteps; ++steps) {
        const auto written = scriptedAnswer(id, conversation, question.id, steps);
        if (!save(store, written)) return 0;
        report("step", written, steps);
        std::this_thread::sleep_for(std::chrono::microseconds(500));  // as tokens come
    }
    return id;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto store = ConversationStore::open(argv[1]);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        return 1;
    }
    std::puts("open");
    std::fflush(stdout);
    for (;;) {
        const ConversationId conversation = (*store)->newConversationId();
        MessageId parent = 0;
        for (int turn = 0; turn < 4; ++turn) {
            parent = chatOnce(**store, conversation, parent);
            if (parent == 0) return 1;
        }
        if (!answer((*store)->moveToTrash(conversation - 1))) return 1;
    }
}
