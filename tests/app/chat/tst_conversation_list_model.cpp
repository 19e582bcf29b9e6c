#include "app/chat/conversation_list_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace lares::app;

namespace {

const QDate kToday(2026, 6, 17);

ConversationInfo conversation(ConversationId id, QDate day, int minute = 0) {
    ConversationInfo info;
    info.id = id;
    info.title = QStringLiteral("c%1").arg(id);
    info.updatedAt = QDateTime(day, QTime(12, minute));
    return info;
}

ConversationInfo pinned(ConversationInfo info) {
    info.isPinned = true;
    return info;
}

/// A model with the tester attached before it has data.
struct TestedModel {
    ConversationListModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    TestedModel() { model.setToday(kToday); }

    [[nodiscard]] QList<int> ids() const {
        QList<int> ids;
        for (int row = 0; row < model.rowCount(); ++row) ids << static_cast<int>(model.at(row).id);
        return ids;
    }
    [[nodiscard]] QVariant at(int row, int role) const { return model.index(row).data(role); }
};

}  // namespace

class ConversationListModelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void sortsPinnedThenNewestFirst();
    void groupsByAge_data();
    void groupsByAge();
    void groupsAnewAfterMidnight();
    void showsTheTitleOrTheBeginning_data();
    void showsTheTitleOrTheBeginning();
    void insertsWhereItBelongs();
    void movesWhatChanged_data();
    void movesWhatChanged();
    void replacesInPlace();
    void removes();
    void marksTheBusyOne();
    void temporaryOnesStandFirst();
    void staysSortedThroughRandomChanges();
};

void ConversationListModelTest::initTestCase() {
    QLocale::setDefault(QLocale::c());
}

void ConversationListModelTest::sortsPinnedThenNewestFirst() {
    TestedModel tested;
    tested.model.setConversations({conversation(1, kToday.addDays(-40)), conversation(2, kToday),
                                   pinned(conversation(3, kToday.addDays(-400))),
                                   conversation(4, kToday, 30), conversation(5, kToday, 30)});
    QCOMPARE(tested.ids(), QList({3, 5, 4, 2, 1}));
    QCOMPARE(tested.at(0, ConversationListModel::IdRole).toLongLong(), 3);
    QCOMPARE(tested.at(3, ConversationListModel::UpdatedRole).toDateTime(),
             QDateTime(kToday, QTime(12, 0)));
    QCOMPARE(tested.model.rowOf(4), 2);
    QCOMPARE(tested.model.rowOf(9), -1);
}

void ConversationListModelTest::groupsByAge_data() {
    QTest::addColumn<QDate>("day");
    QTest::addColumn<bool>("isPinned");
    QTest::addColumn<QString>("group");
    QTest::newRow("pinned") << kToday.addDays(-90) << true << "Pinned";
    QTest::newRow("today") << kToday << false << "Today";
    QTest::newRow("a wrong clock") << kToday.addDays(3) << false << "Today";
    QTest::newRow("no time") << QDate() << false << "Today";
    QTest::newRow("yesterday") << kToday.addDays(-1) << false << "Yesterday";
    QTest::newRow("two days") << kToday.addDays(-2) << false << "Previous 7 days";
    QTest::newRow("seven days") << kToday.addDays(-7) << false << "Previous 7 days";
    QTest::newRow("eight days") << kToday.addDays(-8) << false << "June 2026";
    QTest::newRow("last month") << QDate(2026, 5, 31) << false << "May 2026";
    QTest::newRow("last year") << QDate(2025, 6, 17) << false << "June 2025";
}

void ConversationListModelTest::groupsByAge() {
    QFETCH(QDate, day);
    QFETCH(bool, isPinned);
    QFETCH(QString, group);
    TestedModel tested;
    ConversationInfo info = conversation(1, day);
    info.isPinned = isPinned;
    tested.model.setConversations({info});
    QCOMPARE(tested.at(0, ConversationListModel::GroupRole).toString(), group);
}

