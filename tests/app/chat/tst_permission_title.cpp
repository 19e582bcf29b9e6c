#include "app/chat/chat_controller.h"
#include "app/chat/permission_title.h"
#include "app/language/languages.h"
#include "app/language/translations.h"

#include <QTest>

using namespace lares::app;

/// The head of the permission card: the broker's words, or the same in the window's language.
class PermissionTitleTest : public QObject {
    Q_OBJECT

private slots:
    void oneThingIsNamed_data();
    void oneThingIsNamed();
};

void PermissionTitleTest::oneThingIsNamed_data() {
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QStringList>("move");  // from and to
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("german");
    const auto row = [](const char* verb, const char* object, const char* german,
                        const QStringList& move = {}, const char* server = "") {
        QTest::newRow(qPrintable(QString("%1 %2").arg(verb, object)))
            << verb << object << move << server << german;
    };
    row("List the folder", "Documents", "Ordner Documents auflisten");
    row("Read the file", "a %1.txt", "Datei a %1.txt lesen");
    row("Search the folder", "A", "Ordner A durchsuchen");
    row("Search the files in", "A", "Dateien in A durchsuchen");
    row("Search the documents in", "A", "Dokumente in A durchsuchen");
    row("Run a command in", "A", "Befehl in A ausführen");
    row("Make the folder", "B", "Ordner B anlegen");
    row("Edit the file", "b", "Datei b bearbeiten");
    row("Replace the file", "b", "Datei b ersetzen");
    row("Write the file", "b", "Datei b schreiben");
    row("Remember", "a note", "Eine Notiz merken");
    row("Rename", "a to b", "a in b umbenennen", {"/home/ada/a", "/home/ada/b"});
    row("Move", "a to In", "a nach In verschieben", {"/home/ada/a", "/home/ada/In/a"});
    row("Move", "a to In/b", "a nach In/b verschieben", {"/home/ada/a", "/home/ada/In/b"});
    row("Use", "search of notes", "search von notes verwenden", {}, "notes");
    // What is about many, or not known here, stays as the broker says it.
    row("Move", "12 items from A to B", "Move 12 items from A to B");
    row("Juggle", "three balls", "Juggle three balls");
}

void PermissionTitleTest::oneThingIsNamed() {
    QFETCH(QString, verb);
    QFETCH(QString, object);
    QFETCH(QStringList, move);
    PermissionQuestion question;
    question.verb = verb;
    question.object = object;
    QFETCH(QString, server);
    question.server = server;
    if (!move.isEmpty())
        question.changes.push_back({QuestionChange::Kind::Move, move.first(), move.last(), {}});
    QCOMPARE(titleOf(question), verb + ' ' + object);
    if (languageFor("de") != u"de") QSKIP("built without lrelease");
    Translations translations;
    translations.use("de");
    QTEST(titleOf(question), "german");
}

QTEST_GUILESS_MAIN(PermissionTitleTest)
#include "tst_permission_title.moc"
