#include "app/export/chatgpt_conversation.h"

#include "app/export/conversation_json.h"
#include "app/export/foreign_message.h"
#include "app/export/json_fields.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace lares::app {
namespace {

constexpr qsizetype kMostParts = 1'000'000;  // of all messages: versions repeat what they share

/// Of a node: nobody where it adds nothing to what people read.
struct NodeText {
    std::optional<Role> role;
    std::vector<Part> parts;
    QDateTime when;
};

/// Texts, and the text of what was spoken; what is neither is left out.
QString textOf(const QJsonObject& content, LeftOut& leftOut) {
    QStringList texts;
    for (const QJsonValue part : content["parts"].toArray()) {
        if (part.isString()) {
            texts << part.toString();
            continue;
        }
        const QString spoken = part["text"].toString();
        if (!spoken.isEmpty())
            texts << spoken;
        else if (part.isObject())
            ++leftOut.pictures;
    }
    texts.removeAll(QString());
    return texts.join(QStringLiteral("\n\n"));
}

QString thoughtsOf(const QJsonObject& content) {
    QStringList thoughts;
    for (const QJsonValue thought : content["thoughts"].toArray()) {
        for (const char* key : {"summary", "content"}) {
            const QString text = thought[QLatin1String(key)].toString();
            if (!text.trimmed().isEmpty()) thoughts << text;
        }
    }
    return thoughts.join(QStringLiteral("\n\n"));
}

NodeText nodeText(const QJsonObject& message, LeftOut& leftOut) {
    NodeText node;
    const QString author = message["author"]["role"].toString();
    const QJsonObject content = message["content"].toObject();
    const QString kind = content["content_type"].toString();
    if (author == u"tool") {
        LeftOut inside;
        (void)textOf(content, inside);
        leftOut.pictures += inside.pictures;
        if (inside.pictures == 0) ++leftOut.toolSteps;
        return node;
    }
    const bool isHidden = message["metadata"]["is_visually_hidden_from_conversation"].toBool();
    if ((author != u"user" && author != u"assistant") || isHidden ||
        kind == u"user_editable_context" || kind == u"model_editable_context") {
        LeftOut inside;
        if (!textOf(content, inside).trimmed().isEmpty() || content.contains("user_instructions") ||
            content.contains("user_profile"))
            ++leftOut.instructions;
        return node;
    }
    node.when = foreignTime(message["create_time"].toDouble() * 1000);
    const QString recipient = message["recipient"].toString();
    if (author == u"assistant" && !recipient.isEmpty() && recipient != u"all") {
        ++leftOut.toolSteps;
        return node;
    }
    if (kind == u"reasoning_recap") return node;  // how long the thoughts before it took
    node.role = author == u"user" ? Role::User : Role::Assistant;
    if (kind == u"thoughts") {
        addText(node.parts, Part::Kind::Thinking, thoughtsOf(content));
    } else {
        QString text = textOf(content, leftOut);
        // Of "code", of a quote, and of whatever comes later.
        if (text.isEmpty()) text = content["text"].toString();
        addText(node.parts, Part::Kind::Text, text);
    }
    // Of what goes with a message, pictures stand in its parts as well.
    for (const QJsonValue file : message["metadata"]["attachments"].toArray()) {
        if (!file["mime_type"].toString().startsWith(u"image/")) ++leftOut.pictures;
    }
    if (node.parts.empty()) node.role.reset();
    return node;
}

class ChatGptTree {
public:
    explicit ChatGptTree(const QJsonObject& object) : m_mapping(object["mapping"].toObject()) {
        m_read.content.info.title = object["title"].toString();
        m_read.content.info.createdAt = foreignTime(object["create_time"].toDouble() * 1000);
        m_read.content.info.updatedAt = foreignTime(object["update_time"].toDouble() * 1000);
        m_current = object["current_node"].toString();
        orderNodes();
    }

