// How a conversation's answers are picked: stored, bounded, used from the next answer on.
#include "app/chat/answer_parameters.h"
#include "app/chat/conversation_model.h"
#include "app/panel/code_box.h"
#include "app/panel/parameter_field.h"
#include "app/panel/parameters_page.h"
#include "app/panel/side_panel.h"
#include "app/ui/text_label.h"
#include "tests/app/ui/window_fixture.h"

#include <QAbstractButton>
#include <QTest>

#include <cmath>
#include <limits>

using namespace lares;
using namespace lares::app;
using lares::test::WindowFixture;

namespace {

ParametersPage& open(WindowFixture& fixture) {
    fixture.window().setPanelOpen(true);
    fixture.window().panel()->showTab(SidePanel::Tab::Persona);
    return *fixture.window().panel()->parameters();
}

ParameterField& field(const ParametersPage& page, const char* key) {
    const auto all = answerParameters();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].key == QLatin1String(key)) return *page.fields()[i];
    }
    qFatal("no such parameter");
}

void type(ParameterField& field, const QString& text) {
    field.setFocus();
    field.selectAll();
    QTest::keyClick(&field, Qt::Key_Delete);
    QTest::keyClicks(&field, text);
    QTest::keyClick(&field, Qt::Key_Return);
}

}  // namespace

class ParametersPageTest : public QObject {
    Q_OBJECT

private slots:
    void boundsHold_data();
    void boundsHold();
    void everyBoundIsFineForTheEngine();
    void nonsenseInADatabaseIsIgnored();
    void showsThePersona();
    void everyFieldHasNameAndHint();
    void whatIsTypedIsUsedInTheNextAnswer();
    void whatIsTypedIsBounded();
    void whatIsNoNumberChangesNothing();
    void arrowKeysStep();
    void belongsToItsConversation();
    void resetGoesBackToAsUsual();
    void thinkingOfThisConversation();
    void thePersonaComesBetween();
    void thinkingOfThePersona();
};

void ParametersPageTest::boundsHold_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QJsonValue>("kept");
    const QJsonValue undefined(QJsonValue::Undefined);
    QTest::newRow("inside") << "temperature" << QJsonValue(0.7) << QJsonValue(0.7);
    QTest::newRow("above") << "temperature" << QJsonValue(50) << QJsonValue(2.0);
    QTest::newRow("below") << "topP" << QJsonValue(-1) << QJsonValue(0.0);
    QTest::newRow("rounded") << "minP" << QJsonValue(0.123) << QJsonValue(0.12);
    QTest::newRow("whole") << "topK" << QJsonValue(40.6) << QJsonValue(41);
    QTest::newRow("tokens") << "maxTokens" << QJsonValue(1) << QJsonValue(16);
    QTest::newRow("seed") << "seed" << QJsonValue(1e300) << QJsonValue(999'999'999);
    QTest::newRow("text") << "seed" << QJsonValue("7") << undefined;
    QTest::newRow("unknown") << "mirostat" << QJsonValue(1) << undefined;
    QTest::newRow("thinking") << "thinking" << QJsonValue(false) << QJsonValue(false);
    QTest::newRow("thinking, a number") << "thinking" << QJsonValue(1) << undefined;
    QTest::newRow("nothing") << "temperature" << undefined << undefined;
}

void ParametersPageTest::boundsHold() {
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QTEST(bounded(key, value), "kept");
}

void ParametersPageTest::everyBoundIsFineForTheEngine() {
    for (const bool isMost : {false, true}) {
        QJsonObject parameters;
        for (const ParameterBounds& one : answerParameters())
            parameters[one.key] = isMost ? one.most : one.least;
        SamplingParams sampling;
        int maxTokens = 0;
        applyParameters(parameters, sampling, maxTokens);
        const auto checked = validate(sampling);
        QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
        QVERIFY(maxTokens >= 1);
    }
}

void ParametersPageTest::nonsenseInADatabaseIsIgnored() {
    SamplingParams sampling;
    int maxTokens = 4096;
    applyParameters({{"temperature", "hot"}, {"topK", QJsonValue()}, {"other", 3}, {"topP", 9}},
                    sampling, maxTokens);
    QCOMPARE(sampling.temperature, SamplingParams{}.temperature);
    QCOMPARE(sampling.top_k, SamplingParams{}.top_k);
    QCOMPARE(sampling.top_p, 1.0F);
    QCOMPARE(maxTokens, 4096);
}

