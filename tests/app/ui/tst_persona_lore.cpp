#include "app/chat/conversation_model.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/lore_form.h"
#include "app/ui/lore_row.h"
#include "app/ui/persona_lore.h"
#include "tests/app/ui/personas_page_ground.h"

using namespace lares;
using namespace lares::app;
using namespace lares::test;

/// The lore of a persona in its editor, and below the message that brought some.
class PersonaLoreTest : public QObject, private PersonasPageGround {
    Q_OBJECT

private slots:
    void init() { openPage(); }
    void cleanup() { m_fixture.reset(); }
    void anEntryIsWrittenWithTheKeyboard();
    void entriesAreTurnedOffRemovedAndBroughtBack();
    void entriesAreMovedUp();
    void sayWhatIsMissing();
    void theDraftKeepsThem();
    void discardingBringsBackTheBook();
    void everyControlHasAName();
    void theMessageSaysWhatItBrought();

private:
    [[nodiscard]] PersonaLore& lore() const { return *editor().lore(); }
    [[nodiscard]] QLineEdit* field(const QString& name) const {
        for (auto* found : lore().findChildren<QLineEdit*>()) {
            if (found->accessibleName() == name) return found;
        }
        return nullptr;
    }
    static LoreBook seaAndGulls() {
        LoreBook book;
        book.entries = {{"The Sea", {"sea"}, {}, "The sea is grey."},
                        {"Gulls", {"gull"}, {"pier"}, "Otto and Ida."}};
        return book;
    }
    void giveLore() {
        Persona robin = find("robin");
        robin.lore = seaAndGulls();
        m_fixture->controller().savePersona(robin);
        QTRY_COMPARE(find("robin").lore, seaAndGulls());
    }
};

void PersonaLoreTest::anEntryIsWrittenWithTheKeyboard() {
    page().edit("robin");
    QVERIFY(labels(lore()).contains("No entries."));
    text("Greeting")->setFocus();
    press(Qt::Key_Tab);
    QCOMPARE(focused(), "Add an entry");
    press(Qt::Key_Space);
    QCOMPARE(focused(), "Name of the entry");
    type("The Sea");
    field("Words")->setFocus();
    type("sea, the waves,");
    text("What the model reads")->setFocus();
    type("The sea is grey.");
    press(Qt::Key_Return, Qt::ControlModifier);
    LoreBook book;
    book.entries = {{"The Sea", {"sea", "the waves"}, {}, "The sea is grey."}};
    QTRY_COMPARE(find("robin").lore, book);
    page().edit("robin");
    QVERIFY(labels(lore()).contains("1 entry"));
    QVERIFY(lore().rows().empty());  // folded away
    m_fixture->button("Show the entries")->click();
    QVERIFY(labels(lore()).contains("sea, the waves"));
    m_fixture->button("Edit the lore entry The Sea")->click();
    QCOMPARE(focused(), "What the model reads");
    press(Qt::Key_Escape);
    QVERIFY(editor().isVisible());  // the entry alone is done
    QCOMPARE(focused(), "Edit the lore entry The Sea");
}

void PersonaLoreTest::entriesAreTurnedOffRemovedAndBroughtBack() {
    giveLore();
    page().edit("robin");
    lore().setUnfolded(true);
    QCOMPARE(lore().rows().size(), std::size_t{2});
    m_fixture->button("Turn off the lore entry Gulls")->click();
    QVERIFY(!lore().book().entries[1].isOn);
    QCOMPARE(focused(), "Turn on the lore entry Gulls");
    QVERIFY(labels(lore()).contains("1 turned off"));
    m_fixture->button("Remove the lore entry The Sea")->click();
    QCOMPARE(lore().book().entries.size(), std::size_t{1});
    QCOMPARE(focused(), "Bring “The Sea” back");
    press(Qt::Key_Space);
    QCOMPARE(lore().book().entries.size(), std::size_t{2});
    QCOMPARE(lore().book().entries[0], seaAndGulls().entries[0]);
    QCOMPARE(focused(), "Edit the lore entry The Sea");
    QVERIFY(editor().isChanged());
    // While one is written, others can be turned off.
    lore().edit(0);
    m_fixture->button("Turn on the lore entry Gulls")->click();
    QVERIFY(lore().isEditing());
    QCOMPARE(focused(), "Turn off the lore entry Gulls");
    QVERIFY(!editor().isChanged());
}

