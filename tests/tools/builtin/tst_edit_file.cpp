#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"
#include "tools/builtin/edit_file/edit_file.h"

#include <QTest>

#include <filesystem>

using namespace lares;
using lares::test::FolderTree;

namespace {

class KeptBytes final : public ChangeLog {
public:
    Result<ChangeId> begin(const FileChange& change, std::string_view replaced_bytes) override {
        noted = change;
        bytes = replaced_bytes;
        return ChangeId{7};
    }
    void done(ChangeId) override { is_done = true; }
    void drop(ChangeId) override {}

    FileChange noted;
    std::string bytes;
    bool is_done = false;
};

}  // namespace

/// The texts of tools/registry/README.md, word for word.
class EditFileTest : public QObject {
    Q_OBJECT

private slots:
    void replacesOnePassage() {
        const ToolText done = edit("one\ntwo\nthree\n", "two\n", "2\n2½\n");
        QCOMPARE(QString::fromStdString(done.result), QString("edited ~/a.txt"));
        QCOMPARE(QString::fromStdString(done.detail), QString("Edited a.txt (16 B)"));
        QCOMPARE(done.changes, std::vector<ChangeId>{7});
        QCOMPARE(m_after, std::string("one\n2\n2½\nthree\n"));
        QCOMPARE(m_log.bytes, std::string("one\ntwo\nthree\n"));
        QVERIFY(m_log.is_done);
        QVERIFY(!m_log.noted.old_sha256.empty());
    }
    void takesAPassageOut() {
        QVERIFY(!edit("keep, drop, keep", ", drop", "").is_error);
        QCOMPARE(m_after, std::string("keep, keep"));
    }
    void keepsWindowsLineEnds() {
        QVERIFY(!edit("\xEF\xBB\xBFone\r\ntwo\r\nthree\r\n", "one\ntwo", "1\n2").is_error);
        QCOMPARE(m_after, std::string("\xEF\xBB\xBF"
                                      "1\r\n2\r\nthree\r\n"));
    }
    void saysWhyNot_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("error");
        QTest::newRow("not there") << QByteArray("one") << QByteArray("One") << QByteArray("x")
                                   << "error: old_text is not in ~/a.txt";
        QTest::newRow("more than once")
            << QByteArray("a a a") << QByteArray("a") << QByteArray("b")
            << "error: old_text stands 3 times in ~/a.txt: take more of the lines around it";
        QTest::newRow("empty") << QByteArray("one") << QByteArray() << QByteArray("x")
                               << "error: empty text: old_text";
        QTest::newRow("the same") << QByteArray("one") << QByteArray("one") << QByteArray("one")
                                  << "error: old_text and new_text are the same";
        QTest::newRow("no text") << QByteArray("one\0two", 7) << QByteArray("one")
                                 << QByteArray("x") << "error: not a text file: ~/a.txt";
        QTest::newRow("UTF-16") << QByteArray("\xFF\xFE\x61\x00", 4) << QByteArray("a")
                                << QByteArray("b") << "error: not a text file: ~/a.txt";
    }
    void saysWhyNot() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, error);
        const ToolText done = edit(file.toStdString(), before.toStdString(), after.toStdString());
        QVERIFY(done.is_error);
        QCOMPARE(QString::fromStdString(done.result), error);
        QCOMPARE(m_after, file.toStdString());
    }
    void aFileThatIsNotThere() {
        const FolderTree tree;
        tree.folder("grant");
        const FolderHandle grant = std::move(FolderHandle::open(tree.path("grant")).value());
        const ToolText done = edit_file({grant, "no.txt", "no.txt"}, "a", "b", Replacing::AnyFile,
                                        {m_log, "chat", "turn"});
        QCOMPARE(QString::fromStdString(done.result), QString("error: no such file: no.txt"));
    }
    void aProgramOnlyForWhoAskedForIt() {
        const FolderTree tree;
        tree.file("grant/run.sh", "#!/bin/sh\n");
        namespace fs = std::filesystem;
        fs::permissions(tree.path("grant/run.sh"), fs::perms{0755});
        const FolderHandle grant = std::move(FolderHandle::open(tree.path("grant")).value());
        const ToolPath path{grant, "run.sh", "run.sh"};
        const ChangeTools tools{m_log, "chat", "turn"};
        if (!FolderTree::kHasLinks) QSKIP("no permission bits here");
        QCOMPARE(QString::fromStdString(
                     edit_file(path, "sh", "dash", Replacing::PlainFile, tools).result),
                 QString("error: permission denied: run.sh"));
        QVERIFY(!edit_file(path, "/sh", "/dash", Replacing::AnyFile, tools).is_error);
        QCOMPARE(fs::status(tree.path("grant/run.sh")).permissions(), fs::perms{0755});
    }

private:
    ToolText edit(const std::string& file, std::string_view before, std::string_view after) {
        const FolderTree tree;
        tree.file("grant/a.txt", file);
        const FolderHandle grant = std::move(FolderHandle::open(tree.path("grant")).value());
        m_log = KeptBytes();
        ToolText done = edit_file({grant, "a.txt", "~/a.txt"}, before, after, Replacing::PlainFile,
                                  {m_log, "chat", "turn"});
        m_after = test::read_file(tree.path("grant/a.txt"));
        return done;
    }

    KeptBytes m_log;
    std::string m_after;
};

QTEST_APPLESS_MAIN(EditFileTest)
#include "tst_edit_file.moc"
