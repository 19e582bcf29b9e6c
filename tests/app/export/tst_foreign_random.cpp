// Conversations of ChatGPT and LM Studio of any shape: each branch reads as it did there, and what
// does not come along is counted. LARES_SEED=N plays other ones.
#include "app/export/conversation_file.h"
#include "app/export/conversation_json.h"
#include "tests/app/export/random_conversation.h"
#include "tests/support/seeds.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

/// What one side says, in pieces of one kind.
struct Said {
    Role role = Role::User;
    std::vector<Part> parts;

    bool operator==(const Said&) const = default;
};
using Branch = std::vector<Said>;

void say(Branch& branch, Role role, Part::Kind kind, const QString& text) {
    if (branch.empty() || branch.back().role != role) branch.push_back({role, {}});
    std::vector<Part>& parts = branch.back().parts;
    if (!parts.empty() && parts.back().kind == kind) {
        parts.back().text += "\n\n" + text;
        return;
    }
    Part part;
    part.kind = kind;
    part.text = text;
    parts.push_back(part);
}

/// From the beginning to a message.
Branch branchTo(const ConversationContent& content, MessageId end) {
    Branch branch;
    for (MessageId at = end; at != 0; at = content.messages[std::size_t(at - 1)].parent) {
        const ChatMessage& message = content.messages[std::size_t(at - 1)];
        branch.insert(branch.begin(), {message.role, message.parts});
    }
    return branch;
}

/// A conversation of ChatGPT, and what it is to become.
class ChatGptSample {
public:
    explicit ChatGptSample(RandomTexts& texts) : m_texts(texts) {
        m_mapping["n0"] = QJsonObject{{"children", QJsonArray()}};
        m_branches.emplace_back();
        for (int n = 1 + texts.below(14); n > 0; --n) addNode();
        for (int i = 0; i < int(m_branches.size()); ++i) {
            if (m_mapping[name(i)].toObject()["children"].toArray().isEmpty()) leaves.push_back(i);
        }
        current = leaves[std::size_t(texts.below(int(leaves.size())))];
    }

    [[nodiscard]] QByteArray json() const {
        const QJsonObject object{{"title", "A title"},
                                 {"create_time", 1'715'000'000.25},
                                 {"mapping", m_mapping},
                                 {"current_node", name(current)}};
        return QJsonDocument(QJsonArray{object}).toJson();
    }
    [[nodiscard]] const Branch& branchOf(int node) const { return m_branches[std::size_t(node)]; }

    std::vector<int> leaves;
    int current = 0;
    LeftOut leftOut;

private:
    static QString name(int node) { return QString("n%1").arg(node); }

    QJsonObject messageOf(Branch& branch) {
        const QString text = m_texts.text(3);
        QJsonArray parts{text};
        QJsonObject message{{"author", QJsonObject{{"role", "user"}}}};
        const auto by = [&](const char* role) { message["author"] = QJsonObject{{"role", role}}; };
        switch (m_texts.below(8)) {
            case 0:
                by("system");
                ++leftOut.instructions;
                break;
            case 1:
                by("tool");
                ++leftOut.toolSteps;
                break;
            case 2:
                by("assistant");
                message["recipient"] = "python";
                ++leftOut.toolSteps;
                break;
            case 3: {
                by("assistant");
                const QJsonObject thought{{"summary", ""}, {"content", text}};
                message["content"] =
                    QJsonObject{{"content_type", "thoughts"}, {"thoughts", QJsonArray{thought}}};
                say(branch, Role::Assistant, Part::Kind::Thinking, text);
                return message;
            }
            case 4:
            case 5:
                say(branch, Role::User, Part::Kind::Text, text);
                if (!m_texts.oneIn(3)) break;
                parts.append(QJsonObject{{"asset_pointer", "file-1"}});
                ++leftOut.pictures;
                break;
            default:
                by("assistant");
                say(branch, Role::Assistant, Part::Kind::Text, text);
        }
        message["content"] = QJsonObject{{"content_type", "text"}, {"parts", parts}};
        return message;
    }

    void addNode() {
        const int number = int(m_branches.size());
        const int parent = m_texts.oneIn(3) ? m_texts.below(number) : number - 1;
        Branch branch = m_branches[std::size_t(parent)];
        const QJsonObject message = messageOf(branch);
        m_mapping[name(number)] =
            QJsonObject{{"parent", name(parent)}, {"children", QJsonArray()}, {"message", message}};
        m_branches.push_back(std::move(branch));
        QJsonObject above = m_mapping[name(parent)].toObject();
        QJsonArray children = above["children"].toArray();
        children.append(name(number));
        above["children"] = children;
        m_mapping[name(parent)] = above;
    }

    RandomTexts& m_texts;
    QJsonObject m_mapping;
    std::vector<Branch> m_branches;  ///< to each node
};

/// One of LM Studio, and the branch that is shown there.
QByteArray lmStudioSample(RandomTexts& texts, Branch& shown, int& nVersions) {
    QJsonArray messages;
    for (int i = 0, n = 1 + texts.below(8); i < n; ++i) {
        QJsonArray versions;
        const int count = 1 + texts.below(3);
        const int selected = texts.below(count);
        const Role role = i % 2 == 0 ? Role::User : Role::Assistant;
        for (int v = 0; v < count; ++v) {
            const QString text = texts.text(3);
            const QJsonArray content{QJsonObject{{"type", "text"}, {"text", text}}};
            QJsonObject version{{"role", role == Role::User ? "user" : "assistant"}};
            const bool isThinking = role == Role::Assistant && texts.oneIn(3);
            if (role == Role::User) {
                version["content"] = content;
            } else {
                QJsonObject step{{"type", "contentBlock"}, {"content", content}};
                if (isThinking) step["style"] = QJsonObject{{"type", "thinking"}};
                version["steps"] = QJsonArray{step};
            }
            if (v == selected)
                say(shown, role, isThinking ? Part::Kind::Thinking : Part::Kind::Text, text);
            versions.append(version);
            ++nVersions;
        }
        messages.append(QJsonObject{{"versions", versions}, {"currentlySelected", selected}});
    }
    return QJsonDocument(QJsonObject{{"name", "A title"},
                                     {"createdAt", 1'715'000'000'000.0},
                                     {"tokenCount", 3},
                                     {"messages", messages}})
        .toJson();
}

std::vector<Result<ReadConversation>> readAll(QByteArray bytes) {
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    std::vector<Result<ReadConversation>> all;
    const auto scan =
        scanConversationFile(buffer, [&](ConversationOrigin origin, const auto& json) {
            all.push_back(readConversation(origin, json));
            return true;
        });
    if (!scan) all.push_back(scan.error());
    return all;
}

/// A tree, which comes back from a file of ours as it is; or a sentence.
void isWholeOrRefused(const Result<ReadConversation>& read) {
    if (!read) {
        QVERIFY(!read.error().message.empty());
        return;
    }
    for (std::size_t i = 0; i < read->content.messages.size(); ++i) {
        QCOMPARE(read->content.messages[i].id, MessageId(i + 1));
        QVERIFY(read->content.messages[i].parent < MessageId(i + 1));
    }
    const auto again = readAll(toConversationFile(read->content));
    QCOMPARE(again.size(), std::size_t{1});
    QVERIFY2(again[0], again[0] ? "" : again[0].error().message.c_str());
    const QString what = difference(again[0]->content, read->content);
    QVERIFY2(what.isEmpty(), qPrintable(what));
}

/// The same with a few bytes that are others.
void survivesDamage(const QByteArray& whole, RandomTexts& texts) {
    for (int i = 0; i < 30; ++i) {
        QByteArray file = whole;
        for (int n = 1 + texts.below(3); n > 0; --n)
            file[texts.below(int(file.size()))] = static_cast<char>(texts.below(256));
        if (i % 3 == 0) file.truncate(texts.below(int(file.size())));
        for (const auto& read : readAll(file)) isWholeOrRefused(read);
    }
}

}  // namespace

