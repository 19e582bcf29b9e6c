// What a user may do in any order, and at once: whatever was shown is there after it, on the disk
// and in the list, and nothing else is. LARES_SEED=N plays other orders.
#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"

#include <QCoreApplication>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kPatienceMs;

namespace {

constexpr const char* kScript = R"([
  {"steps": [{"thinking": "Short."}, {"text": "The first answer, in a few words.", "words": true}]},
  {"steps": [{"call": "calculate", "arguments": {"expression": "17 * 23"}}]},
  {"steps": [{"text": "It is 391.", "words": true}]},
  {"steps": [{"wait_ms": 2}, {"text": "A later answer.", "words": true}, {"wait_ms": 2}]}])";

/// What the user knows of one conversation.
struct Known {
    QHash<MessageId, ChatMessage>
        messages;  ///< as they were shown last, questions and whole answers
    bool isTrashed = false;
};

QString difference(const ConversationInfo& a, const ConversationInfo& b) {
    if (a.title != b.title) return "title";
    if (a.preview != b.preview) return "preview";
    if (a.personaId != b.personaId) return "persona";
    if (a.isPinned != b.isPinned) return "pinned";
    if (a.folder != b.folder) return "folder";
    if (a.draft != b.draft) return "draft";
    if (a.activeLeaf != b.activeLeaf)
        return QString("ends at %1 and %2").arg(a.activeLeaf).arg(b.activeLeaf);
    return {};
}

/// One user at a desk who does anything at any time, and remembers what was shown.
class RandomUser {
public:
    RandomUser(const QString& home, unsigned seed) : m_home(home), m_random(seed) { sitDown(); }

    void act();
    /// Waits until nothing is under way, and compares.
    void look();
    void sitDown();  ///< ends the program, if it runs, and starts it

    [[nodiscard]] int nSent() const { return m_nSent; }
    [[nodiscard]] const QStringList& did() const { return m_did; }

private:
    [[nodiscard]] int below(int n) { return static_cast<int>(m_random() % unsigned(n)); }
    [[nodiscard]] ConversationId anyListed();
    [[nodiscard]] MessageId anyShown(Role role);
    void remember();
    void rememberAll(const ConversationModel& model);
    void waitForQuiet();
    [[nodiscard]] QString wrong();  ///< empty: nothing
    [[nodiscard]] QString wrongInList();
    [[nodiscard]] QString wrongIn(ConversationId id, const Known& known);

    QString m_home;
    std::mt19937 m_random;
    std::unique_ptr<Desk> m_desk;
    QHash<ConversationId, Known> m_known;
    QSet<ConversationId> m_temporary;  ///< that were never kept
    int m_nSent = 0;
    QStringList m_did;
};

ConversationId RandomUser::anyListed() {
    const ConversationListModel& list = *m_desk->controller->conversations();
    return list.rowCount() == 0 ? 0 : list.at(below(list.rowCount())).id;
}

MessageId RandomUser::anyShown(Role role) {
    const ConversationModel& model = m_desk->model();
    std::vector<MessageId> found;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.messageAt(row).role == role) found.push_back(model.messageAt(row).id);
    }
    return found.empty() ? 0 : found[static_cast<std::size_t>(below(int(found.size())))];
}

