#include "app/chat/persona_book.h"
#include "app/personas/persona_file.h"
#include "app/personas/persona_text.h"
#include "app/store/conversation_store.h"
#include "tests/app/personas/sample_cards.h"
#include "tests/app/store/store_samples.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

const std::vector<Persona> kBuiltIn = {{"lares", "Lares", "You are Lares.", "Hi."},
                                       {"robin", "Robin", "You are Robin.", {}}};

/// A book and its store, as they are at a start.
struct Shelf {
    explicit Shelf(const StoreFolder& folder) : store(openStore(folder.path())) {
        book = std::make_unique<PersonaBook>(kBuiltIn, store.get());
        book->load();
        // What was asked for before is done then, and what it said is in the event loop.
        (void)answer(store->personas());
        QCoreApplication::processEvents();
    }

    [[nodiscard]] QStringList names() const {
        QStringList names;
        for (const Persona& persona : book->personas()) names << persona.name;
        return names;
    }

    std::unique_ptr<ConversationStore> store;
    std::unique_ptr<PersonaBook> book;
};

template <class T>
Result<T> waitFor(QFuture<Result<T>> reply) {
    [&] { QTRY_VERIFY(reply.isFinished()); }();
    return reply.isFinished() ? reply.result() : Error{ErrorCode::Internal, "not finished"};
}

}  // namespace

class PersonaBookTest : public QObject {
    Q_OBJECT

private slots:
    void listsBuiltInOnesFirstThenByName();
    void givesOneItsOwnId();
    void keepsWhatWasSaved();
    void aChangedBuiltInOneIsResetByRemoving();
    void savingItAsItCameIsResetting();
    void aRemovedOneIsAnsweredByTheFirst();
    void removesNoBuiltInOne();
    void aCopyGetsANumber();
    void importsAsANewOne();
    void importsACharacterCard();
    void keepsHowItAnswers();
    void refusesABadFile();
    void exportsWhatCanBeImported();
    void refusesWhatIsBeyondTheBounds();
    void changesNothingWithoutAStore();
    void isNeverEmpty();
};

void PersonaBookTest::listsBuiltInOnesFirstThenByName() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    for (const char* name : {"Zoe", "adam", "Bea"})
        QVERIFY(waitFor(shelf.book->save({{}, name, {}, {}})));
    QCOMPARE(shelf.names(), QStringList({"Lares", "Robin", "adam", "Bea", "Zoe"}));
    QCOMPARE(Shelf(StoreFolder()).names(), QStringList({"Lares", "Robin"}));
}

void PersonaBookTest::givesOneItsOwnId() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const auto first = waitFor(shelf.book->save({{}, "Ada", {}, {}}));
    QVERIFY(waitFor(shelf.book->remove(first->id)));
    const auto second = waitFor(shelf.book->save({{}, "Ada", {}, {}}));
    QVERIFY(first->id != second->id);
    QVERIFY(shelf.book->isOwn(second->id));
    QVERIFY(!shelf.book->isOwn(first->id));
    QVERIFY(!shelf.book->isOwn("lares"));
}

void PersonaBookTest::keepsWhatWasSaved() {
    const StoreFolder folder;
    QString id;
    {
        const Shelf shelf(folder);
        QSignalSpy changed(shelf.book.get(), &PersonaBook::changed);
        const auto made = waitFor(shelf.book->save({{}, " Ada ", "You are Ada.\r\n", "Hello."}));
        QCOMPARE(changed.count(), 1);
        id = made->id;
        QVERIFY(waitFor(shelf.book->save({id, "Ada", "You are Ada L.", "Hello."})));
    }
    const Shelf shelf(folder);
    QCOMPARE(shelf.book->personaOf(id), (Persona{id, "Ada", "You are Ada L.", "Hello."}));
}