class ForeignRandomTest : public QObject {
    Q_OBJECT

private slots:
    void everyBranchOfChatGptIsThere_data() { addSeedRows(6); }
    void everyBranchOfChatGptIsThere();
    void whatLmStudioShowsIsShown_data() { addSeedRows(6); }
    void whatLmStudioShowsIsShown();
};

void ForeignRandomTest::everyBranchOfChatGptIsThere() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    for (int i = 0; i < 20; ++i) {
        const ChatGptSample sample(texts);
        const auto all = readAll(sample.json());
        QCOMPARE(all.size(), std::size_t{1});
        isWholeOrRefused(all[0]);
        const bool isSilent = std::all_of(sample.leaves.begin(), sample.leaves.end(),
                                          [&](int leaf) { return sample.branchOf(leaf).empty(); });
        QCOMPARE(all[0].has_value(), !isSilent);
        if (isSilent) continue;
        const ConversationContent& content = all[0]->content;
        QVERIFY(all[0]->leftOut == sample.leftOut);
        std::vector<Branch> there;
        for (const ChatMessage& message : content.messages)
            there.push_back(branchTo(content, message.id));
        for (const int leaf : sample.leaves) {
            const Branch& branch = sample.branchOf(leaf);
            QVERIFY(branch.empty() || std::find(there.begin(), there.end(), branch) != there.end());
        }
        if (const Branch& shown = sample.branchOf(sample.current); !shown.empty())
            QVERIFY(branchTo(content, content.info.activeLeaf) == shown);
        survivesDamage(sample.json(), texts);
    }
}

void ForeignRandomTest::whatLmStudioShowsIsShown() {
    QFETCH(const unsigned, seed);
    RandomTexts texts(seed);
    for (int i = 0; i < 20; ++i) {
        Branch shown;
        int nVersions = 0;
        const QByteArray json = lmStudioSample(texts, shown, nVersions);
        const auto all = readAll(json);
        QCOMPARE(all.size(), std::size_t{1});
        isWholeOrRefused(all[0]);
        QVERIFY2(all[0], all[0] ? "" : all[0].error().message.c_str());
        const ConversationContent& content = all[0]->content;
        QCOMPARE(int(content.messages.size()), nVersions);
        QVERIFY(branchTo(content, content.info.activeLeaf) == shown);
        survivesDamage(json, texts);
    }
}

QTEST_APPLESS_MAIN(ForeignRandomTest)
#include "tst_foreign_random.moc"
