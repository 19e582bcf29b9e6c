#include "app/approval/approval_card.h"
#include "app/chat/conversation_model.h"
#include "app/chat/message_finder.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/search_field.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/test_data.h"

#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kAnswers = R"([
    {"when": "rivers", "steps": [{"text": "The Danube flows into the Black Sea."}]},
    {"when": "rivers", "steps": [{"text": "The Rhine flows into the North Sea."}]},
    {"when": "cooking", "steps": [{"text": "Boil the potatoes first."}]}])";

}  // namespace

/// The search field: titles, and what was said.
class SearchTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhatWasSaid();
    void openingGoesToTheMessageAndItsBranch();
    void clearingShowsAllAgain();
    void saysWhenNothingIsFound();
    void findsWhatAnAttachedDocumentSays();

private:
    static void type(WindowFixture& fixture, const QString& text) {
        auto* field = fixture.window().list()->findChild<SearchField*>();
        field->setText(text);
        QTRY_VERIFY_WITH_TIMEOUT(!isLooking(fixture), 10'000);
    }
    static bool isLooking(WindowFixture& fixture) {
        QTest::qWait(250);  // the pause after typing
        return fixture.controller().finder()->isSearching();
    }
    static QAbstractItemModel& rows(WindowFixture& fixture) {
        return *fixture.window().findChild<ConversationList*>()->view()->model();
    }
};

void SearchTest::findsWhatWasSaid() {
    WindowFixture fixture(kAnswers);
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("About rivers"));
    QVERIFY(fixture.converse("About cooking"));
    QCOMPARE(rows(fixture).rowCount(), 2);
    type(fixture, "danube BLACK");
    QCOMPARE(rows(fixture).rowCount(), 1);
    const QModelIndex found = rows(fixture).index(0, 0);
    QCOMPARE(found.data().toString(), QString("About rivers"));
    QCOMPARE(found.data(ConversationRows::SnippetRole).toString(),
             QString("The Danube flows into the Black Sea."));
    QVERIFY(found.data(Qt::AccessibleTextRole).toString().contains("Black Sea"));
    type(fixture, "cooking");  // by its title, and the question that made it
    QCOMPARE(rows(fixture).rowCount(), 1);
    QVERIFY(!fixture.window().grab().isNull());
}

void SearchTest::openingGoesToTheMessageAndItsBranch() {
    WindowFixture fixture(kAnswers);
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("About rivers"));
    const MessageId first = fixture.controller().conversation()->messageAt(1).id;
    fixture.controller().regenerate(first);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.controller().isAnswering(), 10'000);
    QCOMPARE(fixture.controller().conversation()->rowOf(first), -1);  // another version is shown
    QVERIFY(fixture.converse("About cooking"));
    type(fixture, "danube");
    QCOMPARE(rows(fixture).rowCount(), 1);
    QSignalSpy found(&fixture.controller(), &ChatController::messageFound);
    auto* list = fixture.window().findChild<ConversationList*>();
    emit list->view()->clicked(rows(fixture).index(0, 0));
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, 10'000);
    QCOMPARE(found.first().first().value<MessageId>(), first);
    QCOMPARE(fixture.controller().conversation()->rowOf(first), 1);
    // Once more, now that it is open.
    emit list->view()->clicked(rows(fixture).index(0, 0));
    QCOMPARE(found.count(), 2);
}

void SearchTest::clearingShowsAllAgain() {
    WindowFixture fixture(kAnswers);
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("About rivers"));
    QVERIFY(fixture.converse("About cooking"));
    type(fixture, "potatoes");
    QCOMPARE(rows(fixture).rowCount(), 1);
    type(fixture, "");
    QCOMPARE(rows(fixture).rowCount(), 2);
    QVERIFY(rows(fixture).index(0, 0).data(ConversationRows::SnippetRole).toString().isEmpty());
}

void SearchTest::saysWhenNothingIsFound() {
    WindowFixture fixture(kAnswers);
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("About rivers"));
    type(fixture, "zebra");
    QCOMPARE(rows(fixture).rowCount(), 0);
    auto* list = fixture.window().findChild<ConversationList*>();
    QStringList texts;
    for (const auto* label : list->findChildren<QLabel*>()) texts << label->text();
    QVERIFY2(texts.contains("Nothing here holds “zebra”."), qPrintable(texts.join('|')));
}

void SearchTest::findsWhatAnAttachedDocumentSays() {
    if (!DocumentReader::is_supported()) QSKIP("documents are not read on this system");
    WindowFixture fixture(kAnswers);
    QVERIFY(fixture.loadModel());
    QVERIFY(fixture.converse("About rivers"));
    const auto path = test::data_file("documents/letter.docx").string();
    Composer& composer = *fixture.window().chatPage()->composer();
    fixture.controller().newConversation();
    fixture.window().chatPage()->attachFiles({QString::fromStdString(path)});
    QTRY_COMPARE_WITH_TIMEOUT(composer.attachments().size(), std::size_t{1}, 10'000);
    fixture.controller().send("About cooking", composer.attachments());
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture.controller().conversation()->rowCount() == 2 && !fixture.controller().isAnswering(),
        10'000);
    type(fixture, "contract");  // stands in the letter alone
    QCOMPARE(rows(fixture).rowCount(), 1);
    const QModelIndex found = rows(fixture).index(0, 0);
    QCOMPARE(found.data().toString(), QString("About cooking"));
    const QString snippet = found.data(ConversationRows::SnippetRole).toString();
    QVERIFY2(snippet.startsWith("letter.docx: ") && snippet.contains("By the contract."),
             qPrintable(snippet));
    type(fixture, "docx");  // and by its name
    QCOMPARE(rows(fixture).rowCount(), 1);
    type(fixture, "PK");  // as the file begins: of a document its text is kept, and only that
    QCOMPARE(rows(fixture).rowCount(), 0);
}

QTEST_MAIN(SearchTest)
#include "tst_search.moc"