void ParametersPageTest::showsThePersona() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    fixture.controller().setPersona("clerk");
    QCOMPARE(page.findChildren<CodeBox*>().front()->toPlainText(), "You are the Clerk.");
    QVERIFY(page.findChildren<CodeBox*>().front()->isReadOnly());
    QVERIFY(fixture.button("Edit The Clerk"));
}

void ParametersPageTest::everyFieldHasNameAndHint() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    QCOMPARE(page.fields().size(), answerParameters().size());
    for (const ParameterField* one : page.fields()) {
        QVERIFY(!one->accessibleName().isEmpty());
        QVERIFY(!one->accessibleDescription().isEmpty());
        QVERIFY(!one->usualText().isEmpty());  // what is used where it is empty
    }
    QCOMPARE(field(page, "seed").usualText(), "random");
}

void ParametersPageTest::whatIsTypedIsUsedInTheNextAnswer() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel() && fixture.converse("One"));
    const ParametersPage& page = open(fixture);
    type(field(page, "temperature"), "0.25");
    type(field(page, "topP"), "0.5");
    type(field(page, "topK"), "40");
    type(field(page, "minP"), "0.1");
    type(field(page, "repeatPenalty"), "1.1");
    type(field(page, "presencePenalty"), "0.2");
    type(field(page, "frequencyPenalty"), "0.3");
    type(field(page, "penaltyWindow"), "64");
    type(field(page, "maxTokens"), "100");
    type(field(page, "seed"), "7");
    fixture.controller().send("Two");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 4);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    const GenerationRequest& given = fixture.tokens().lastRequest();
    QCOMPARE(given.sampling.temperature, 0.25F);
    QCOMPARE(given.sampling.top_p, 0.5F);
    QCOMPARE(given.sampling.top_k, 40);
    QCOMPARE(given.sampling.min_p, 0.1F);
    QCOMPARE(given.sampling.repeat_penalty, 1.1F);
    QCOMPARE(given.sampling.presence_penalty, 0.2F);
    QCOMPARE(given.sampling.frequency_penalty, 0.3F);
    QCOMPARE(given.sampling.penalty_window, 64);
    QCOMPARE(given.max_tokens, 100);
    QCOMPARE(given.sampling.seed, std::uint64_t{7});
}

void ParametersPageTest::whatIsTypedIsBounded() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    type(field(page, "temperature"), "9");
    QCOMPARE(field(page, "temperature").text(), "2");
    QCOMPARE(fixture.controller().parameters()["temperature"].toDouble(), 2.0);
}

void ParametersPageTest::whatIsNoNumberChangesNothing() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    type(field(page, "topK"), "20");
    type(field(page, "topK"), "many");
    QCOMPARE(field(page, "topK").text(), "20");
    type(field(page, "topK"), "");
    QVERIFY(fixture.controller().parameters().isEmpty());
}

void ParametersPageTest::arrowKeysStep() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    fixture.controller().setParameter("topK", 20);
    QTest::keyClick(&field(page, "topK"), Qt::Key_Up);
    QCOMPARE(fixture.controller().parameters()["topK"].toInt(), 30);
    QTest::keyClick(&field(page, "topK"), Qt::Key_Down);
    QTest::keyClick(&field(page, "topK"), Qt::Key_Down);
    QTest::keyClick(&field(page, "topK"), Qt::Key_Down);
    QTest::keyClick(&field(page, "topK"), Qt::Key_Down);
    QCOMPARE(fixture.controller().parameters()["topK"].toInt(), 0);
}

void ParametersPageTest::belongsToItsConversation() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    const ParametersPage& page = open(fixture);
    fixture.controller().setParameter("temperature", 0.3);  // before its first message
    fixture.controller().send("One");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    const ConversationId first = fixture.controller().conversation()->info().id;
    QVERIFY(fixture.converse("Two"));
    QVERIFY(field(page, "temperature").text().isEmpty());
    QVERIFY(fixture.controller().parameters().isEmpty());
    fixture.controller().openConversation(first);  // as the disk has it
    QTRY_VERIFY(!fixture.controller().isConversationLoading());
    QCOMPARE(field(page, "temperature").text(), "0.3");
}