void PersonaBookTest::aChangedBuiltInOneIsResetByRemoving() {
    const StoreFolder folder;
    const Persona changed{"robin", "Robin Hood", "You take.", "Halt!"};
    {
        const Shelf shelf(folder);
        QVERIFY(waitFor(shelf.book->save(changed)));
        QVERIFY(shelf.book->isChanged("robin"));
    }
    const Shelf shelf(folder);
    QCOMPARE(shelf.names(), QStringList({"Lares", "Robin Hood"}));
    QVERIFY(shelf.book->isChanged("robin"));
    QVERIFY(!shelf.book->isOwn("robin"));
    const auto removed = waitFor(shelf.book->remove("robin"));
    QCOMPARE(*removed, changed);
    QCOMPARE(shelf.book->personas(), kBuiltIn);
    QVERIFY(answer(shelf.store->personas()).value().empty());
    QVERIFY(waitFor(shelf.book->save(*removed)));  // undone
    QCOMPARE(shelf.book->personaOf("robin"), changed);
}

void PersonaBookTest::savingItAsItCameIsResetting() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    QVERIFY(waitFor(shelf.book->save({"robin", "Rob", {}, {}})));
    QVERIFY(waitFor(shelf.book->save(kBuiltIn[1])));
    QVERIFY(!shelf.book->isChanged("robin"));
    QVERIFY(answer(shelf.store->personas()).value().empty());
}

void PersonaBookTest::aRemovedOneIsAnsweredByTheFirst() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const auto ada = waitFor(shelf.book->save({{}, "Ada", {}, {}}));
    QCOMPARE(shelf.book->personaOf(ada->id).name, "Ada");
    PersonaBook::Reply first = shelf.book->remove(ada->id);
    PersonaBook::Reply second = shelf.book->remove(ada->id);  // a second press of the key
    QCOMPARE(*waitFor(first), *ada);
    QVERIFY(!waitFor(second));
    QCOMPARE(shelf.book->personaOf(ada->id).name, "Lares");
    QVERIFY(waitFor(shelf.book->save(*ada)));
    QCOMPARE(shelf.book->personaOf(ada->id).name, "Ada");
}

void PersonaBookTest::removesNoBuiltInOne() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    QVERIFY(!waitFor(shelf.book->remove("robin")));
    QCOMPARE(shelf.names(), QStringList({"Lares", "Robin"}));
}

void PersonaBookTest::aCopyGetsANumber() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const auto second = waitFor(shelf.book->duplicate("robin"));
    QCOMPARE(second->name, "Robin 2");
    QCOMPARE(second->system, "You are Robin.");
    QCOMPARE(waitFor(shelf.book->duplicate(second->id))->name, "Robin 3");
    const QString longest(kMaxPersonaName, 'x');
    const auto named = waitFor(shelf.book->save({{}, longest, {}, {}}));
    QCOMPARE(waitFor(shelf.book->duplicate(named->id))->name, longest.chopped(2) + " 2");
}

void PersonaBookTest::importsAsANewOne() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const QTemporaryDir files;
    const QString path = files.filePath("robin.json");
    // It names the id of a built-in one: that stays as it is.
    QVERIFY(writePersonaFile(path, {"lares", "ROBIN", "You obey.", {}}));
    const auto made = waitFor(shelf.book->importFile(path));
    QVERIFY(made);
    QVERIFY(made->leftOut.isEmpty());
    QCOMPARE(made->persona.name, "ROBIN 2");
    QVERIFY(shelf.book->isOwn(made->persona.id));
    QCOMPARE(shelf.book->personaOf("lares"), kBuiltIn[0]);
    QCOMPARE(answer(shelf.store->personas()).value(), std::vector{made->persona});
}

void PersonaBookTest::importsACharacterCard() {
    const StoreFolder folder;
    const QTemporaryDir files;
    const QString path = files.filePath("ada.png");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(pngCard(sampleCard()));
    file.close();
    const Shelf shelf(folder);
    const auto made = waitFor(shelf.book->importFile(path));
    QVERIFY(made);
    QCOMPARE(made->persona.name, "Ada");
    QVERIFY(made->leftOut.contains("its maker's notes"));
    QCOMPARE(made->persona.lore.entries.size(), std::size_t{2});
    QCOMPARE(answer(shelf.store->personas()).value(), std::vector{made->persona});
}

