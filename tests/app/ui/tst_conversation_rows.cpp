#include "app/chat/folder_name.h"
#include "app/ui/conversation_rows.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <map>
#include <memory>
#include <random>
#include <set>

using namespace lares::app;

namespace {

const QDate kToday(2026, 6, 17);

ConversationInfo conversation(ConversationId id, int daysAgo, const QString& folder = {}) {
    ConversationInfo info;
    info.id = id;
    info.title = QStringLiteral("c%1").arg(id);
    info.updatedAt = QDateTime(kToday.addDays(-daysAgo), QTime(12, 0));
    info.folder = folder;
    return info;
}

ConversationInfo pinned(ConversationInfo info) {
    info.isPinned = true;
    return info;
}

/// The tester attached before there is data.
struct TestedRows {
    ConversationListModel source;
    ConversationRows rows{&source};
    QAbstractItemModelTester tester{&rows, QAbstractItemModelTester::FailureReportingMode::QtTest};

    TestedRows() { source.setToday(kToday); }

    /// "c3" for a conversation, "[Taxes 2]" for a folder, "[Taxes 2 -]" for a folded one.
    [[nodiscard]] QStringList shown() const {
        QStringList shown;
        for (int row = 0; row < rows.rowCount(); ++row) {
            const QModelIndex index = rows.index(row);
            const QString name = index.data().toString();
            const bool isFolder = index.data(ConversationRows::IsFolderRole).toBool();
            const QString count = index.data(ConversationRows::CountRole).toString();
            const bool isFolded = index.data(ConversationRows::IsFoldedRole).toBool();
            shown << (isFolder ? QString("[%1 %2%3]").arg(name, count, isFolded ? " -" : "")
                               : name);
        }
        return shown;
    }
    [[nodiscard]] QStringList headings() const {
        QStringList headings;
        for (int row = 0; row < rows.rowCount(); ++row) {
            const QModelIndex index = rows.index(row);
            headings << (index.data(ConversationRows::StartsGroupRole).toBool()
                             ? index.data(ConversationListModel::GroupRole).toString()
                             : QString());
        }
        return headings;
    }
    [[nodiscard]] QModelIndex of(ConversationId id) const { return rows.index(rows.rowOf(id)); }
    [[nodiscard]] QModelIndex of(const QString& folder) const {
        return rows.index(rows.rowOf(folder));
    }
};

}  // namespace

class ConversationRowsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void showsPinnedThenFoldersThenDays();
    void foldersComeByName();
    void foldsAndUnfolds();
    void movesBetweenFolders();
    void aFolderIsThereWhileAConversationIsInIt();
    void aSearchOpensFoldersAndLeavesWhatIsFound();
    void aRowKeepsItsIndexWhenItMoves();
    void editingIsAWish();
    void aRenamedFolderStaysFolded();
    void isDraggedOntoFoldersAndOut();
    void saysWhatItIs();
    void names_data();
    void names();
    void findsAFreshName();
    void staysRightThroughRandomChanges();
    void fiveThousandAreQuick();
};

void ConversationRowsTest::showsPinnedThenFoldersThenDays() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0), conversation(2, 1, "Taxes"),
                                    pinned(conversation(3, 40)), conversation(4, 5, "Taxes"),
                                    pinned(conversation(5, 9, "Taxes")), conversation(6, 1)});
    // What is pinned in a folder comes first there; nothing is there twice.
    QCOMPARE(tested.shown(), QStringList({"c3", "[Taxes 3]", "c5", "c2", "c4", "c1", "c6"}));
    QCOMPARE(tested.headings(),
             QStringList({"Pinned", "Folders", "", "", "", "Today", "Yesterday"}));
}

void ConversationRowsTest::foldersComeByName() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0, "Year 10"), conversation(2, 0, "taxes"),
                                    conversation(3, 0, "Year 9"), conversation(4, 0, "Books")});
    QCOMPARE(tested.source.folders(), QStringList({"Books", "taxes", "Year 9", "Year 10"}));
    QCOMPARE(tested.shown().filter("["),
             QStringList({"[Books 1]", "[taxes 1]", "[Year 9 1]", "[Year 10 1]"}));
}

