#include "app/chat/conversation_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace lares::app;

namespace {

ChatMessage message(MessageId id, MessageId parent) {
    ChatMessage made;
    made.id = id;
    made.parent = parent;
    made.role = id % 2 == 1 ? Role::User : Role::Assistant;
    Part text;
    text.text = QStringLiteral("m%1").arg(id);
    made.parts.push_back(text);
    return made;
}

ConversationInfo shownUpTo(MessageId leaf) {
    ConversationInfo info;
    info.id = 1;
    info.activeLeaf = leaf;
    return info;
}

///   1 ─┬─ 2 ─┬─ 3 ── 4
///      │     └─ 5
///      └─ 6 ── 7
std::vector<ChatMessage> branched() {
    return {message(1, 0), message(2, 1), message(3, 2), message(4, 3),
            message(5, 2), message(6, 1), message(7, 6)};
}

/// A model with the tester attached before it has data.
struct TestedModel {
    ConversationModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    [[nodiscard]] QList<int> path() const {
        QList<int> ids;
        for (int row = 0; row < model.rowCount(); ++row)
            ids << static_cast<int>(model.messageAt(row).id);
        return ids;
    }
};

}  // namespace

class ConversationModelTest : public QObject {
    Q_OBJECT

private slots:
    void showsThePathToTheActiveLeaf();
    void answersItsRoles();
    void damagedTreesStillShow_data();
    void damagedTreesStillShow();
    void countsAMessageThatComesTwiceOnce();
    void appendsToTheEnd();
    void appendsAnotherBranch();
    void appendsAnotherFirstMessage();
    void updatesTheRowInPlace();
    void updatesOffThePathQuietly();
    void switchesVersionsAndKeepsRowsAbove();
    void comesBackToTheBranchLastLookedAt();
    void ignoresVersionsThatAreNotThere();
    void keepsItsLeafWhenTheInfoChanges();
    void showsTheBranchOfAMessage();
    void replacesOneConversationWithAnother();
    void survivesRandomTrees();
};

void ConversationModelTest::showsThePathToTheActiveLeaf() {
    TestedModel tested;
    QCOMPARE(tested.model.activeLeaf(), 0);
    tested.model.setMessages(shownUpTo(4), branched());
    QCOMPARE(tested.path(), QList({1, 2, 3, 4}));
    QCOMPARE(tested.model.activeLeaf(), 4);
    QCOMPARE(tested.model.rowOf(3), 2);
    QCOMPARE(tested.model.rowOf(5), -1);
    QVERIFY(tested.model.find(5) != nullptr);
    QVERIFY(tested.model.find(50) == nullptr);
    tested.model.setMessages(shownUpTo(6), branched());
    QCOMPARE(tested.path(), QList({1, 6}));
}

void ConversationModelTest::showsTheBranchOfAMessage() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(6), branched());
    QCOMPARE(tested.path(), QList({1, 6}));
    tested.model.showMessage(3);
    QCOMPARE(tested.path().mid(0, 3), QList({1, 2, 3}));
    const QList before = tested.path();
    tested.model.showMessage(2);  // it is shown
    QCOMPARE(tested.path(), before);
    tested.model.showMessage(50);  // there is none
    QCOMPARE(tested.path(), before);
}

void ConversationModelTest::answersItsRoles() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    const QModelIndex answer = tested.model.index(1);
    QCOMPARE(answer.data().toString(), "m2");
    QCOMPARE(answer.data(Qt::AccessibleTextRole).toString(), "Assistant: m2");
    QCOMPARE(answer.data(ConversationModel::MessageRole).value<ChatMessage>(), message(2, 1));
    QCOMPARE(answer.data(ConversationModel::VersionRole).toInt(), 0);
    QCOMPARE(answer.data(ConversationModel::VersionCountRole).toInt(), 2);
    QCOMPARE(tested.model.index(3).data(ConversationModel::VersionCountRole).toInt(), 1);
    QVERIFY(!tested.model.data({}, Qt::DisplayRole).isValid());
}