void PersonaBookTest::keepsHowItAnswers() {
    const StoreFolder folder;
    QString id;
    {
        const Shelf shelf(folder);
        const auto made = waitFor(shelf.book->save(
            {{}, "Ada", {}, {}, {{"temperature", 9}, {"thinking", false}, {"mirostat", 2}}}));
        id = made->id;
        // A built-in one that differs in them alone is a changed one.
        Persona robin = kBuiltIn[1];
        robin.parameters = {{"topK", 40}};
        QVERIFY(waitFor(shelf.book->save(robin)));
        QVERIFY(shelf.book->isChanged("robin"));
    }
    const Shelf shelf(folder);
    QCOMPARE(shelf.book->personaOf(id).parameters,
             (QJsonObject{{"temperature", 2.0}, {"thinking", false}}));
    QCOMPARE(shelf.book->personaOf("robin").parameters, (QJsonObject{{"topK", 40}}));
    QCOMPARE(waitFor(shelf.book->duplicate(id))->parameters, shelf.book->personaOf(id).parameters);
}

void PersonaBookTest::refusesABadFile() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const QTemporaryDir files;
    QFile file(files.filePath("bad.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[[[");
    file.close();
    QSignalSpy problem(shelf.book.get(), &PersonaBook::problem);
    for (const QString& path : {file.fileName(), files.path(), files.filePath("none.json")}) {
        QVERIFY(!waitFor(shelf.book->importFile(path)));
        QVERIFY(problem.takeFirst()[0].toString().contains(QDir::toNativeSeparators(path)));
    }
    QCOMPARE(shelf.names(), QStringList({"Lares", "Robin"}));
    QVERIFY(answer(shelf.store->personas()).value().empty());
}

void PersonaBookTest::exportsWhatCanBeImported() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    const QTemporaryDir files;
    const QString path = files.filePath("one.json");
    const auto written = shelf.book->exportFile("robin", path, PersonaFormat::Lares);
    QTRY_VERIFY(written.isFinished());
    QVERIFY(written.result());
    QCOMPARE(readPersonaFile(path).value(), kBuiltIn[1]);
    QSignalSpy problem(shelf.book.get(), &PersonaBook::problem);
    const auto failed =
        shelf.book->exportFile("robin", files.filePath("no/one.json"), PersonaFormat::Lares);
    QTRY_VERIFY(failed.isFinished());
    QVERIFY(!failed.result());
    QVERIFY(problem.first()[0].toString().contains("Choose another folder"));
}

void PersonaBookTest::refusesWhatIsBeyondTheBounds() {
    const StoreFolder folder;
    const Shelf shelf(folder);
    QVERIFY(!waitFor(shelf.book->save({{}, "  ", {}, {}})));
    QVERIFY(!waitFor(shelf.book->save({{}, QString(kMaxPersonaName + 1, 'x'), {}, {}})));
    QCOMPARE(shelf.names(), QStringList({"Lares", "Robin"}));
}

void PersonaBookTest::changesNothingWithoutAStore() {
    PersonaBook book(kBuiltIn, nullptr);
    QSignalSpy problem(&book, &PersonaBook::problem);
    book.load();
    QVERIFY(!waitFor(book.save({"robin", "Rob", {}, {}})));
    QCOMPARE(book.personas(), kBuiltIn);
    QVERIFY(problem.first()[0].toString().contains("not saved"));
}

void PersonaBookTest::isNeverEmpty() {
    const PersonaBook book({}, nullptr);
    QCOMPARE(book.personas().size(), std::size_t{1});
    QCOMPARE(book.personaOf("gone").id, "lares");
}

QTEST_GUILESS_MAIN(PersonaBookTest)
#include "tst_persona_book.moc"
