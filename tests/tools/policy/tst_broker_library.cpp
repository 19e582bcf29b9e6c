#include "tests/support/folder_tree.h"
#include "tools/policy/broker.h"
#include "tools/policy/library_grants.h"

#include <QFile>
#include <QTest>

#include <filesystem>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

/// search_documents where folders are in the document library.
class BrokerLibraryTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_broker.reset();
        m_grants.reset();
        m_index.reset();
        m_tree = std::make_unique<FolderTree>();
        file("docs/lease.md", "# Lease\n\n## Rent\nThe rent is 900.\n");
        file("docs/car/tax.txt", "The tax is 120.");
        file("more/house.txt", "The house has a garden.");
        file("other/secret.txt", "The secret rent.");
        m_grants = std::make_unique<GrantList>(
            ProtectedFolders{m_tree->path("home"), {m_tree->path("data")}});
        m_index = std::make_unique<LibraryIndex>(m_tree->path() + "/data/library.db");
        Broker::Options options;
        options.library = m_index.get();
        options.library_is_behind = [this] { ++m_n_behind; };
        m_n_behind = 0;
        m_broker = std::make_unique<Broker>(*m_grants, options);
    }
    void cleanup() {
        m_broker.reset();
        m_grants.reset();
    }

    void beingInTheLibraryIsAGrantToRead() {
        QCOMPARE(search("docs", "rent"), QString("asked"));
        add("docs");
        QCOMPARE(search("docs", "rent"),
                 path("docs/lease.md") + ":4 (Lease > Rent)\nThe rent is 900.");
        QCOMPARE(call("read_file", {{"path", m_tree->path("docs/car/tax.txt")}}),
                 QString("The tax is 120."));
        QVERIFY(call("write_file", {{"path", m_tree->path("docs/x")}, {"content", ""}})
                    .startsWith("error: "));
        QVERIFY(remove_from_library(*m_index, *m_grants, m_tree->path("docs")));
        QVERIFY(m_grants->list().empty());
        QCOMPARE(search("docs", "rent"), QString("asked"));
    }
    void seesWhatChangedBeforeItSearches() {
        add("docs");
        QCOMPARE(search("docs", "garage"), QString("(nothing found)"));
        file("docs/new.txt", "The garage.");
        QCOMPARE(search("docs", "garage"), path("docs/new.txt") + ":1\nThe garage.");
        fs::remove(m_tree->path("docs/new.txt"));
        QCOMPARE(search("docs", "garage"), QString("(nothing found)"));
        QCOMPARE(m_n_behind, 0);
    }
    void searchesBelowAFolderOfTheLibrary() {
        add("docs");
        QCOMPARE(search("docs/car", "the"), path("docs/car/tax.txt") + ":1\nThe tax is 120.");
        QCOMPARE(search("docs/none", "the"), "error: no such folder: " + path("docs/none"));
        QCOMPARE(search("docs/lease.md", "the"), "error: not a folder: " + path("docs/lease.md"));
    }
    void searchesTheWholeLibraryWithoutAFolder() {
        QCOMPARE(call("search_documents", {{"query", "rent"}}),
                 QString("error: missing argument: folder"));
        add("docs");
        add("more");
        QCOMPARE(call("search_documents", {{"query", "rent garden"}}),
                 path("docs/lease.md") + ":4 (Lease > Rent)\nThe rent is 900.\n\n" +
                     path("more/house.txt") + ":1\nThe house has a garden.");
        QCOMPARE(m_outcome.paths.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(m_outcome.summary),
                 QString("Searched the documents in the library for rent garden: 2 passages in 2 "
                         "files"));
        fs::remove_all(m_tree->path("more"));
        QVERIFY(call("search_documents", {{"query", "garden"}}).startsWith("(nothing found)"));
    }
    void namesItsSourcesByTheirRealPaths() {
        add("docs");
        (void)search("docs", "rent");
        QCOMPARE(m_outcome.sources.size(), std::size_t{1});
        QCOMPARE(m_outcome.sources[0].path, m_tree->path("docs/lease.md"));
        (void)call("search_documents", {{"query", "tax"}});
        QCOMPARE(m_outcome.sources.size(), std::size_t{1});
        QCOMPARE(m_outcome.sources[0].path, m_tree->path("docs/car/tax.txt"));
        (void)search("docs", "zebra");
        QVERIFY(m_outcome.sources.empty());
        // Relative to the only folder, as a model may write it.
        QCOMPARE(call("search_documents", {{"folder", "car"}, {"query", "tax"}}),
                 QString("car/tax.txt:1\nThe tax is 120."));
        QCOMPARE(m_outcome.sources[0].path, m_tree->path("docs/car/tax.txt"));
    }
    void withoutALibraryTheOnlyFolderIsMeant() {
        Grant grant;
        grant.folder = m_tree->path("docs");
        grant.duration = GrantDuration::Always;
        QVERIFY(m_grants->add(grant));
        QCOMPARE(call("search_documents", {{"query", "tax"}}),
                 path("docs/car/tax.txt") + ":1\nThe tax is 120.");
        QVERIFY(!QFile::exists(path("data/library.db")));
    }
    void aFolderBesideTheLibraryIsReadAsBefore() {
        add("docs");
        Grant grant;
        grant.folder = m_tree->path("other");
        grant.duration = GrantDuration::Always;
        QVERIFY(m_grants->add(grant));
        QCOMPARE(search("other", "secret"), path("other/secret.txt") + ":1\nThe secret rent.");
        QCOMPARE(call("search_documents", {{"query", "secret"}}), QString("(nothing found)"));
    }
    void aLinkedNameIsTheSameFolder() {
        m_tree->link("docs/link", "car");
        add("docs");
        QCOMPARE(search("docs/link", "tax"), path("docs/link/tax.txt") + ":1\nThe tax is 120.");
        QCOMPARE(m_index->folders().value().front().n_file, std::size_t{1});
        QCOMPARE(search("docs", "tax"), path("docs/car/tax.txt") + ":1\nThe tax is 120.");
    }
    void isSearchedWhileTheDiskIsDamaged() {
        add("docs");
        QVERIFY(search("docs", "rent").startsWith(path("docs/lease.md")));
        m_index = nullptr;
        m_broker.reset();
        QFile damaged(path("data/library.db"));
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        damaged.write(QByteArray(int(damaged.size()), 'x'));
        damaged.close();
        m_index = std::make_unique<LibraryIndex>(m_tree->path() + "/data/library.db");
        Broker::Options options;
        options.library = m_index.get();
        m_broker = std::make_unique<Broker>(*m_grants, options);
        QVERIFY(search("docs", "rent").startsWith(path("docs/lease.md")));
    }
    void saysWhatWasNotReadYet() {
        for (int i = 0; i < 3000; ++i) file("docs/f" + std::to_string(i), std::string(2000, 'x'));
        Broker::Options options;
        options.library = m_index.get();
        options.time_limit = std::chrono::milliseconds(60);
        options.library_is_behind = [this] { ++m_n_behind; };
        m_broker = std::make_unique<Broker>(*m_grants, options);
        add("docs");
        const QString found = search("docs", "rent");
        QVERIFY2(found.contains(" yet]") || found == "error: timed out", qPrintable(found));
    }
    void whatMayNotBeGrantedIsNotTaken() {
        m_tree->folder("home/docs");
        m_tree->folder("data");
        QCOMPARE(add_error("home"), ErrorCode::PermissionDenied);
        QCOMPARE(add_error("data"), ErrorCode::PermissionDenied);
        QCOMPARE(add_error("none"), ErrorCode::NotFound);
        QCOMPARE(add_error("docs/lease.md"), ErrorCode::InvalidArgument);
        QVERIFY(m_index->folders().value().empty());
        QVERIFY(m_grants->list().empty());
        add("home/docs");
    }
    void grantsFollowTheIndex() {
        add("docs");
        add("more");
        LibraryIndex other(m_tree->path() + "/data/library.db");  // lares-cli, say
        QVERIFY(other.remove_folder(m_tree->path("docs")));
        QVERIFY(other.add_folder(m_tree->path("other")));
        fs::remove_all(m_tree->path("more"));
        GrantList fresh(ProtectedFolders{m_tree->path("home"), {}});
        QCOMPARE(restore_library_grants(*m_index, fresh).value().size(), std::size_t{1});
        QCOMPARE(fresh.list().size(), std::size_t{1});
        QVERIFY(restore_library_grants(*m_index, *m_grants));
        for (const Grant& grant : m_grants->list()) QVERIFY(grant.folder != m_tree->path("docs"));
    }
    void aFolderAboveTakesTheGrantsBelow() {
        add("docs/car");
        add("docs");
        QCOMPARE(m_grants->list().size(), std::size_t{1});
        QCOMPARE(m_grants->list().front().folder, m_tree->path("docs"));
    }