void ParametersPageTest::resetGoesBackToAsUsual() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    QVERIFY(!fixture.button("Set everything here back to as usual")->isEnabled());
    fixture.controller().setParameter("temperature", 0.3);
    fixture.controller().setParameter("thinking", false);
    fixture.button("Set everything here back to as usual")->click();
    QVERIFY(fixture.controller().parameters().isEmpty());
    QVERIFY(field(page, "temperature").text().isEmpty());
    QVERIFY(fixture.controller().isThinking());
}

void ParametersPageTest::thinkingOfThisConversation() {
    WindowFixture fixture;
    open(fixture);
    QVERIFY(fixture.loadModel());
    fixture.button("Thinking off, here")->click();
    QVERIFY(!fixture.controller().isThinking());
    QVERIFY(fixture.button("Thinking: off"));                        // the header's
    QVERIFY(fixture.controller().setting("thinking").toBool(true));  // not everywhere
    fixture.controller().send("One");
    QTRY_COMPARE(fixture.controller().conversation()->rowCount(), 2);
    QTRY_VERIFY(!fixture.controller().isAnswering());
    QVERIFY(!fixture.tokens().lastRequest().prompt.enable_thinking);
    fixture.button("Thinking: off")->click();  // the header changes what it shows
    QVERIFY(fixture.controller().parameters()["thinking"].toBool(false));
    fixture.button("Thinking as everywhere")->click();
    QVERIFY(fixture.controller().parameters().isEmpty());
    fixture.button("Thinking off, here")->click();
    fixture.controller().newConversation();
    QVERIFY(fixture.button("Thinking: on"));
}

/// Of what is said beneath a field, and in the choice of thinking.
QStringList said(const QWidget& page) {
    QStringList texts;
    for (const auto* label : page.findChildren<TextLabel*>()) texts << label->text();
    for (const auto* button : page.findChildren<QAbstractButton*>()) texts << button->text();
    return texts;
}

void ParametersPageTest::thePersonaComesBetween() {
    WindowFixture fixture;
    QVERIFY(fixture.loadModel());
    const ParametersPage& page = open(fixture);
    ChatController& controller = fixture.controller();
    QCOMPARE(said(page).count("as usual"), answerParameters().size());
    controller.savePersona({"lares", "Lares", {}, {}, {{"temperature", 0.9}, {"topK", 40}}});
    QTRY_COMPARE(said(page).count("from the persona"), 2);
    QCOMPARE(field(page, "temperature").usualText(), "0.9");
    QVERIFY(field(page, "temperature").text().isEmpty());
    QCOMPARE(field(page, "topP").usualText(), "1");  // of the demo model

    type(field(page, "temperature"), "0.3");
    QCOMPARE(said(page).count("set here"), 1);
    QCOMPARE(said(page).count("from the persona"), 1);
    controller.send("One");
    QTRY_COMPARE(controller.conversation()->rowCount(), 2);
    QTRY_VERIFY(!controller.isAnswering());
    QCOMPARE(fixture.tokens().lastRequest().sampling.temperature, 0.3F);
    QCOMPARE(fixture.tokens().lastRequest().sampling.top_k, 40);

    fixture.button("Set everything here back to as the persona has it")->click();
    QVERIFY(controller.parameters().isEmpty());
    QCOMPARE(field(page, "temperature").usualText(), "0.9");
    controller.send("Two");
    QTRY_COMPARE(controller.conversation()->rowCount(), 4);
    QTRY_VERIFY(!controller.isAnswering());
    QCOMPARE(fixture.tokens().lastRequest().sampling.temperature, 0.9F);

    controller.setPersona("robin");  // who says nothing
    QCOMPARE(said(page).count("from the persona"), 0);
    QVERIFY(fixture.button("Set everything here back to as usual"));
}

void ParametersPageTest::thinkingOfThePersona() {
    WindowFixture fixture;
    const ParametersPage& page = open(fixture);
    fixture.controller().savePersona({"lares", "Lares", {}, {}, {{"thinking", false}}});
    QTRY_VERIFY(said(page).contains("From the persona: off"));
    QVERIFY(!fixture.controller().isThinking());
    fixture.button("Thinking: off")->click();  // the header: here, and not everywhere
    QVERIFY(fixture.controller().isThinking());
    QVERIFY(fixture.controller().parameters()["thinking"].toBool(false));
    fixture.button("Thinking as everywhere")->click();
    QVERIFY(!fixture.controller().isThinking());
    fixture.controller().setPersona("robin");
    QVERIFY(fixture.button("Thinking: on"));
}

QTEST_MAIN(ParametersPageTest)
#include "tst_parameters_page.moc"