void RandomUser::act() {
    ChatController& chat = *m_desk->controller;
    const int what = below(100);
    m_did.append(QString::number(what));
    if (what < 22) {
        chat.send(QString("Question %1?").arg(++m_nSent));
    } else if (what < 26) {
        chat.stop();
    } else if (what < 34) {
        chat.edit(anyShown(Role::User), QString("Edited %1?").arg(++m_nSent));
    } else if (what < 42) {
        chat.regenerate(anyShown(Role::Assistant));
    } else if (what < 48) {
        const MessageId message = anyShown(below(2) == 0 ? Role::User : Role::Assistant);
        const int row = chat.conversation()->rowOf(message);
        if (row >= 0) chat.showVersion(message, below(chat.conversation()->versionCountAt(row)));
    } else if (what < 52) {
        below(3) == 0 ? chat.newConversationIn("Work") : chat.newConversation();
    } else if (what < 62) {
        if (const ConversationId id = anyListed()) chat.openConversation(id);
    } else if (what < 66) {
        if (const ConversationId id = anyListed())
            chat.renameConversation(id, QString("Title %1").arg(below(1000)));
    } else if (what < 69) {
        if (const ConversationId id = anyListed()) chat.pinConversation(id, below(2) == 0);
    } else if (what < 73) {
        const QStringList names = {"Work", "Home", ""};
        if (const ConversationId id = anyListed()) chat.moveToFolder(id, names[below(3)]);
    } else if (what < 77) {
        if (const ConversationId id = anyListed()) {
            remember();
            m_known[id].isTrashed = !m_temporary.contains(id);
            chat.deleteConversation(id);
        }
    } else if (what < 80) {
        QList<ConversationId> trashed;
        for (auto one = m_known.begin(); one != m_known.end(); ++one) {
            if (one->isTrashed) trashed.append(one.key());
        }
        std::sort(trashed.begin(), trashed.end());
        if (!trashed.isEmpty()) {
            const ConversationId id = trashed[below(int(trashed.size()))];
            m_known[id].isTrashed = false;
            chat.restoreConversation(id);
        }
    } else if (what < 83) {
        chat.setPersona(below(2) == 0 ? "robin" : "lares");
    } else if (what < 88) {
        chat.saveDraft(below(3) == 0 ? QString() : QString("Half a thought %1").arg(below(1000)));
    } else if (what < 90) {
        chat.newTemporaryConversation();
    } else if (what < 92) {
        chat.keepConversation(chat.conversation()->info().id);
    } else if (what < 94) {
        (void)chat.ask(QString("Aside %1?").arg(++m_nSent));
    } else if (what < 95) {
        chat.duplicateConversation(chat.conversation()->info().id);
    } else if (what < 96) {
        below(2) == 0 ? chat.renameFolder("Home", "Work") : chat.deleteFolder("Work");
    } else {
        QTest::qWait(below(30));
    }
    remember();
}

void RandomUser::rememberAll(const ConversationModel& model) {
    const ConversationId id = model.info().id;
    if (model.info().isTemporary)
        m_temporary.insert(id);
    else
        m_temporary.remove(id);
    for (const ChatMessage& message : model.messages()) {
        if (message.role == Role::User || message.state != ChatMessage::State::Generating)
            m_known[id].messages[message.id] = message;
    }
}

void RandomUser::remember() {
    if (!m_desk->controller->isConversationLoading()) rememberAll(m_desk->model());
}

/// What is asked of the store is carried out in order, and an answer to it may ask for more.
void RandomUser::waitForQuiet() {
    ChatController& chat = *m_desk->controller;
    for (int round = 0; round < 3; ++round) {
        QTRY_VERIFY_WITH_TIMEOUT(
            !chat.isAnswering() && !chat.isBusyElsewhere() && !chat.isConversationLoading(),
            kPatienceMs);
        QFuture<Result<QJsonObject>> asked = m_desk->store->settings();
        QTRY_VERIFY_WITH_TIMEOUT(asked.isFinished(), kPatienceMs);
        QCoreApplication::processEvents();
    }
    remember();
}

QString RandomUser::wrongInList() {
    const ConversationListModel& list = *m_desk->controller->conversations();
    const auto stored = m_desk->store->conversations().result();
    if (!stored) return "the store does not answer";
    QHash<ConversationId, ConversationInfo> onDisk;
    for (const ConversationInfo& info : *stored) onDisk[info.id] = info;
    for (int row = 0; row < list.rowCount(); ++row) {
        const ConversationInfo& shown = list.at(row);
        const QString name = QString::number(shown.id);
        if (onDisk.contains(shown.id) == shown.isTemporary)
            return "not where it should be: " + name;
        if (shown.isTemporary) continue;
        if (const QString what = difference(onDisk.take(shown.id), shown); !what.isEmpty())
            return name + " on the disk and in the list: " + what;
    }
    if (!onDisk.isEmpty()) return "not in the list: " + QString::number(onDisk.begin()->id);
    ConversationInfo here = m_desk->model().info();
    here.activeLeaf = m_desk->model().activeLeaf();
    const int row = list.rowOf(here.id);
    const QString what = row < 0 ? QString() : difference(list.at(row), here);
    return what.isEmpty() ? what : "in the list and shown: " + what;
}