void ConversationRowsTest::foldsAndUnfolds() {
    TestedRows tested;
    tested.source.setConversations(
        {conversation(1, 0, "A"), conversation(2, 0, "B"), conversation(3, 0)});
    QSignalSpy folded(&tested.rows, &ConversationRows::foldedChanged);
    tested.rows.setFolded("A", true);
    QCOMPARE(tested.shown(), QStringList({"[A 1 -]", "[B 1]", "c2", "c3"}));
    QCOMPARE(tested.rows.rowOf(1), -1);
    tested.rows.setFolded("A", true);
    QCOMPARE(folded.count(), 1);
    QCOMPARE(tested.rows.folded(), QSet<QString>({"A"}));
    tested.source.put(conversation(4, 0, "A"));  // out of sight, and counted
    QCOMPARE(tested.shown(), QStringList({"[A 2 -]", "[B 1]", "c2", "c3"}));
    tested.rows.setFolded("A", false);
    QCOMPARE(tested.shown(), QStringList({"[A 2]", "c4", "c1", "[B 1]", "c2", "c3"}));
    tested.rows.setFolded(QSet<QString>{"A", "B"});
    QCOMPARE(tested.shown(), QStringList({"[A 2 -]", "[B 1 -]", "c3"}));
    QCOMPARE(folded.count(), 2);  // being told is no wish to remember
}

void ConversationRowsTest::movesBetweenFolders() {
    TestedRows tested;
    tested.source.setConversations(
        {conversation(1, 0, "A"), conversation(2, 1, "A"), conversation(3, 2)});
    QSignalSpy changed(&tested.source, &QAbstractItemModel::dataChanged);
    tested.source.setFolders({{2, "B"}, {3, "B"}, {99, "B"}});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(tested.shown(), QStringList({"[A 1]", "c1", "[B 2]", "c2", "c3"}));
    tested.source.setFolders({{2, ""}});
    QCOMPARE(tested.shown(), QStringList({"[A 1]", "c1", "[B 1]", "c3", "c2"}));
    QCOMPARE(tested.source.placesIn("B"), (std::vector<FolderPlace>{{3, "B"}}));
}

void ConversationRowsTest::aFolderIsThereWhileAConversationIsInIt() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0, "A"), conversation(2, 0)});
    tested.source.remove(1);
    QCOMPARE(tested.shown(), QStringList({"c2"}));
    tested.source.put(conversation(1, 0, "A"));
    QCOMPARE(tested.shown(), QStringList({"[A 1]", "c1", "c2"}));
    tested.source.setFolders({{1, {}}});
    QCOMPARE(tested.shown(), QStringList({"c2", "c1"}));
}

void ConversationRowsTest::aSearchOpensFoldersAndLeavesWhatIsFound() {
    TestedRows tested;
    ConversationInfo apples = conversation(1, 0, "Fruit");
    apples.title = "Apples";
    tested.source.setConversations(
        {apples, conversation(2, 0, "Fruit"), conversation(3, 0, "Taxes"), conversation(4, 0)});
    tested.rows.setFolded(QSet<QString>{"Fruit", "Taxes"});
    tested.rows.setWords("appl");
    QCOMPARE(tested.shown(), QStringList({"[Fruit 1]", "Apples"}));
    MessageHit hit;
    hit.conversation = 3;
    hit.message = 30;
    hit.snippet = "an apple a day";
    tested.rows.setFound({{3, hit}});
    QCOMPARE(tested.shown(), QStringList({"[Fruit 1]", "Apples", "[Taxes 1]", "c3"}));
    QCOMPARE(tested.of(3).data(ConversationRows::SnippetRole).toString(), hit.snippet);
    QCOMPARE(tested.of(3).data(ConversationRows::MessageRole).toLongLong(), 30);
    tested.rows.setFound({});
    tested.rows.setWords("FRUIT");  // a folder by its name, with all that is in it
    QCOMPARE(tested.shown(), QStringList({"[Fruit 2]", "c2", "Apples"}));
    tested.rows.setWords({});
    QCOMPARE(tested.shown(), QStringList({"[Fruit 2 -]", "[Taxes 1 -]", "c4"}));
}

void ConversationRowsTest::aRowKeepsItsIndexWhenItMoves() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 1), conversation(2, 2), conversation(3, 3)});
    const QPersistentModelIndex last = tested.of(3);
    tested.source.put(conversation(3, 0));  // an answer came
    QCOMPARE(last.row(), 0);
    QCOMPARE(last.data().toString(), QString("c3"));
    tested.source.setFolders({{1, "A"}, {3, "A"}});
    QCOMPARE(tested.shown(), QStringList({"[A 2]", "c3", "c1", "c2"}));
    QCOMPARE(last.row(), 1);
    tested.source.setFolders({{1, "B"}, {3, "C"}});
    QCOMPARE(last.data().toString(), QString("c3"));
    QCOMPARE(last.row(), 3);
}

