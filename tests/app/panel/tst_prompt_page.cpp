// "What the model saw" in the window: the prompt that was given, or why there is none.
#include "app/chat/conversation_model.h"
#include "app/panel/prompt_page.h"
#include "app/panel/prompt_text.h"
#include "app/panel/side_panel.h"
#include "app/ui/text_label.h"
#include "tests/app/ui/window_fixture.h"
#include "tests/support/test_data.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QTest>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

namespace {

std::shared_ptr<const Model> miniModel() {
    auto model = Model::load(test::source_file("resources/mini_model/lares-mini.gguf"));
    return model ? *model : nullptr;
}

PromptPage& open(WindowFixture& fixture) {
    fixture.window().setPanelOpen(true);
    fixture.window().panel()->showTab(SidePanel::Tab::Prompt);
    return *fixture.window().panel()->prompt();
}

bool says(const PromptPage& page, const QString& words) {
    for (const TextLabel* label : page.findChildren<TextLabel*>()) {
        if (label->isVisible() && label->text().contains(words)) return true;
    }
    return false;
}

/// The same as the source would say if it had read this prompt.
void noteAsRead(WindowFixture& fixture, std::uint64_t key, int nCached) {
    ConversationModel& model = *fixture.controller().conversation();
    ChatMessage answer = model.messageAt(model.rowCount() - 1);
    answer.stats[kReadingsKey] = QJsonValue();
    GenerationStats stats;
    stats.prompt_key = key;
    stats.cached_tokens = nCached;
    noteReading(answer, 0, true, 0, stats);
    model.update(answer);
}

}  // namespace

class PromptPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_model = miniModel();
        QVERIFY(m_model);
    }
    void saysWhenThereIsNoModel();
    void saysWhenNothingWasAsked();
    void showsThePromptThatWasGiven();
    void everyStepHasItsPrompt();
    void followsTheNewestAnswer();
    void tellsWhatWasRestored();
    void tellsThatSomethingChanged();
    void fakedMarkupIsText();
    void copiesTheExactPrompt();
    void copiesNoHeadings();
    void aLargePromptIsNotLaidOut();
    void nothingIsAskedWhileItIsClosed();

private:
    std::shared_ptr<const Model> m_model;
};

void PromptPageTest::saysWhenThereIsNoModel() {
    WindowFixture fixture;
    const PromptPage& page = open(fixture);
    QVERIFY(says(page, "No model is loaded"));
    QVERIFY(!page.text()->isVisible());
    QVERIFY(!fixture.button("Copy prompt"));
}

void PromptPageTest::saysWhenNothingWasAsked() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    QVERIFY(says(open(fixture), "Nothing was asked here yet"));
}

void PromptPageTest::showsThePromptThatWasGiven() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("Hello there"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    const GenerationRequest& given = fixture.tokens().lastRequest();
    const auto expected = view_prompt(*m_model, given.conversation, given.prompt);
    QVERIFY(expected);
    QCOMPARE(page.view()->ids, expected->ids);
    QVERIFY(page.text()->isVisible());
    QVERIFY(page.text()->toPlainText().contains("Hello there"));
    QVERIFY(page.text()->toPlainText().contains("You are Lares."));
    QVERIFY(says(page, "of 4,096 that the context holds"));
    QVERIFY(says(page, "Answer 1 of 1"));
}

void PromptPageTest::everyStepHasItsPrompt() {
    WindowFixture fixture(R"([{"steps": [{"thinking": "I look."}, {"call": "get_time"}]},
                              {"steps": [{"text": "It is noon."}]}])");
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("What time is it?"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    const GenerationRequest& last = fixture.tokens().lastRequest();
    QCOMPARE(page.view()->ids, view_prompt(*m_model, last.conversation, last.prompt)->ids);
    QVERIFY(says(page, "part 2 of 2"));
    QVERIFY(says(page, "The next prompt leaves out its thinking"));
    QVERIFY(!fixture.button("The next prompt"));
    const std::size_t n = page.view()->ids.size();
    fixture.button("The prompt before")->click();
    QTRY_VERIFY(page.view()->ids.size() < n);
    QVERIFY(says(page, "part 1 of 2"));
    QVERIFY(!page.text()->toPlainText().contains("I look."));
}

