// What the store costs: syncs and bytes per save, and how long the large lists take.
#include "app/store/conversation_store.h"
#include "tests/bench/counting_vfs.h"

#include <QTemporaryDir>

#include <chrono>
#include <cstdio>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr int kMessages = 2000;
constexpr int kConversations = 5000;

double milliseconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    return std::chrono::duration<double, std::milli>(end - start).count();
}

ChatMessage message(MessageId id, int n_character) {
    ChatMessage made;
    made.id = id;
    made.conversation = 1;
    made.parent = id - 1;
    made.role = id % 2 == 1 ? Role::User : Role::Assistant;
    made.createdAt = QDateTime::currentDateTime();
    Part text;
    text.text = QString(n_character, QChar('x'));
    made.parts.push_back(text);
    return made;
}

ConversationInfo conversation(ConversationId id) {
    ConversationInfo info;
    info.id = id;
    info.title = QStringLiteral("Conversation %1").arg(id);
    info.createdAt = info.updatedAt = QDateTime::currentDateTime().addSecs(-60 * id);
    return info;
}

void print(const char* what, int n, std::int64_t text_bytes) {
    const IoCounts io = take_io_counts();
    std::printf("%-46s %8.2f %10.0f %9.2f\n", what, double(io.n_sync) / n,
                double(io.written_bytes) / n,
                text_bytes > 0 ? double(io.written_bytes) / double(text_bytes) : 0.0);
}

/// An answer that grows to `size` characters in flushes of `step`.
void grow(ConversationStore& store, MessageId id, int size, int step) {
    (void)take_io_counts();
    std::int64_t text_bytes = 0;
    int n = 0;
    for (int length = step; length <= size; length += step, ++n) {
        (void)store.save(message(id, length)).result();
        text_bytes += length;
    }
    char what[64];
    std::snprintf(what, sizeof what, "answer to %d characters, %d a flush", size, step);
    print(what, n, text_bytes);
}

void print_saves(ConversationStore& store) {
    std::printf("%-46s %8s %10s %9s\n", "per save", "syncs", "bytes", "per text");
    (void)take_io_counts();
    for (int id = 1; id <= 100; ++id) (void)store.save(message(id, 200), conversation(1)).result();
    print("message of 200 characters, its conversation", 100, 100 * 200);
    for (int i = 0; i < 100; ++i) (void)store.save(message(100, 200), conversation(1)).result();
    print("message and conversation, only the time differs", 100, 0);
    ConversationInfo same = conversation(1);
    (void)store.save(same).result();
    (void)take_io_counts();
    for (int i = 0; i < 100; ++i) (void)store.save(same).result();
    print("conversation, nothing differs", 100, 0);
    for (int i = 0; i < 100; ++i) {
        same.draft += "word ";
        (void)store.save(same).result();
    }
    print("draft to 500 characters", 100, 25'250);
    same.draft.clear();
    same.hasAttachedDraft = true;
    Attachment attachment;
    attachment.text = QString(1'000'000, 'x');
    (void)store.saveDraft(same, {attachment}).result();
    (void)take_io_counts();
    for (int i = 0; i < 100; ++i) {
        same.draft += "word ";
        (void)store.save(same).result();
    }
    print("the same, with 1 MB attached", 100, 25'250);
    grow(store, 1001, 2000, 100);
    grow(store, 1002, 20'000, 200);
    grow(store, 1003, 200'000, 2000);
}

void print_times(const std::filesystem::path& folder) {
    std::unique_ptr<ConversationStore> store;
    const auto open = [&] { store = std::move(*ConversationStore::open(folder)); };
    const double create = milliseconds_of(open);
    for (int id = 1; id <= kMessages; ++id) (void)store->save(message(id, 500));
    for (int id = 2; id <= kConversations; ++id) (void)store->save(conversation(id));
    const double fill = milliseconds_of([&] { (void)store->settings().result(); });
    const double close = milliseconds_of([&] { store.reset(); });
    const double reopen = milliseconds_of(open);
    std::size_t n = 0;
    const double list =
        milliseconds_of([&] { n += store->conversations().result().value().size(); });
    const double first = milliseconds_of([&] { n += store->messages(1).result().value().size(); });
    const double again = milliseconds_of([&] { n += store->messages(1).result().value().size(); });
    std::printf("\n%zu rows; milliseconds: create %.1f, fill %.0f, close %.1f, open %.1f\n", n,
                create, fill, close, reopen);
    std::printf("list of %d conversations %.1f, conversation of %d messages %.1f, again %.1f\n",
                kConversations, list, kMessages, first, again);
}

}  // namespace

int main() {
    install_counting_vfs();
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    {
        auto store = ConversationStore::open(path / "saves");
        if (!store) {
            std::fprintf(stderr, "%s\n", store.error().message.c_str());
            return 1;
        }
        print_saves(**store);
    }
    print_times(path / "times");
    return 0;
}
