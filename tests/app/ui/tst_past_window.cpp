#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/notes_page.h"
#include "app/ui/toast.h"
#include "app/ui/window_commands.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

namespace {

constexpr const char* kScript = R"([
    {"when": "before", "steps": [{"call": "search_conversations",
                                  "arguments": {"query": "boiler"}}]},
    {"when": "before", "steps": [{"text": "It is loud."}]},
    {"when": "boiler", "steps": [{"text": "I see."}]},
    {"when": "more", "steps": [{"text": "More. "}]}])";

}  // namespace

/// Earlier conversations in the window: the permission, and the way back to what was said.
class PastWindowTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_fixture = std::make_unique<WindowFixture>(kScript);
        QVERIFY(f().loadModel());
    }
    void cleanup() { m_fixture.reset(); }

    void isAllowedInMemoryByKeysAlone() {
        f().window().run(WindowCommand::ShowNotes);
        QAbstractButton* allow = f().button("It may search earlier conversations");
        QAbstractButton* forbid = f().button("Each conversation stands alone");
        QVERIFY(allow && forbid && forbid->isChecked() && !allow->isChecked());
        for (int i = 0; i < 30 && QApplication::focusWidget() != allow; ++i)
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QVERIFY(f().controller().maySearchPast());
        QVERIFY(allow->isChecked() && !forbid->isChecked());
        QCOMPARE(QApplication::focusWidget(), allow);
        allow->click();  // what was chosen stays chosen
        QVERIFY(allow->isChecked() && f().controller().maySearchPast());
        forbid->click();
        QVERIFY(!f().controller().maySearchPast());
        QVERIFY(forbid->isChecked() && !allow->isChecked());
    }
    void saysExactlyWhatItGives() {
        f().window().run(WindowCommand::ShowNotes);
        QString text;
        for (const QLabel* label : f().window().notesPage()->findChildren<QLabel*>())
            text += label->text() + '\n';
        for (const char* what : {"without asking", "stay there when the other one is deleted",
                                 "temporary conversations, which cannot search", "the trash",
                                 "attached files", "what tools gave back"})
            QVERIFY2(text.contains(what), what);
    }
    void standsAmongThePermissions() {
        f().window().showSettings();
        const QString revoke = "Revoke searching of earlier conversations";
        QVERIFY(!f().button(revoke));
        f().controller().setMaySearchPast(true);
        QVERIFY(f().button(revoke));
        f().button(revoke)->click();
        QVERIFY(!f().controller().maySearchPast());
        QVERIFY(!f().button(revoke));
    }
    void theSourceOpensTheConversationAtTheMessage() {
        const MessageId message = searched();
        QSignalSpy shown(&f().controller(), &ChatController::messageFound);
        const TranscriptTarget link = source();
        QCOMPARE(transcript().targetName(link),
                 QString("Open the conversation The boiler is loud. (%1)")
                     .arg(QLocale().toString(QDate::currentDate(), QLocale::ShortFormat)));
        transcript().activate(link);
        QTRY_COMPARE(shown.count(), 1);
        QCOMPARE(shown[0][0].value<MessageId>(), message);
        QCOMPARE(f().controller().conversation()->info().id, m_said);
        QVERIFY(f().window().chatPage()->isVisible());
    }
    /// What was found is a version of a question that was changed since.
    void theSourceOpensItsBranch() {
        QVERIFY(f().converse("The boiler is loud."));
        m_said = f().controller().conversation()->info().id;
        const MessageId first = f().controller().conversation()->messageAt(0).id;
        f().controller().edit(first, "Say more", {});
        QTRY_VERIFY(!f().controller().isAnswering() &&
                    f().controller().conversation()->rowOf(first) < 0);
        f().controller().setMaySearchPast(true);
        QVERIFY(f().converse("What was said before?"));
        QSignalSpy shown(&f().controller(), &ChatController::messageFound);
        transcript().activate(source());
        QTRY_COMPARE(shown.count(), 1);
        QCOMPARE(shown[0][0].value<MessageId>(), first);
        QVERIFY(f().controller().conversation()->rowOf(first) >= 0);
    }
    void saysThatItIsGone() {
        (void)searched();
        f().controller().deleteConversation(m_said);
        const ConversationId asking = f().controller().conversation()->info().id;
        transcript().activate(source());
        QCOMPARE(f().controller().conversation()->info().id, asking);
        QVERIFY(f().window().toast()->isVisible());
        QVERIFY(f().window().toast()->note().contains("was deleted"));
    }

private:
    [[nodiscard]] WindowFixture& f() const { return *m_fixture; }
    [[nodiscard]] TranscriptView& transcript() const {
        return *f().window().chatPage()->transcript();
    }
    /// A conversation, and another one that found it. The message that was found first.
    [[nodiscard]] MessageId searched() {
        f().controller().setMaySearchPast(true);
        if (!f().converse("The boiler is loud.")) return 0;
        m_said = f().controller().conversation()->info().id;
        const MessageId message = f().controller().conversation()->messageAt(0).id;
        return f().converse("What was said before?") ? message : 0;
    }
    /// The first link of the last answer.
    [[nodiscard]] TranscriptTarget source() const {
        const int row = f().controller().conversation()->rowCount() - 1;
        for (const TranscriptTarget& target : transcript().targets(row)) {
            if (target.kind == TranscriptTarget::Kind::Link) return target;
        }
        return {};
    }

    std::unique_ptr<WindowFixture> m_fixture;
    ConversationId m_said = 0;
};

QTEST_MAIN(PastWindowTest)
#include "tst_past_window.moc"