void ConversationModelTest::damagedTreesStillShow_data() {
    QTest::addColumn<std::vector<ChatMessage>>("messages");
    QTest::addColumn<int>("leaf");
    QTest::addColumn<QList<int>>("path");
    using Messages = std::vector<ChatMessage>;
    const auto row = [](const char* name, Messages messages, int leaf, QList<int> path) {
        QTest::newRow(name) << std::move(messages) << leaf << std::move(path);
    };
    row("no messages", {}, 9, {});
    row("no leaf", branched(), 0, {1, 6, 7});
    row("a leaf that is lost", branched(), 99, {1, 6, 7});
    row("its parent is lost", {message(1, 0), message(3, 2)}, 3, {3});
    row("every parent is lost", {message(4, 3), message(6, 5)}, 4, {4});
    row("its own parent", {message(1, 1)}, 1, {1});
    row("a loop of two", {message(1, 2), message(2, 1)}, 2, {1, 2});
    row("a loop of three", {message(1, 3), message(2, 1), message(3, 2)}, 3, {1, 2, 3});
    row("unsorted", {message(3, 2), message(1, 0), message(2, 1)}, 3, {1, 2, 3});
    row("a negative parent", {message(1, -5), message(2, 1)}, 2, {1, 2});
}

void ConversationModelTest::damagedTreesStillShow() {
    QFETCH(std::vector<ChatMessage>, messages);
    QFETCH(int, leaf);
    QFETCH(QList<int>, path);
    TestedModel tested;
    tested.model.setMessages(shownUpTo(leaf), messages);
    QCOMPARE(tested.path(), path);
    QCOMPARE(tested.model.info().activeLeaf, tested.model.activeLeaf());
    for (int row = 0; row < tested.model.rowCount(); ++row) {
        QVERIFY(tested.model.versionAt(row) < tested.model.versionCountAt(row));
    }
}

void ConversationModelTest::countsAMessageThatComesTwiceOnce() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(2), {message(1, 0), message(2, 1), message(2, 1)});
    QCOMPARE(tested.path(), QList({1, 2}));
    QCOMPARE(tested.model.versionCountAt(1), 1);
    tested.model.append(message(2, 1));
    QCOMPARE(tested.path(), QList({1, 2}));
    QCOMPARE(tested.model.versionCountAt(1), 1);
}

void ConversationModelTest::appendsToTheEnd() {
    TestedModel tested;
    QSignalSpy inserted(&tested.model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&tested.model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy leaf(&tested.model, &ConversationModel::activeLeafChanged);
    tested.model.setMessages(shownUpTo(0), {});
    for (int id = 1; id <= 3; ++id) tested.model.append(message(id, id - 1));
    QCOMPARE(tested.path(), QList({1, 2, 3}));
    QCOMPARE(inserted.count(), 3);
    QCOMPARE(removed.count(), 0);
    QCOMPARE(leaf.count(), 3);
    QCOMPARE(tested.model.info().activeLeaf, 3);
}

void ConversationModelTest::appendsAnotherBranch() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    tested.model.append(message(8, 1));
    QCOMPARE(tested.path(), QList({1, 8}));
    QCOMPARE(tested.model.versionAt(1), 2);
    QCOMPARE(tested.model.versionCountAt(1), 3);
    QVERIFY(tested.model.find(4) != nullptr);  // a branch erases nothing
}

void ConversationModelTest::appendsAnotherFirstMessage() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    tested.model.append(message(9, 0));
    QCOMPARE(tested.path(), QList({9}));
    QCOMPARE(tested.model.versionCountAt(0), 2);
    tested.model.showVersion(0, 0);
    QCOMPARE(tested.path(), QList({1, 2, 3, 4}));
}