QString RandomUser::wrongIn(ConversationId id, const Known& known) {
    const auto stored = m_desk->store->messages(id).result();
    if (!stored) return "the store does not answer";
    if (m_temporary.contains(id)) return stored->empty() ? "" : "it is temporary and on the disk";
    QHash<MessageId, ChatMessage> onDisk;
    QSet<MessageId> asked;  // parents of questions: one is a version of another if it was edited
    for (const ChatMessage& message : *stored) {
        const QString name = QString::number(message.id);
        onDisk[message.id] = message;
        if (message.parent != 0 && !onDisk.contains(message.parent)) return "no parent: " + name;
        // What was being written when the program ended is taken up when it is opened.
        if (message.state == ChatMessage::State::Generating && id == m_desk->model().info().id)
            return "not taken up: " + name;
        if (message.role != Role::User || !markdownOf(message).startsWith("Question")) continue;
        if (asked.contains(message.parent)) return "asked twice at one place: " + name;
        asked.insert(message.parent);
    }
    for (const ChatMessage& shown : known.messages) {
        const QString name = QString::number(shown.id);
        if (!onDisk.contains(shown.id)) return "lost: " + name;
        const ChatMessage& kept = onDisk[shown.id];
        if (markdownOf(kept) != markdownOf(shown)) return "another text: " + name;
        if (kept.parent != shown.parent) return "elsewhere: " + name;
        if (kept.parts.size() != shown.parts.size()) return "other parts: " + name;
        if (kept.state != shown.state) return "another state: " + name;
    }
    return {};
}

QString RandomUser::wrong() {
    if (const QString what = wrongInList(); !what.isEmpty()) return what;
    QSet<ConversationId> expected;
    for (auto one = m_known.cbegin(); one != m_known.cend(); ++one) {
        if (const QString what = wrongIn(one.key(), *one); !what.isEmpty())
            return QString("in %1: %2").arg(one.key()).arg(what);
        if (one->isTrashed) expected.insert(one.key());
    }
    const auto trash = m_desk->store->trash().result();
    if (!trash) return "the store does not answer";
    QSet<ConversationId> onDisk;
    for (const TrashedConversation& one : *trash) onDisk.insert(one.id);
    return onDisk == expected ? QString() : "another trash";
}

void RandomUser::look() {
    waitForQuiet();
    // What is saved soon may take its time; what is wrong stays wrong.
    QString what = wrong();
    for (int i = 0; i < 40 && !what.isEmpty(); ++i) {
        QTest::qWait(25);
        what = wrong();
    }
    QVERIFY2(what.isEmpty(), qPrintable(what));
}

void RandomUser::sitDown() {
    m_desk.reset();
    for (const ConversationId id : m_temporary) m_known.remove(id);
    m_temporary.clear();
    m_desk = std::make_unique<Desk>(kScript, m_home);
    QObject::connect(m_desk->controller.get(), &ChatController::kept,
                     [this](ConversationId id) { m_temporary.remove(id); });
}

}  // namespace

class ChatRandomTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasShownIsThere_data();
    void whatWasShownIsThere();
};

void ChatRandomTest::whatWasShownIsThere_data() {
    QTest::addColumn<unsigned>("seed");
    const unsigned first = static_cast<unsigned>(qEnvironmentVariableIntValue("LARES_SEED"));
    for (unsigned seed = first; seed < first + 4; ++seed) QTest::addRow("%u", seed) << seed;
}

void ChatRandomTest::whatWasShownIsThere() {
    QFETCH(const unsigned, seed);
    QTemporaryDir home;
    RandomUser user(home.path(), seed);
    for (int round = 0; round < 36 && !QTest::currentTestFailed(); ++round) {
        for (int i = 0; i < 8; ++i) user.act();
        if (round % 3 == 2) user.sitDown();  // in the middle of whatever it does
        user.look();
    }
    if (QTest::currentTestFailed()) qInfo("%s", qPrintable(user.did().join(' ')));
    QVERIFY(user.nSent() > 30);
}

QTEST_GUILESS_MAIN(ChatRandomTest)
#include "tst_chat_random.moc"