void ConversationRowsTest::editingIsAWish() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0, "A")});
    QSignalSpy renamed(&tested.rows, &ConversationRows::renameRequested);
    QSignalSpy folder(&tested.rows, &ConversationRows::folderRenameRequested);
    QVERIFY(tested.rows.setData(tested.of(1), "  Letter\tto Ann ", Qt::EditRole));
    QCOMPARE(renamed.takeFirst(), QVariantList({ConversationId{1}, "Letter to Ann"}));
    QVERIFY(tested.rows.setData(tested.of("A"), QString(200, 'x'), Qt::EditRole));
    QCOMPARE(folder.takeFirst(), QVariantList({"A", QString(kMaxFolderName, 'x')}));
    for (const char* same : {"A", "", "  "})
        QVERIFY(!tested.rows.setData(tested.of("A"), same, Qt::EditRole));
    QVERIFY(folder.isEmpty());
    QCOMPARE(tested.shown(), QStringList({"[A 1]", "c1"}));
}

void ConversationRowsTest::aRenamedFolderStaysFolded() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0, "A"), conversation(2, 0, "B")});
    connect(&tested.rows, &ConversationRows::folderRenameRequested, &tested.source,
            [&](const QString&, const QString& to) {
                tested.source.setFolders({{1, to}});
            });
    tested.rows.setFolded("A", true);
    QVERIFY(tested.rows.setData(tested.of("A"), "Z", Qt::EditRole));
    QCOMPARE(tested.shown(), QStringList({"[B 1]", "c2", "[Z 1 -]"}));
    QVERIFY(tested.rows.setData(tested.of("Z"), "B", Qt::EditRole));
    QCOMPARE(tested.shown(), QStringList({"[B 2]", "c2", "c1"}));  // as that one was
}

void ConversationRowsTest::isDraggedOntoFoldersAndOut() {
    TestedRows tested;
    tested.source.setConversations({conversation(1, 0, "A"), conversation(2, 0, "A"),
                                    conversation(3, 0, "B"), conversation(4, 0)});
    QSignalSpy moved(&tested.rows, &ConversationRows::moveRequested);
    QVERIFY(!tested.rows.flags(tested.of("A")).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(tested.rows.flags(tested.of(1)).testFlag(Qt::ItemIsDragEnabled));
    QCOMPARE(tested.rows.mimeData({tested.of("A")}), nullptr);
    const std::unique_ptr<QMimeData> data(tested.rows.mimeData({tested.of(1)}));
    const auto drop = [&](const QModelIndex& onto) {
        const bool can = tested.rows.canDropMimeData(data.get(), Qt::MoveAction, -1, -1, onto);
        const bool did = tested.rows.dropMimeData(data.get(), Qt::MoveAction, -1, -1, onto);
        return can && did && moved.count() == 1 ? moved.takeFirst()[1].toString() : QString("no");
    };
    QCOMPARE(drop(tested.of("B")), QString("B"));
    QCOMPARE(drop(tested.of(3)), QString("B"));   // onto what is in it
    QCOMPARE(drop(tested.of(4)), QString());      // out
    QCOMPARE(drop({}), QString());                // below all rows
    QCOMPARE(drop(tested.of(2)), QString("no"));  // where it is
    QMimeData foreign;
    foreign.setText("1");
    QVERIFY(!tested.rows.dropMimeData(&foreign, Qt::MoveAction, -1, -1, tested.of("B")));
    foreign.setData(tested.rows.mimeTypes().front(), "99");
    QVERIFY(!tested.rows.dropMimeData(&foreign, Qt::MoveAction, -1, -1, tested.of("B")));
}

void ConversationRowsTest::saysWhatItIs() {
    TestedRows tested;
    const QString hidden = QString("a%1b").arg(QChar(0x202e));
    tested.source.setConversations({conversation(1, 0, hidden), conversation(2, 0, "Taxes"),
                                    conversation(3, 0, "Taxes"), conversation(4, 0)});
    tested.rows.setFolded("Taxes", true);
    const auto said = [](const QModelIndex& index) {
        return index.data(Qt::AccessibleTextRole).toString();
    };
    QCOMPARE(said(tested.of("Taxes")), QString("Folder Taxes, 2 conversations, folded"));
    QCOMPARE(said(tested.of(hidden)), QString("Folder a[U+202E]b, 1 conversation, open"));
    QCOMPARE(said(tested.of(1)), QString("c1, in a[U+202E]b"));
    QCOMPARE(said(tested.of(4)), QString("c4"));
}

void ConversationRowsTest::names_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("name");
    QTest::newRow("as it is") << "Taxes & Co"
                              << "Taxes & Co";
    QTest::newRow("in one line") << " Two\n\t lines "
                                 << "Two lines";
    QTest::newRow("nothing") << " \n"
                             << "";
    QTest::newRow("too long") << QString(61, 'x') << QString(60, 'x');
    QTest::newRow("no half of a pair")
        << QString(59, 'x') + QString::fromUtf8("\U0001F4C1") << QString(59, 'x');
}