void PromptPageTest::followsTheNewestAnswer() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("One"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    fixture.controller().send("Two");
    QTRY_VERIFY(says(page, "Answer 2 of 2"));
    QTRY_VERIFY(page.text()->toPlainText().contains("Two"));
    QTRY_VERIFY(!fixture.controller().isAnswering());
    // Who looks at an older one stays there.
    fixture.button("The prompt before")->click();
    QTRY_VERIFY(!page.text()->toPlainText().contains("Two"));
    fixture.controller().send("Three");
    QTRY_VERIFY(says(page, "Answer 1 of 3"));
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QVERIFY(says(page, "Answer 1 of 3"));
    fixture.controller().newConversation();
    QTRY_VERIFY(says(page, "Nothing was asked here yet"));
}

void PromptPageTest::tellsWhatWasRestored() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("Hello there"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    const auto n = static_cast<int>(page.view()->ids.size());
    noteAsRead(fixture, page.view()->key, 20);
    QTRY_VERIFY(says(page, QString("20 restored, %1 read anew").arg(n - 20)));
    QVERIFY(page.text()->toPlainText().contains("Restored up to here"));
    noteAsRead(fixture, page.view()->key, n);
    QTRY_VERIFY(says(page, "All of it was restored"));
    noteAsRead(fixture, page.view()->key, 0);
    QTRY_VERIFY(says(page, "All of it was read anew"));
}

void PromptPageTest::tellsThatSomethingChanged() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("Hello there"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    noteAsRead(fixture, page.view()->key, 20);
    QTRY_VERIFY(says(page, "20 restored"));
    Persona persona = fixture.controller().persona();
    persona.system = "You are somebody else.";
    fixture.controller().savePersona(persona);
    QTRY_VERIFY(says(page, "Not quite what it read"));
    QVERIFY(!says(page, "restored"));
    QVERIFY(!page.text()->toPlainText().contains("Restored up to here"));
}

void PromptPageTest::fakedMarkupIsText() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("a<|im_end|><b>x</b>"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    QTextDocument& document = *page.text()->document();
    const QTextCursor faked = document.find("a<|im_end|><b>x</b>");  // nothing was read as HTML
    QVERIFY(!faked.isNull());
    QTextCursor real = document.find("<|im_end|>");
    QVERIFY(!real.isNull() && real.selectionEnd() < faked.selectionStart());
    QVERIFY(real.charFormat().background() != faked.charFormat().background());
    QVERIFY(real.charFormat().font().weight() > faked.charFormat().font().weight());
}

void PromptPageTest::copiesTheExactPrompt() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("one\u202Etwo\n\nthree"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    fixture.button("Copy prompt")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(page.view()->text()));
    QVERIFY(QGuiApplication::clipboard()->text().contains("one\u202Etwo\n\nthree"));
}

void PromptPageTest::copiesNoHeadings() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("Hello there"));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    page.text()->selectAll();
    page.text()->copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(page.view()->text()));
}

void PromptPageTest::aLargePromptIsNotLaidOut() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QString question;
    while (question.size() < 200'000) question += "A line of a long document, one of many.\n";
    question += QString(50'000, 'x');
    QVERIFY(fixture.loadModel() && fixture.converse(question));
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
    QVERIFY(page.view()->ids.size() > 40'000);
    QCoreApplication::processEvents();
    const int nLines = page.text()->blockCount();
    QVERIFY(nLines > 5'000);
    QVERIFY2(page.text()->laidOutLines() < 200,
             qPrintable(QString::number(page.text()->laidOutLines())));
    page.text()->moveCursor(QTextCursor::End);
    QCoreApplication::processEvents();
    QVERIFY2(page.text()->laidOutLines() < 400,
             qPrintable(QString::number(page.text()->laidOutLines())));
}

void PromptPageTest::nothingIsAskedWhileItIsClosed() {
    WindowFixture fixture;
    fixture.tokens().setPromptModel(m_model);
    QVERIFY(fixture.loadModel() && fixture.converse("Hello there"));
    QCoreApplication::processEvents();
    QVERIFY(!fixture.window().panel()->prompt()->view());
    const PromptPage& page = open(fixture);
    QTRY_VERIFY(page.view());
}

QTEST_MAIN(PromptPageTest)
#include "tst_prompt_page.moc"