    Result<ReadConversation> read() {
        // A stack of its own: how deep a file goes is its writer's choice.
        while (!m_open.empty()) {
            const Open next = m_open.back();
            m_open.pop_back();
            if (m_seen.contains(next.node)) continue;
            m_seen.insert(next.node);
            RETURN_IF_ERROR(visit(next));
        }
        RETURN_IF_ERROR(complete(m_read.content));
        return std::move(m_read);
    }

private:
    /// What one side said so far: `own` follows what stands in the turn before it.
    struct Turn {
        int before = -1;  ///< of the same side; -1: it begins here
        NodeText own = {};
        MessageId parent = 0;
        MessageId made = 0;  ///< the message that it became; 0: none yet
    };
    struct Open {
        QString node;
        int turn = -1;           ///< of m_turns; -1: nobody said anything yet
        bool isCurrent = false;  ///< the turn has the node that was shown last
    };

    /// Children in the order of their parent's list, then those that only name their parent.
    void orderNodes() {
        QSet<QString> placed;
        for (auto it = m_mapping.constBegin(); it != m_mapping.constEnd(); ++it) {
            const QJsonObject node = it.value().toObject();
            for (const QJsonValue child : node["children"].toArray()) {
                const QString id = child.toString();
                if (id == it.key() || placed.contains(id) || !m_mapping.contains(id)) continue;
                placed.insert(id);
                m_children[it.key()] << id;
            }
        }
        QStringList roots;
        for (auto it = m_mapping.constBegin(); it != m_mapping.constEnd(); ++it) {
            if (placed.contains(it.key())) continue;
            const QString parent = it.value().toObject()["parent"].toString();
            if (parent != it.key() && m_mapping.contains(parent))
                m_children[parent] << it.key();
            else
                roots << it.key();
        }
        for (auto root = roots.rbegin(); root != roots.rend(); ++root) m_open.push_back({*root});
    }

    Result<void> visit(Open at) {
        NodeText own = nodeText(m_mapping.value(at.node)["message"].toObject(), m_read.leftOut);
        if (own.role) {
            Turn turn;
            if (at.turn >= 0 && m_turns[index(at.turn)].own.role == own.role) {
                turn.before = at.turn;
                turn.parent = m_turns[index(at.turn)].parent;
            } else {
                ASSIGN_OR_RETURN(turn.parent, messageOf(at));
                at.isCurrent = false;
            }
            turn.own = std::move(own);
            m_turns.push_back(std::move(turn));
            at.turn = static_cast<int>(m_turns.size()) - 1;
        }
        at.isCurrent = at.isCurrent || at.node == m_current;
        const QStringList children = m_children.value(at.node);
        if (children.isEmpty()) {
            ASSIGN_OR_RETURN(const MessageId made, messageOf(at));
            (void)made;
        }
        for (auto child = children.rbegin(); child != children.rend(); ++child)
            m_open.push_back({*child, at.turn, at.isCurrent});
        return {};
    }

    /// The message that a turn is as a whole, made once.
    Result<MessageId> messageOf(const Open& at) {
        if (at.turn < 0) return MessageId{0};
        Turn& turn = m_turns[index(at.turn)];
        if (turn.made == 0) {
            std::vector<const NodeText*> texts;
            for (int i = at.turn; i >= 0; i = m_turns[index(i)].before) {
                texts.push_back(&m_turns[index(i)].own);
                if (texts.size() > kMaxMessageParts || ++m_partCount > kMostParts)
                    return notWhole(ImportReason::tr("one of its messages has too many parts"));
            }
            ChatMessage message;
            message.parent = turn.parent;
            message.role = *turn.own.role;
            message.createdAt = texts.back()->when;
            for (auto text = texts.rbegin(); text != texts.rend(); ++text) {
                for (const Part& part : (*text)->parts)
                    addText(message.parts, part.kind, part.text);
            }
            ASSIGN_OR_RETURN(turn.made, addMessage(m_read.content, std::move(message)));
        }
        if (at.isCurrent) m_read.content.info.activeLeaf = turn.made;
        return turn.made;
    }

    static std::size_t index(int i) { return static_cast<std::size_t>(i); }

    QJsonObject m_mapping;
    QString m_current;
    QHash<QString, QStringList> m_children;
    QSet<QString> m_seen;
    std::vector<Open> m_open;
    std::vector<Turn> m_turns;
    qsizetype m_partCount = 0;
    ReadConversation m_read;
};

}  // namespace

Result<ReadConversation> fromChatGpt(const QJsonObject& object) {
    if (!object["mapping"].isObject())
        return notWhole(ImportReason::tr("it is no conversation of ChatGPT"));
    return ChatGptTree(object).read();
}

}  // namespace lares::app
