#include "app/ui/theme.h"

#include <QTest>

using namespace lares::app;

/// Every text on every ground that the window puts it on.
class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void textIsReadable_data();
    void textIsReadable();
    void fontsFollowTheScale();
    void contrastIsThatOfWcag();
};

void ThemeTest::textIsReadable_data() {
    QTest::addColumn<QColor>("text");
    QTest::addColumn<QColor>("ground");
    const std::pair<const char*, Theme::Scheme> schemes[] = {
        {"light", Theme::Scheme::Light},
        {"dark", Theme::Scheme::Dark},
        {"high contrast", Theme::Scheme::HighContrast}};
    for (const auto& [name, scheme] : schemes) {
        const Theme t = Theme::make(scheme);
        const auto add = [name = name](const char* text, const QColor& colour, const char* ground,
                                       const QColor& below) {
            QTest::addRow("%s: %s on %s", name, text, ground) << colour << below;
        };
        const std::pair<const char*, QColor> grounds[] = {{"window", t.window},
                                                          {"sidebar", t.sidebar},
                                                          {"card", t.card},
                                                          {"code", t.code},
                                                          {"bubble", t.userBubble},
                                                          {"row", t.selectedRow},
                                                          {"hovered row", t.hoveredRow},
                                                          {"selection", t.selection},
                                                          {"match", t.match},
                                                          {"current match", t.currentMatch},
                                                          {"removed", t.removedGround},
                                                          {"added", t.addedGround}};
        for (const auto& [ground, colour] : grounds) add("text", t.text, ground, colour);
        add("secondary", t.secondaryText, "window", t.window);
        add("secondary", t.secondaryText, "sidebar", t.sidebar);
        add("secondary", t.secondaryText, "card", t.card);
        add("secondary", t.secondaryText, "selected row", t.selectedRow);  // a disabled Send
        add("quiet", t.quietText, "window", t.window);
        add("quiet", t.quietText, "sidebar", t.sidebar);
        add("quiet", t.quietText, "card", t.card);
        // The prompt, in the right panel.
        add("secondary", t.secondaryText, "code", t.code);
        add("quiet", t.quietText, "code", t.code);
        add("accent", t.accent, "code", t.code);
        add("removed", t.removed, "code", t.code);
        // Code, highlighted.
        add("added", t.good, "code", t.code);
        add("keyword", t.codeKeyword, "code", t.code);
        add("string", t.codeString, "code", t.code);
        add("number", t.codeNumber, "code", t.code);
        add("comment", t.codeComment, "code", t.code);
        add("name", t.codeName, "code", t.code);
        add("accent", t.accent, "window", t.window);
        add("accent", t.accent, "card", t.card);
        add("on accent", t.textOnAccent, "accent", t.accent);
        add("secondary", t.secondaryText, "removed", t.removedGround);
        add("removed", t.removed, "removed ground", t.removedGround);
    }
}

void ThemeTest::textIsReadable() {
    QFETCH(QColor, text);
    QFETCH(QColor, ground);
    const double measured = contrast(text, ground);
    QVERIFY2(measured >= 4.4, qPrintable(QString("%1").arg(measured)));
}

void ThemeTest::fontsFollowTheScale() {
    const Theme twice = Theme::make(Theme::Scheme::Light, 2.0);
    QCOMPARE(twice.bodyFont.pixelSize(), 30);
    QCOMPARE(twice.codeFont.pixelSize(), 26);
    QCOMPARE(twice.scaled(10), 20);
    QVERIFY(twice.styleSheet().contains("padding: 8px"));
    QVERIFY(!twice.styleSheet().contains('@'));
}

void ThemeTest::contrastIsThatOfWcag() {
    QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
}

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
