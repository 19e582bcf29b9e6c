#include "app/start/app_options.h"

#include <QTest>

#include <vector>

using namespace lares::app;

class AppOptionsTest : public QObject {
    Q_OBJECT

private slots:
    void theLanguageIsKnownBeforeTheRest_data();
    void theLanguageIsKnownBeforeTheRest();
};

void AppOptionsTest::theLanguageIsKnownBeforeTheRest_data() {
    QTest::addColumn<QByteArrayList>("words");
    QTest::addColumn<QString>("language");
    const auto row = [](const char* name, const QByteArrayList& words, const char* language) {
        QTest::newRow(name) << words << language;
    };
    row("nothing", {"lares"}, "system");
    row("no words at all", {}, "system");
    row("behind it", {"lares", "--language", "de"}, "de");
    row("in one word", {"lares", "--help", "--language=de"}, "de");
    row("the last one", {"lares", "--language", "de", "--language=en"}, "en");
    row("without a value", {"lares", "--language"}, "system");
    row("empty", {"lares", "--language="}, "");
    row("another option", {"lares", "--languages", "de"}, "system");
    row("a value of another", {"lares", "--", "--language", "de"}, "system");
}

void AppOptionsTest::theLanguageIsKnownBeforeTheRest() {
    QFETCH(QByteArrayList, words);
    std::vector<const char*> argv;
    for (const QByteArray& word : words) argv.push_back(word.constData());
    QTEST(languageOption(static_cast<int>(argv.size()), argv.data()), "language");
}

QTEST_GUILESS_MAIN(AppOptionsTest)
#include "tst_app_options.moc"