void ConversationModelTest::updatesTheRowInPlace() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    QSignalSpy changed(&tested.model, &QAbstractItemModel::dataChanged);
    ChatMessage longer = message(4, 3);
    longer.parts[0].text += " and more";
    tested.model.update(longer);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 3);
    QCOMPARE(tested.model.index(3).data().toString(), "m4 and more");
}

void ConversationModelTest::updatesOffThePathQuietly() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    QSignalSpy changed(&tested.model, &QAbstractItemModel::dataChanged);
    ChatMessage elsewhere = message(7, 6);
    elsewhere.state = ChatMessage::State::Stopped;
    tested.model.update(elsewhere);
    QCOMPARE(tested.model.find(7)->state, ChatMessage::State::Stopped);
    tested.model.update(message(70, 6));
    QVERIFY(tested.model.find(70) == nullptr);
    QCOMPARE(changed.count(), 0);
}

void ConversationModelTest::switchesVersionsAndKeepsRowsAbove() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    const QPersistentModelIndex above = tested.model.index(0);
    QSignalSpy removed(&tested.model, &QAbstractItemModel::rowsRemoved);
    tested.model.showVersion(1, 1);
    QCOMPARE(tested.path(), QList({1, 6, 7}));
    QVERIFY(above.isValid());
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed[0][1].toInt(), 1);
    QCOMPARE(tested.model.versionAt(1), 1);
}

void ConversationModelTest::comesBackToTheBranchLastLookedAt() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    tested.model.showVersion(2, 1);
    QCOMPARE(tested.path(), QList({1, 2, 5}));
    tested.model.showVersion(1, 1);
    QCOMPARE(tested.path(), QList({1, 6, 7}));
    tested.model.showVersion(1, 0);
    QCOMPARE(tested.path(), QList({1, 2, 5}));
}

void ConversationModelTest::ignoresVersionsThatAreNotThere() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    for (const int version : {-1, 2, 1000}) tested.model.showVersion(1, version);
    QCOMPARE(tested.path(), QList({1, 2, 3, 4}));
}

void ConversationModelTest::keepsItsLeafWhenTheInfoChanges() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    QSignalSpy changed(&tested.model, &ConversationModel::infoChanged);
    ConversationInfo renamed = shownUpTo(7);
    renamed.title = "renamed";
    tested.model.setInfo(renamed);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(tested.model.info().title, "renamed");
    QCOMPARE(tested.model.info().activeLeaf, 4);
    QCOMPARE(tested.path(), QList({1, 2, 3, 4}));
}

void ConversationModelTest::replacesOneConversationWithAnother() {
    TestedModel tested;
    tested.model.setMessages(shownUpTo(4), branched());
    tested.model.setMessages(shownUpTo(11), {message(11, 0)});
    QCOMPARE(tested.path(), QList({11}));
    QVERIFY(tested.model.find(1) == nullptr);
}

void ConversationModelTest::survivesRandomTrees() {
    std::mt19937 random(3);
    const auto below = [&random](unsigned n) { return static_cast<int>(random() % n); };
    for (int round = 0; round < 200; ++round) {
        TestedModel tested;
        std::vector<ChatMessage> messages;
        for (int i = below(30); i > 0; --i) {
            messages.push_back(message(below(20) + 1, below(22) - 1));
        }
        tested.model.setMessages(shownUpTo(below(22)), messages);
        for (int step = 0; step < 10; ++step) {
            const int rows = tested.model.rowCount();
            if (rows > 0) tested.model.showVersion(below(static_cast<unsigned>(rows)), below(4));
            tested.model.append(message(100 + step, tested.model.activeLeaf()));
            QCOMPARE(tested.model.activeLeaf(), MessageId{100 + step});
            QCOMPARE(tested.model.messageAt(0).parent, MessageId{0});
            for (int row = 1; row < tested.model.rowCount(); ++row) {
                QCOMPARE(tested.model.messageAt(row).parent, tested.model.messageAt(row - 1).id);
            }
        }
    }
}

QTEST_GUILESS_MAIN(ConversationModelTest)
#include "tst_conversation_model.moc"