void ConversationListModelTest::groupsAnewAfterMidnight() {
    TestedModel tested;
    tested.model.setConversations({conversation(1, kToday), conversation(2, kToday.addDays(-1))});
    QSignalSpy changed(&tested.model, &QAbstractItemModel::dataChanged);
    tested.model.setToday(kToday);
    QCOMPARE(changed.count(), 0);
    tested.model.setToday(kToday.addDays(1));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(tested.at(0, ConversationListModel::GroupRole).toString(), "Yesterday");
    QCOMPARE(tested.at(1, ConversationListModel::GroupRole).toString(), "Previous 7 days");
}

void ConversationListModelTest::showsTheTitleOrTheBeginning_data() {
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("preview");
    QTest::addColumn<QString>("shown");
    QTest::newRow("title") << "Taxes"
                           << "What is"
                           << "Taxes";
    QTest::newRow("beginning") << ""
                               << "What is"
                               << "What is";
    QTest::newRow("in one line") << " \n"
                                 << "Two\n\n lines"
                                 << "Two lines";
    QTest::newRow("neither") << ""
                             << ""
                             << "New conversation";
    QTest::newRow("too long") << QString(5000, 'x') << "" << QString(120, 'x');
}

void ConversationListModelTest::showsTheTitleOrTheBeginning() {
    QFETCH(QString, title);
    QFETCH(QString, preview);
    QFETCH(QString, shown);
    TestedModel tested;
    ConversationInfo info = conversation(1, kToday);
    info.title = title;
    info.preview = preview;
    tested.model.put(info);
    QCOMPARE(tested.at(0, Qt::DisplayRole).toString(), shown);
}

void ConversationListModelTest::insertsWhereItBelongs() {
    TestedModel tested;
    for (const auto& info :
         {conversation(1, kToday.addDays(-2)), conversation(2, kToday),
          conversation(3, kToday.addDays(-1)), pinned(conversation(4, kToday.addDays(-3)))}) {
        tested.model.put(info);
    }
    QCOMPARE(tested.ids(), QList({4, 2, 3, 1}));
}

void ConversationListModelTest::movesWhatChanged_data() {
    QTest::addColumn<int>("id");
    QTest::addColumn<QDateTime>("updatedAt");
    QTest::addColumn<QList<int>>("order");
    // From 1 2 3 4: noon, one to four days ago.
    const auto ago = [](int days, int hour) {
        return QDateTime(kToday.addDays(-days), QTime(hour, 0));
    };
    QTest::newRow("last to first") << 4 << ago(0, 12) << QList({4, 1, 2, 3});
    QTest::newRow("first to last") << 1 << ago(9, 12) << QList({2, 3, 4, 1});
    QTest::newRow("one down") << 2 << ago(3, 6) << QList({1, 3, 2, 4});
    QTest::newRow("one up") << 3 << ago(2, 18) << QList({1, 3, 2, 4});
}

void ConversationListModelTest::movesWhatChanged() {
    QFETCH(int, id);
    QFETCH(QDateTime, updatedAt);
    QFETCH(QList<int>, order);
    TestedModel tested;
    for (int i = 1; i <= 4; ++i) tested.model.put(conversation(i, kToday.addDays(-i)));
    const QPersistentModelIndex moved = tested.model.index(tested.model.rowOf(id));
    QSignalSpy moves(&tested.model, &QAbstractItemModel::rowsMoved);
    ConversationInfo info = conversation(id, kToday);
    info.updatedAt = updatedAt;
    info.title = "changed";
    tested.model.put(info);
    QCOMPARE(tested.ids(), order);
    QCOMPARE(moves.count(), 1);
    QCOMPARE(moved.data().toString(), "changed");
    QCOMPARE(moved.data(ConversationListModel::IdRole).toInt(), id);
}