void ConversationRowsTest::names() {
    QFETCH(QString, typed);
    QFETCH(QString, name);
    QCOMPARE(folderName(typed), name);
}

void ConversationRowsTest::findsAFreshName() {
    QCOMPARE(freshFolderName({"Taxes"}), QString("New folder"));
    QCOMPARE(freshFolderName({"New folder", "New folder 3"}), QString("New folder 2"));
}

void ConversationRowsTest::staysRightThroughRandomChanges() {
    TestedRows tested;
    std::mt19937 random(11);
    const QStringList names = {"", "", "A", "B", "c"};
    std::map<ConversationId, QPersistentModelIndex> held;
    for (int step = 0; step < 1500; ++step) {
        const auto id = static_cast<ConversationId>(random() % 25 + 1);
        const QString folder = names[static_cast<qsizetype>(random() % 5)];
        switch (random() % 8) {
            case 0:
                tested.source.remove(id);
                break;
            case 1:
                tested.rows.setFolded(folder, random() % 2 == 0);
                break;
            case 2:
                tested.rows.setWords(random() % 2 == 0 ? QString() : QString::number(random() % 3));
                break;
            case 3:
                tested.source.setFolders({{id, folder}, {id % 25 + 1, folder}, {3, {}}});
                break;
            default: {
                ConversationInfo info = conversation(id, static_cast<int>(random() % 30), folder);
                info.isPinned = random() % 4 == 0;
                tested.source.put(info);
            }
        }
        // Every conversation that is wanted is there once, in its folder, and indexes follow.
        std::set<ConversationId> seen;
        QString folderOf;
        int lastPart = 0;
        for (int row = 0; row < tested.rows.rowCount(); ++row) {
            const QModelIndex index = tested.rows.index(row);
            const auto shown = index.data(ConversationListModel::IdRole).toLongLong();
            const QString in = index.data(ConversationListModel::FolderRole).toString();
            const bool isPinned =
                shown != 0 && tested.source.at(tested.source.rowOf(shown)).isPinned;
            const int part = !in.isEmpty() ? 1 : isPinned ? 0 : 2;
            QVERIFY(part >= lastPart);
            lastPart = part;
            if (shown == 0) folderOf = in;
            if (!in.isEmpty()) QCOMPARE(in, folderOf);
            if (shown == 0) continue;
            QVERIFY(seen.insert(shown).second);
            QCOMPARE(index.data().toString(), QString("c%1").arg(shown));
            if (held[shown].isValid()) QCOMPARE(held[shown].row(), row);
            held[shown] = index;
        }
        for (auto& [gone, index] : held) QCOMPARE(index.isValid(), seen.contains(gone));
    }
}

/// A whole list of 5,000, with folders, in a fraction of the time that anybody notices; the bounds
/// are for a loaded machine.
void ConversationRowsTest::fiveThousandAreQuick() {
    ConversationListModel source;
    ConversationRows rows(&source);
    std::vector<ConversationInfo> all;
    for (int i = 1; i <= 5000; ++i)
        all.push_back(
            conversation(i, i % 700, i % 3 == 0 ? QString("F%1").arg(i % 99) : QString()));
    QElapsedTimer timer;
    timer.start();
    source.setConversations(all);
    const double opened = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    QCOMPARE(rows.rowCount(), 5000 + 33);
    timer.restart();
    for (int i = 0; i < 20; ++i) rows.setFolded("F3", i % 2 == 0);
    const double fold = static_cast<double>(timer.nsecsElapsed()) / 1e6 / 20;
    timer.restart();
    for (int i = 0; i < 20; ++i) source.put(conversation(4900 - i, 0));
    const double put = static_cast<double>(timer.nsecsElapsed()) / 1e6 / 20;
    timer.restart();
    for (int i = 0; i < 20; ++i) rows.setWords(QString::number(i));
    const double search = static_cast<double>(timer.nsecsElapsed()) / 1e6 / 20;
    qInfo("5,000 conversations: opened in %.1f ms, fold %.2f ms, put %.2f ms, search %.2f ms",
          opened, fold, put, search);
    QVERIFY(opened < 500 && fold < 50 && put < 50 && search < 100);
}

QTEST_GUILESS_MAIN(ConversationRowsTest)
#include "tst_conversation_rows.moc"
