// What a user may do in any order, and at once: whatever was shown is there after it, on the disk
// and in the list, and nothing else is. LARES_SEED=N plays other orders.
#include "app/chat/conversation_list_model.h"
#include "tests/app/turns/desk.h"
#include "tests/support/seeds.h"

#include <QCoreApplication>
#include <QDir>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace lares;
using namespace lares::app;
using lares::test::Desk;
using lares::test::kPatienceMs;

#ifndef Q_OS_WIN
#include "tests/support/file_size_limit.h"
using FullDisk = lares::test::FileSizeLimit;
#else
struct FullDisk {  // which nothing there makes a disk look like
    explicit FullDisk(int) {}
};
#endif

namespace {

constexpr const char* kScript = R"([
  {"steps": [{"thinking": "Short."}, {"text": "The first answer, in a few words.", "words": true}]},
  {"steps": [{"call": "calculate", "arguments": {"expression": "17 * 23"}}]},
  {"steps": [{"text": "It is 391.", "words": true}]},
  {"steps": [{"call": "write_file", "arguments": {"path": "~/Papers/a.txt", "content": "A."}}]},
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
    if (a.hasAttachedDraft != b.hasAttachedDraft) return "whether something is attached";
    if (a.activeLeaf != b.activeLeaf)
        return QString("ends at %1 and %2").arg(a.activeLeaf).arg(b.activeLeaf);
    return {};
}

/// One user at a desk who does anything at any time, and remembers what was shown.
class RandomUser {
public:
    RandomUser(const QString& home, unsigned seed) : m_home(home), m_random(seed) {
        QDir(home).mkpath("Papers");
        qputenv("HOME", home.toLocal8Bit());
        sitDown();
    }

    void act();
    void talk(int what);
    void tidy(int what);
    void restoreAny();
    /// Waits until nothing is under way, and compares.
    void look();
    void sitDown();  ///< ends the program, if it runs, and starts it
    void fillDisk() { m_fullDisk = std::make_unique<FullDisk>(1); }
    void makeRoom() { m_fullDisk.reset(); }

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
    std::unique_ptr<FullDisk> m_fullDisk;  ///< while it is full
    std::unique_ptr<Desk> m_desk;
    QHash<ConversationId, Known> m_known;
    QSet<ConversationId> m_temporary;  ///< that were never kept
    QSet<ConversationId> m_gone;       ///< deleted for good
    QSet<ConversationId> m_going;      ///< about to be, and so perhaps not if the program ends
    int m_nSent = 0;
    int m_nLook = 0;
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
    const int what = below(100);
    m_did.append(QString::number(what));
    what < 52 ? talk(what) : tidy(what - 52);
    remember();
}

void RandomUser::talk(int what) {
    ChatController& chat = *m_desk->controller;
    if (what < 16) {
        const bool isWithFiles = !chat.draftAttachments().empty();
        chat.send(QString("Question %1?").arg(++m_nSent),
                  isWithFiles ? chat.draftAttachments() : Attachments{});
    } else if (what < 19) {
        chat.stop();
    } else if (what < 25) {
        chat.edit(anyShown(Role::User), QString("Edited %1?").arg(++m_nSent));
    } else if (what < 31) {
        chat.regenerate(anyShown(Role::Assistant));
    } else if (what < 36) {
        const MessageId message = anyShown(below(2) == 0 ? Role::User : Role::Assistant);
        const int row = chat.conversation()->rowOf(message);
        if (row >= 0) chat.showVersion(message, below(chat.conversation()->versionCountAt(row)));
    } else if (what < 40) {
        chat.saveDraft(below(3) == 0 ? QString() : QString("Half a thought %1").arg(below(1000)));
    } else if (what < 42) {
        chat.saveDraftAttachments(
            below(3) == 0 ? Attachments{}
                          : Attachments{pastedText(QString("Pasted %1").arg(below(1000)))});
    } else if (what < 44) {
        (void)chat.ask(QString("Aside %1?").arg(++m_nSent));
    } else if (what < 47) {
        constexpr PermissionAnswer kAnswers[] = {
            PermissionAnswer::Once, PermissionAnswer::Conversation, PermissionAnswer::No};
        chat.answerQuestion(kAnswers[below(3)]);
    } else if (what < 48) {
        chat.undoChanges(chat.lastChanges());
    } else {
        QTest::qWait(below(30));
    }
}

