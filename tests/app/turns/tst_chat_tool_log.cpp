#include "app/store/database.h"
#include "tests/app/turns/desk.h"
#include "tests/tools/audit/audit_support.h"

#include <QDir>
#include <QTemporaryDir>

using namespace lares;
using namespace lares::test;

namespace {

constexpr const char* kCalculates =
    "[{\"steps\":[{\"call\":\"calculate\",\"arguments\":{\"expression\":\"2+2\"}}]},"
    "{\"steps\":[{\"text\":\"4.\"}]}]";

}  // namespace

/// What the window writes into the log of tool calls, and takes out of it.
class ChatToolLogTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HOME", m_folder->path().toUtf8());
    }

    void aCallIsWrittenDown() {
        const Desk d(kCalculates, m_folder->path());
        d.controller->send("What is 2 + 2?");
        d.waitForAnswer(2);
        const AuditReport report = reportOf(folder());
        QCOMPARE(report.problem, std::string());
        QCOMPARE(report.n_entry, std::int64_t{3});
        QCOMPARE(privateParts(), 1);
    }
    /// In the trash it may come back; what is deleted for good takes its private parts with it.
    void aDeletedConversationIsForgotten() {
        {
            const Desk d(kCalculates, m_folder->path());
            d.controller->send("What is 2 + 2?");
            d.waitForAnswer(2);
            d.controller->deleteConversation(d.controller->conversation()->info().id);
        }
        {
            const Desk d(kGreets, m_folder->path());
            QCOMPARE(privateParts(), 1);
        }
        {
            auto database = Database::open((m_folder->path() + "/data/lares.db").toStdString());
            QVERIFY(database &&
                    database->execute("UPDATE conversations SET deleted_at = deleted_at "
                                      "- 31 * 86400000"));
        }
        {
            const Desk d(kGreets, m_folder->path());
            QTRY_COMPARE_WITH_TIMEOUT(privateParts(), 0, kPatienceMs);
            QTRY_VERIFY_WITH_TIMEOUT(d.store->expiredTrash().result().value().empty(), kPatienceMs);
        }
        const AuditReport report = reportOf(folder());
        QCOMPARE(report.problem, std::string());
        QCOMPARE(report.n_entry, std::int64_t{4});
        QCOMPARE(report.n_forgotten, std::int64_t{1});
    }
    /// It would stay in the log otherwise, and nobody would look for it again.
    void whatCannotBeForgottenIsNotDeleted() {
        {
            const Desk d(kCalculates, m_folder->path());
            d.controller->send("What is 2 + 2?");
            d.waitForAnswer(2);
            d.controller->deleteConversation(d.controller->conversation()->info().id);
        }
        {
            auto database = Database::open((m_folder->path() + "/data/lares.db").toStdString());
            QVERIFY(database &&
                    database->execute("UPDATE conversations SET deleted_at = deleted_at "
                                      "- 31 * 86400000"));
        }
        QVERIFY(tamper(folder(), "PRAGMA user_version=9"));
        auto store = ConversationStore::open((m_folder->path() + "/data").toStdString());
        const auto controller = controllerOn(store->get());
        QSignalSpy problems(controller.get(), &ChatController::problem);
        controller->start();
        const auto isSaid = [&] {
            return std::any_of(problems.begin(), problems.end(), [](const auto& problem) {
                return problem.front().toString().contains("deleted long ago is still there");
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isSaid(), kPatienceMs);
        QCOMPARE((*store)->expiredTrash().result().value().size(), std::size_t{1});
    }
    void aDamagedLogIsSaidAtTheStart() {
        QVERIFY(addCalls(*openedLog(folder()), 2));
        QVERIFY(tamper(folder(), "DELETE FROM entries WHERE number = 5"));
        const auto controller = controllerOn(nullptr);
        QSignalSpy problems(controller.get(), &ChatController::problem);
        controller->start();
        QTRY_COMPARE_WITH_TIMEOUT(problems.count(), 1, kPatienceMs);
        QVERIFY(problems.front().front().toString().contains("The log of tool calls was damaged"));
    }

private:
    /// One whose start is yet to come.
    [[nodiscard]] std::unique_ptr<ChatController> controllerOn(ConversationStore* store) {
        return std::make_unique<ChatController>(
            ChatController::Dependencies{store,
                                         &m_source,
                                         {{"lares", "Lares", "You are Lares.", "Hi."}},
                                         "/demo.gguf",
                                         (m_folder->path() + "/data").toStdString()});
    }
    [[nodiscard]] std::string folder() const {
        return (m_folder->path() + "/data/audit").toStdString();
    }
    [[nodiscard]] int privateParts() const {
        const auto log = open_audit_files(folder());
        return log ? static_cast<int>(log->number("SELECT count(*) FROM private").value_or(-1))
                   : -1;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    ScriptedTokenSource m_source{*parse_json(kGreets)};
};

QTEST_GUILESS_MAIN(ChatToolLogTest)
#include "tst_chat_tool_log.moc"
