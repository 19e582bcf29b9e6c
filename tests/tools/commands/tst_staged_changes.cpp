#include "tests/support/folder_tree.h"
#include "tools/builtin/run_command/staged_changes.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace lares;
using lares::test::FolderTree;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxBytes = 1000;

QString described(const StagedChange& change) {
    const QString to = QString::fromStdString(change.to);
    switch (change.kind) {
        case StagedChange::Kind::MakeFolder:
            return "folder " + to;
        case StagedChange::Kind::Move:
            return "move " + QString::fromStdString(change.from) + ">" + to;
        case StagedChange::Kind::Write:
            break;
    }
    return (change.original ? "replace " : "write ") + to + (change.is_program ? "*" : "");
}

QString described(const LeftOutChange& one) {
    const char* reasons[] = {"removed ", "odd ", "sensitive ", "in the way ", "large "};
    return reasons[static_cast<int>(one.reason)] + QString::fromStdString(one.path);
}

}  // namespace

/// From what a shell did in a copy to what has to be done in the folder.
class StagedChangesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_tree = std::make_unique<FolderTree>();
        m_tree->file("from/a", "text of a");
        m_tree->file("from/b", "text of b");
        m_tree->file("from/d/x", "x");
        m_tree->file("from/d/y", "y");
        m_tree->file("from/tool", "#!/bin/sh\n");
        ::chmod(m_tree->path("from/tool").c_str(), 0755);
        m_tree->folder("to");
    }
    void plansWhatWasDone_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("plan");
        QTest::newRow("nothing") << "true"
                                 << "";
        QTest::newRow("only reading") << "cat a d/x > /dev/null; ls -R"
                                      << "";
        QTest::newRow("touch") << "touch a"
                               << "";
        QTest::newRow("the same bytes again") << "cp a t; cat t > a; rm t"
                                              << "";
        QTest::newRow("a new file") << "echo hi > n"
                                    << "write n";
        QTest::newRow("new folders") << "mkdir -p p/q; echo > p/q/n"
                                     << "folder p, folder p/q, write p/q/n";
        QTest::newRow("new bytes") << "echo more >> a"
                                   << "replace a";
        QTest::newRow("as an editor saves") << "echo more > a.tmp; mv a.tmp a"
                                            << "replace a";
        QTest::newRow("bytes changed behind the times")
            << "touch -r a ../time; printf 'TEXT OF A' > a; touch -r ../time a"
            << "replace a";
        QTest::newRow("renamed") << "mv a z"
                                 << "move a>z";
        QTest::newRow("renamed and changed") << "mv a z; echo >> z"
                                             << "move a>z, replace z";
        QTest::newRow("into a new folder") << "mkdir p; mv a b p/"
                                           << "folder p, move a>p/a, move b>p/b";
        QTest::newRow("a folder renamed") << "mv d e"
                                          << "move d>e";
        QTest::newRow("a folder renamed, then inside") << "mv d e; mv e/x e/z; echo > e/n"
                                                       << "move d>e, write e/n, move e/x>e/z";
        QTest::newRow("a folder into another") << "mkdir p; mv d p/e"
                                               << "folder p, move d>p/e";
        QTest::newRow("out of a folder that went") << "mv d/x .; rm -r d"
                                                   << "move d/x>x | removed d";
        QTest::newRow("a copy") << "cp a z"
                                << "write z";
        QTest::newRow("a second name") << "ln a z"
                                       << "write z";
        QTest::newRow("swapped") << "mv a t; mv b a; mv t b"
                                 << "replace a, replace b";
        QTest::newRow("moved over another") << "mv a b"
                                            << "replace b | removed a";
        QTest::newRow("moved away, another in its place") << "mv a z; echo new > a"
                                                          << "replace a, write z";
        QTest::newRow("removed") << "rm a"
                                 << "| removed a";
        QTest::newRow("a folder removed") << "rm -r d"
                                          << "| removed d";
        QTest::newRow("removed and made again") << "rm a; echo other > a"
                                                << "replace a";
        QTest::newRow("a folder removed and made again") << "rm -r d; mkdir d; echo > d/n"
                                                         << "write d/n | removed d/x, removed d/y";
        QTest::newRow("a file in a folder's place") << "rm -r d; echo > d"
                                                    << "| in the way d";
        QTest::newRow("a folder in a file's place") << "rm a; mkdir a; echo > a/n"
                                                    << "| in the way a";
        QTest::newRow("a link") << "ln -s /etc/passwd l"
                                << "| odd l";
        QTest::newRow("a link in a file's place") << "rm a; ln -s /etc/passwd a"
                                                  << "| odd a";
        QTest::newRow("a link in a folder's place") << "rm -r d; ln -s /etc d"
                                                    << "| odd d";
        QTest::newRow("a pipe") << "mkfifo p"
                                << "| odd p";
        QTest::newRow("a program") << "echo > n; chmod +x n"
                                   << "write n*";
        QTest::newRow("a program changed") << "echo >> tool"
                                           << "| sensitive tool";
        QTest::newRow("a sensitive folder") << "mkdir .git; echo > .git/hook"
                                            << "| sensitive .git";
        QTest::newRow("a sensitive name") << "mv a .git"
                                          << "| sensitive .git, removed a";
        QTest::newRow("too large") << "head -c 1001 /dev/zero > n"
                                   << "| large n";
        QTest::newRow("as large as can be") << "head -c 1000 /dev/zero > n"
                                            << "write n";
    }
    void plansWhatWasDone() {
        QFETCH(QString, script);
        QFETCH(QString, plan);
        const FolderHandle from = handle("from");
        const FolderHandle to = handle("to");
        const CopyOutcome copy = copy_tree(from, {}, to, {});
        QVERIFY(!copy.fault);
        const std::string command =
            "cd '" + to.path() + "' && { " + script.toStdString() + "; } >/dev/null 2>&1";
        QCOMPARE(std::system(command.c_str()), 0);
        const TreeOutcome after = read_tree(to, {});
        QVERIFY(!after.fault);
        const StagedPlan found = plan_staged_changes(
            copy.originals, copy.copies, after.tree,
            {.has_same_bytes =
                 [&](const std::string& before, const std::string& now) {
                     return has_same_bytes({from, before}, {to, now});
                 },
             .is_sensitive = [](const std::string& path) { return path.starts_with(".git"); },
             .max_file_bytes = kMaxBytes});
        QStringList changes;
        for (const StagedChange& change : found.changes) changes << described(change);
        QStringList left;
        for (const LeftOutChange& one : found.left_out) left << described(one);
        QString text = changes.join(", ");
        if (!left.isEmpty()) text += QString(text.isEmpty() ? "| " : " | ") + left.join(", ");
        QCOMPARE(text, plan);
    }

private:
    FolderHandle handle(const std::string& name) const {
        return std::move(FolderHandle::open(m_tree->path(name)).value());
    }
    std::unique_ptr<FolderTree> m_tree;
};

QTEST_GUILESS_MAIN(StagedChangesTest)
#include "tst_staged_changes.moc"