void RandomUser::tidy(int what) {
    ChatController& chat = *m_desk->controller;
    const ConversationId listed = anyListed();
    const ConversationId shown = chat.conversation()->info().id;
    if (what < 4) {
        below(3) == 0 ? chat.newConversationIn("Work") : chat.newConversation();
    } else if (what < 6) {
        chat.newTemporaryConversation();
    } else if (what < 8) {
        chat.keepConversation(shown);
    } else if (what < 9) {
        chat.duplicateConversation(shown);
    } else if (what < 10) {
        below(2) == 0 ? chat.renameFolder("Home", "Work") : chat.deleteFolder("Work");
    } else if (what < 13) {
        chat.setPersona(below(2) == 0 ? "robin" : "lares");
    } else if (what < 18) {
        restoreAny();
    } else if (listed == 0) {
        return;
    } else if (what < 30) {
        chat.openConversation(listed);
    } else if (what < 34) {
        chat.renameConversation(listed, QString("Title %1").arg(below(1000)));
    } else if (what < 37) {
        chat.pinConversation(listed, below(2) == 0);
    } else if (what < 41) {
        const QStringList names = {"Work", "Home", ""};
        chat.moveToFolder(listed, names[below(3)]);
    } else {
        remember();
        m_known[listed].isTrashed = !m_temporary.contains(listed);
        chat.deleteConversation(listed);
    }
}

/// Or ends it for good.
void RandomUser::restoreAny() {
    QList<ConversationId> trashed;
    for (auto one = m_known.begin(); one != m_known.end(); ++one) {
        if (one->isTrashed) trashed.append(one.key());
    }
    if (trashed.isEmpty()) return;
    std::sort(trashed.begin(), trashed.end());
    const ConversationId id = trashed[below(int(trashed.size()))];
    if (below(4) == 0) {
        m_going.insert(id);
        m_desk->controller->deleteForGood({id}).then(
            m_desk->controller.get(),
            [this, id, known = m_known.take(id)](const Result<void>& deleted) {
                m_going.remove(id);
                deleted ? void(m_gone.insert(id)) : void(m_known[id] = known);
            });
    } else {
        m_desk->controller->restoreConversation(id);
        m_known[id].isTrashed = false;
    }
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
    const auto isQuiet = [&] {
        const ConversationListModel& list = *chat.conversations();
        for (int row = 0; row < list.rowCount(); ++row) {  // nobody answers these now
            if (chat.isWaitingIn(list.at(row).id)) chat.stopIn(list.at(row).id);
        }
        return !chat.isAnswering() && !chat.isBusyElsewhere() && !chat.isConversationLoading();
    };
    for (int round = 0; round < 3; ++round) {
        QTRY_VERIFY_WITH_TIMEOUT(isQuiet(), kPatienceMs);
        // A write, which brings those along for which there was no room.
        const QFuture<Result<void>> asked = m_desk->store->setSetting("looks", ++m_nLook);
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
        const auto attached = m_desk->store->draftAttachments(shown.id).result();
        if (!attached || attached->empty() == shown.hasAttachedDraft)
            return "the draft's attachments of " + name;
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
        if (!onDisk.contains(shown.id))
            return QString("lost: %1 (%2, %3)%4")
                .arg(name, shown.role == Role::User ? "question" : "answer",
                     markdownOf(shown).left(40), known.isTrashed ? ", in the trash" : "");
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
    for (const ConversationId id : m_gone) {
        const auto stored = m_desk->store->messages(id).result();
        if (!stored || !stored->empty()) return QString("%1 is still there").arg(id);
    }
    const auto trash = m_desk->store->trash().result();
    if (!trash) return "the store does not answer";
    QSet<ConversationId> onDisk;
    for (const TrashedConversation& one : *trash) onDisk.insert(one.id);
    onDisk -= m_going;
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
    QTest::addColumn<bool>("withFullDisk");
    for (const unsigned seed : lares::test::seeds(4)) QTest::addRow("%u", seed) << seed << false;
#ifndef Q_OS_WIN
    for (const unsigned seed : lares::test::seeds(2))
        QTest::addRow("%u, the disk is full now and then", seed) << seed << true;
#endif
}

void ChatRandomTest::whatWasShownIsThere() {
    QFETCH(const unsigned, seed);
    QFETCH(const bool, withFullDisk);
    QTemporaryDir home;
    RandomUser user(home.path(), seed);
    for (int round = 0; round < 36 && !QTest::currentTestFailed(); ++round) {
        const bool isFull = withFullDisk && round % 2 == 1;
        if (isFull) user.fillDisk();
        for (int i = 0; i < 8; ++i) user.act();
        if (isFull) user.makeRoom();
        if (round % 3 == 2) user.sitDown();  // in the middle of whatever it does
        user.look();
    }
    if (QTest::currentTestFailed()) qInfo("%s", qPrintable(user.did().join(' ')));
    QVERIFY(user.nSent() > 30);
}

QTEST_GUILESS_MAIN(ChatRandomTest)
#include "tst_chat_random.moc"