void ConversationListModelTest::replacesInPlace() {
    TestedModel tested;
    for (int i = 1; i <= 3; ++i) tested.model.put(conversation(i, kToday.addDays(-i)));
    QSignalSpy changed(&tested.model, &QAbstractItemModel::dataChanged);
    QSignalSpy moves(&tested.model, &QAbstractItemModel::rowsMoved);
    ConversationInfo renamed = tested.model.at(1);
    renamed.title = "renamed";
    tested.model.put(renamed);
    QCOMPARE(tested.ids(), QList({1, 2, 3}));
    QCOMPARE(tested.at(1, Qt::DisplayRole).toString(), "renamed");
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(moves.count(), 0);
}

void ConversationListModelTest::removes() {
    TestedModel tested;
    for (int i = 1; i <= 3; ++i) tested.model.put(conversation(i, kToday.addDays(-i)));
    tested.model.remove(2);
    QCOMPARE(tested.ids(), QList({1, 3}));
    tested.model.remove(2);
    tested.model.remove(1);
    tested.model.remove(3);
    QCOMPARE(tested.model.rowCount(), 0);
}

void ConversationListModelTest::marksTheBusyOne() {
    TestedModel tested;
    for (int i = 1; i <= 3; ++i) tested.model.put(conversation(i, kToday.addDays(-i)));
    tested.model.setBusy(2);
    QCOMPARE(tested.at(1, ConversationListModel::IsBusyRole).toBool(), true);
    QVERIFY(tested.at(1, Qt::AccessibleTextRole).toString().contains("answer"));
    QSignalSpy changed(&tested.model, &QAbstractItemModel::dataChanged);
    tested.model.setBusy(3);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(tested.at(1, ConversationListModel::IsBusyRole).toBool(), false);
    QCOMPARE(tested.at(2, ConversationListModel::IsBusyRole).toBool(), true);
    tested.model.setBusy(0);
    QCOMPARE(changed.count(), 3);
    QCOMPARE(tested.at(2, Qt::AccessibleTextRole).toString(), "c3");
}

void ConversationListModelTest::temporaryOnesStandFirst() {
    ConversationListModel model;
    ConversationInfo pinned;
    pinned.id = 1;
    pinned.isPinned = true;
    pinned.updatedAt = QDateTime::currentDateTime();
    ConversationInfo temporary;
    temporary.id = 2;
    temporary.isTemporary = true;
    temporary.updatedAt = pinned.updatedAt.addDays(-3);
    model.setConversations({pinned});
    model.put(temporary);
    QCOMPARE(model.rowOf(2), 0);
    const QModelIndex row = model.index(0);
    QCOMPARE(row.data().toString(), QString("New temporary conversation"));
    QCOMPARE(row.data(ConversationListModel::GroupRole).toString(), QString("Temporary"));
    QVERIFY(row.data(ConversationListModel::IsTemporaryRole).toBool());
    QVERIFY(!model.index(1).data(ConversationListModel::IsTemporaryRole).toBool());
    temporary.isTemporary = false;
    model.put(temporary);
    QCOMPARE(model.rowOf(2), 1);
    QCOMPARE(model.index(1).data(Qt::AccessibleTextRole).toString(), QString("New conversation"));
}

void ConversationListModelTest::staysSortedThroughRandomChanges() {
    TestedModel tested;
    std::mt19937 random(7);
    for (int step = 0; step < 500; ++step) {
        const auto id = static_cast<ConversationId>(random() % 20 + 1);
        if (random() % 5 == 0) {
            tested.model.remove(id);
        } else {
            ConversationInfo info = conversation(id, kToday.addDays(-int(random() % 30)));
            info.isPinned = random() % 4 == 0;
            tested.model.put(info);
        }
        for (int row = 1; row < tested.model.rowCount(); ++row) {
            const auto& above = tested.model.at(row - 1);
            const auto& below = tested.model.at(row);
            QVERIFY(above.isPinned >= below.isPinned);
            QVERIFY(above.isPinned != below.isPinned || above.updatedAt >= below.updatedAt);
            QVERIFY(above.id != below.id);
        }
    }
}

QTEST_GUILESS_MAIN(ConversationListModelTest)
#include "tst_conversation_list_model.moc"