void PersonaLoreTest::entriesAreMovedUp() {
    giveLore();
    page().edit("robin");
    lore().setUnfolded(true);
    lore().add();
    field("Words")->setText("fog");
    text("What the model reads")->setPlainText("It is often foggy.");
    const LoreEntry fog = lore().book().entries[2];
    lore().endEditing();
    QVERIFY(!m_fixture->button("Move the lore entry The Sea up"));
    m_fixture->button("Move the lore entry fog up")->setFocus();
    press(Qt::Key_Space);
    QCOMPARE(focused(), "Move the lore entry fog up");
    press(Qt::Key_Space);
    QCOMPARE(focused(), "Edit the lore entry fog");  // and nothing that takes it away
    const std::vector<LoreEntry> before = seaAndGulls().entries;
    QCOMPARE(lore().book().entries, (std::vector{fog, before[0], before[1]}));
    // The one that is written keeps its place among the others.
    lore().edit(0);
    m_fixture->button("Move the lore entry The Sea up")->click();
    QVERIFY(lore().isEditing());
    QCOMPARE(lore().form()->entry(), fog);
    QCOMPARE(lore().book().entries, (std::vector{before[0], fog, before[1]}));
}

void PersonaLoreTest::sayWhatIsMissing() {
    page().edit("robin");
    lore().add();
    QVERIFY(m_fixture->button("Save")->isEnabled());  // one that says nothing is left out
    QVERIFY(!labels(lore()).contains("It needs"));
    field("Words")->setText("sea");
    QVERIFY(labels(lore()).contains("It needs a text."));
    QVERIFY(labels(editor()).contains("Lore entry “sea”: It needs a text."));
    QVERIFY(!m_fixture->button("Save")->isEnabled());
    text("What the model reads")->setPlainText("Grey.");
    QVERIFY(m_fixture->button("Save")->isEnabled());
    field("Words")->clear();
    QVERIFY(labels(lore()).contains("It needs words that bring it."));
    m_fixture->button("Always")->click();
    QVERIFY(m_fixture->button("Save")->isEnabled());
    QVERIFY(!field("Words")->isEnabled());
    QVERIFY(labels(lore()).contains("1 always read"));
    // An empty one is gone when it is left.
    lore().add();
    press(Qt::Key_Escape);
    QCOMPARE(lore().book().entries.size(), std::size_t{1});
    QCOMPARE(focused(), "Add an entry");
}

void PersonaLoreTest::theDraftKeepsThem() {
    page().edit("robin");
    lore().add();
    field("Words")->setText("sea");
    text("What the model reads")->setPlainText(QString(kMaxLoreText + 5, 'x'));
    lore().add();
    field("Name of the entry")->setText("Gulls");  // and nothing else yet
    const LoreBook written = lore().book();
    editor().leave();
    page().edit("robin");
    QCOMPARE(lore().book(), written);
    QCOMPARE(written.entries.size(), std::size_t{2});
    QVERIFY(find("robin").lore.isEmpty());
}

void PersonaLoreTest::discardingBringsBackTheBook() {
    giveLore();
    page().edit("robin");
    lore().setUnfolded(true);
    m_fixture->button("Remove the lore entry Gulls")->click();
    m_fixture->button("Discard changes")->click();
    QCOMPARE(lore().book(), seaAndGulls());
}

void PersonaLoreTest::everyControlHasAName() {
    giveLore();
    page().edit("robin");
    lore().edit(1);
    for (const QWidget* widget : lore().findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
        if (widget->inherits("QScrollBar") || widget->inherits("QLabel")) continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                 widget->metaObject()->className());
    }
}

void PersonaLoreTest::theMessageSaysWhatItBrought() {
    giveLore();
    ChatController& controller = m_fixture->controller();
    m_fixture->window().showChat();
    controller.newConversation();
    controller.setPersona("robin");
    controller.send("A gull on the pier by the sea");
    QTRY_VERIFY(controller.conversation()->rowCount() >= 2 && !controller.isAnswering());
    TranscriptView& transcript = *m_fixture->window().chatPage()->transcript();
    const auto lines = [&] {
        std::vector<TranscriptTarget> found;
        for (const TranscriptTarget& target : transcript.targets(0)) {
            if (target.kind == TranscriptTarget::Kind::Attachment) found.push_back(target);
        }
        return found;
    };
    QCOMPARE(lines().size(), std::size_t{1});  // one for all
    QCOMPARE(transcript.targetName(lines()[0]), "Lore: The Sea, Gulls. Show it");
    QVERIFY(!transcript.targetRect(lines()[0]).isEmpty());
    transcript.activate(lines()[0]);
    QCOMPARE(transcript.targetName(lines()[0]), "Lore: The Sea, Gulls. Hide it");
    transcript.activate(lines()[0]);
    QCOMPARE(transcript.targetName(lines()[0]), "Lore: The Sea, Gulls. Show it");
    // What is folded opens for what is found in it, and closes again.
    transcript.find(TextMatcher({"Otto"}));
    QTRY_COMPARE(transcript.targetName(lines()[0]), "Lore: The Sea, Gulls. Hide it");
    transcript.endFind();
    QCOMPARE(transcript.targetName(lines()[0]), "Lore: The Sea, Gulls. Show it");
}

QTEST_MAIN(PersonaLoreTest)
#include "tst_persona_lore.moc"