private:
    void file(const std::string& name, const std::string& bytes) const {
        m_tree->file(name, bytes);
        fs::last_write_time(m_tree->path(name),
                            fs::file_time_type::clock::now() - std::chrono::hours(1));
    }
    [[nodiscard]] QString path(const std::string& name) const {
        return QString::fromStdString(m_tree->path(name));
    }
    void add(const std::string& name) {
        const auto added = add_to_library(*m_index, *m_grants, m_tree->path(name));
        QVERIFY2(added, added ? "" : added.error().message.c_str());
    }
    ErrorCode add_error(const std::string& name) {
        const auto added = add_to_library(*m_index, *m_grants, m_tree->path(name));
        return added ? ErrorCode::Internal : added.error().code;
    }
    QString search(const std::string& folder, const std::string& query) {
        return call("search_documents", {{"folder", m_tree->path(folder)}, {"query", query}});
    }
    QString call(const std::string& tool, const Json& arguments) {
        Decision decision = m_broker->prepare(tool, arguments, {"c1", {tool}});
        if (std::holds_alternative<PermissionRequest>(decision)) return "asked";
        if (const auto* refusal = std::get_if<Refusal>(&decision))
            return QString::fromStdString(refusal->result);
        m_outcome = m_broker->run(std::move(std::get<PreparedCall>(decision)));
        return QString::fromStdString(m_outcome.result);
    }
    std::unique_ptr<FolderTree> m_tree;
    std::unique_ptr<LibraryIndex> m_index;
    std::unique_ptr<GrantList> m_grants;
    std::unique_ptr<Broker> m_broker;
    ToolOutcome m_outcome;
    int m_n_behind = 0;
};

QTEST_APPLESS_MAIN(BrokerLibraryTest)
#include "tst_broker_library.moc"
