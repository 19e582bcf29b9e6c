#include "app/start/sample_conversations.h"

namespace lares::app {
namespace {

Part textPart(const char* text) {
    Part part;
    part.text = QString::fromUtf8(text);
    return part;
}

Part thinkingPart(const char* text, qint64 durationMs) {
    Part part = textPart(text);
    part.kind = Part::Kind::Thinking;
    part.durationMs = durationMs;
    return part;
}

Part callPart(const char* tool, const char* arguments, const char* summary) {
    Part part = textPart(arguments);
    part.kind = Part::Kind::ToolCall;
    part.toolName = QString::fromUtf8(tool);
    part.summary = QString::fromUtf8(summary);
    part.callState = Part::CallState::Done;
    part.durationMs = 14;
    part.data = {{"allowedBy", "conversation"}};
    return part;
}

Part resultPart(const char* text) {
    Part part = textPart(text);
    part.kind = Part::Kind::ToolResult;
    return part;
}

constexpr const char* kTable =
    R"(Three invoices from this year are in `Documents`. By vendor they belong here:

| File | Date | Folder |
| --- | --- | --- |
| invoice-0412.pdf | 12 Apr | Invoices/2026/Hosting |
| Invoice_Stadtwerke_05.pdf | 3 May | Invoices/2026/Energy |
| invoice-9981.pdf | 19 Jun | Invoices/2026/Hosting |

I can read files and folders, not move them. This would do it:

```bash
cd ~/Documents
mkdir -p Invoices/2026/Hosting Invoices/2026/Energy
mv invoice-0412.pdf invoice-9981.pdf Invoices/2026/Hosting/
mv Invoice_Stadtwerke_05.pdf Invoices/2026/Energy/
```
)";

constexpr const char* kBlocks = R"(### What to check first

1. **Names.** Two files differ only in *case*; some disks treat them as one.
2. **Dates.** Take them from the document, not from the file:
   - the invoice date, when there is one
   - else the date in the name
3. **Copies.** ~~Delete~~ Keep doubles until the year is closed.

> A folder per year and vendor is enough. More levels only make things harder to find.

```python
from pathlib import Path

for file in sorted(Path("Documents").glob("*invoice*.pdf")):
    year = file.name[8:12]  # a guess, check it
    print(f"{year}: {file.name}")
```

---

Anything else? The rules for storing them are at <https://example.org/invoices>.
)";

SampleConversation longConversation(const QDateTime& now) {
    SampleConversation sample;
    sample.info = {kLongSample, "Sort the invoices", "Which invoices", "clerk", now, now, false, 14,
                   {}};
    const auto add = [&](MessageId id, Role role, std::vector<Part> parts) {
        ChatMessage message;
        message.id = id;
        message.conversation = kLongSample;
        message.parent = sample.messages.empty() ? 0 : sample.messages.back().id;
        message.role = role;
        message.personaId = "clerk";
        message.createdAt = now;
        message.parts = std::move(parts);
        sample.messages.push_back(std::move(message));
    };
    add(11, Role::User,
        {textPart("Which invoices from this year are still in Documents? Where do they belong?")});
    add(12, Role::Assistant,
        {thinkingPart("The user wants to know which invoices lie in Documents. I have a tool that "
                      "lists a folder. I use it, then I sort by vendor.",
                      2100),
         callPart("list_folder", R"({"path":"~/Documents"})", "List the folder Documents"),
         resultPart("invoice-0412.pdf\nInvoice_Stadtwerke_05.pdf\ninvoice-9981.pdf"),
         textPart(kTable)});
    add(13, Role::User, {textPart("What should I look at before I move them?")});
    add(14, Role::Assistant, {textPart(kBlocks)});
    return sample;
}

}  // namespace

std::vector<SampleConversation> sampleConversations(const QDateTime& now) {
    std::vector<SampleConversation> samples = {longConversation(now)};
    const struct {
        const char* title;
        int daysAgo;
        bool isPinned;
    } others[] = {{"Household budget", 9, true},          {"Rename holiday photos", 0, false},
                  {"Regex for log lines", 0, false},      {"Letter to the landlord", 1, false},
                  {"What changed in notes.md", 1, false}, {"Spanish practice with Robin", 3, false},
                  {"CSV of running times", 4, false},     {"Trip packing list", 5, false}};
    ConversationId id = 100;
    int minute = 1;
    for (const auto& other : others) {
        ConversationInfo info;
        info.id = id++;
        info.title = QString::fromUtf8(other.title);
        info.preview = info.title;
        info.personaId = "lares";
        info.createdAt = info.updatedAt = now.addDays(-other.daysAgo).addSecs(-minute++);
        info.isPinned = other.isPinned;
        samples.push_back({info, {}});
    }
    return samples;
}

}  // namespace lares::app
