#include "tests/support/folder_tree.h"
#include "tools/policy/grant_list.h"

#include <QTest>

#include <filesystem>

using namespace lares;
using lares::test::FolderTree;

namespace {

Grant grantFor(const std::string& folder, const std::string& conversation = "c1") {
    Grant grant;
    grant.folder = folder;
    grant.conversation = conversation;
    return grant;
}

Grant lasting(const std::string& folder) {
    Grant grant;
    grant.folder = folder;
    grant.duration = GrantDuration::Always;
    return grant;
}

}  // namespace

class GrantListTest : public QObject {
    Q_OBJECT

private slots:
    void coversTheFolderAndWhatIsBelow() {
        const FolderTree tree;
        tree.folder("docs/sub");
        GrantList grants({});
        QVERIFY(grants.add(grantFor(tree.path("docs"))));
        QCOMPARE(grants.find(tree.path("docs"), "c1")->relative, std::string());
        QCOMPARE(grants.find(tree.path("docs/sub/x"), "c1")->relative, std::string("sub/x"));
        QVERIFY(!grants.find(tree.path("docs2"), "c1"));
        QVERIFY(!grants.find(tree.path(), "c1"));
    }
    void reachesItsConversationOnly() {
        const FolderTree tree;
        tree.folder("docs");
        tree.folder("always");
        GrantList grants({});
        QVERIFY(grants.add(grantFor(tree.path("docs"))));
        QVERIFY(grants.add(lasting(tree.path("always"))));
        QVERIFY(!grants.find(tree.path("docs"), "c2"));
        QVERIFY(grants.find(tree.path("always"), "c2"));
        QCOMPARE(grants.grants_of("c2").size(), std::size_t{1});
        grants.end_conversation("c1");
        QVERIFY(!grants.find(tree.path("docs"), "c1"));
        QVERIFY(grants.find(tree.path("always"), "c1"));
    }
    void takesTheDeepest() {
        const FolderTree tree;
        tree.folder("a/b");
        GrantList grants({});
        QVERIFY(grants.add(grantFor(tree.path("a"))));
        const Grant inner = *grants.add(grantFor(tree.path("a/b")));
        QCOMPARE(grants.find(tree.path("a/b/c"), "c1")->grant.id, inner.id);
    }
    void isRevoked() {
        const FolderTree tree;
        tree.folder("docs");
        GrantList grants({});
        const Grant grant = *grants.add(grantFor(tree.path("docs")));
        const auto version = grants.version();
        QVERIFY(grants.revoke(grant.id));
        QVERIFY(!grants.revoke(grant.id));
        QVERIFY(grants.version() != version);
        QVERIFY(!grants.contains(grant.id));
        QVERIFY(!grants.find(tree.path("docs"), "c1"));
    }
    void isNotAddedTwice() {
        const FolderTree tree;
        tree.folder("docs");
        GrantList grants({});
        const GrantId id = grants.add(grantFor(tree.path("docs")))->id;
        QCOMPARE(grants.add(grantFor(tree.path("docs")))->id, id);
        QCOMPARE(grants.list().size(), std::size_t{1});
    }
    void followsTheUsersLinkOnce() {
        if (!FolderTree::kHasLinks) QSKIP("this system lets no test make links");
        const FolderTree tree;
        tree.folder("real");
        tree.link("named", "real");
        GrantList grants({});
        const Grant grant = *grants.add(grantFor(tree.path("named")));
        QCOMPARE(grant.folder, tree.path("real"));
        QVERIFY(grants.find(tree.path("real/x"), "c1"));
        QVERIFY(grants.find(tree.path("named/x"), "c1"));
    }
    void aFolderThatWasReplacedIsNotGranted() {
        if (test::is_wine()) QSKIP("Wine removes a folder when its last handle goes");
        const FolderTree tree;
        tree.folder("docs");
        GrantList grants({});
        QVERIFY(grants.add(grantFor(tree.path("docs"))));
        std::filesystem::remove_all(tree.path("docs"));
        tree.folder("docs");
        QVERIFY(!grants.find(tree.path("docs"), "c1"));
    }
    void restoresOnlyWhatStillIsThere() {
        const FolderTree tree;
        tree.folder("docs");
        tree.folder("other");
        GrantList grants({});
        QVERIFY(grants.restore(lasting(tree.path("docs"))));
        std::filesystem::remove_all(tree.path("docs"));
        if (!FolderTree::kHasLinks) QSKIP("this system lets no test make links");
        tree.link("docs", "other");
        const auto moved = grants.restore(lasting(tree.path("docs")));
        QVERIFY(!moved);
        QCOMPARE(moved.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(grants.restore(lasting(tree.path("gone"))).error().code, ErrorCode::NotFound);
    }

    void refusesWhatNobodyMayGrant_data() {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("reason");
#ifdef _WIN32
        QTest::newRow("root") << R"(C:\)"
                              << "whole drive";
        QTest::newRow("home in other letters") << "HOME/U"
                                               << "whole home";
        QTest::newRow("own data in other letters") << "home/u/.DATA/Lares"
                                                   << "its own data";
#else
        QTest::newRow("root") << "/"
                              << "whole computer";
        QTest::newRow("link to home") << "link"
                                      << "whole home";
        QTest::newRow("processes") << "/proc"
                                   << "shows the system";
#endif
        QTest::newRow("home") << "home/u"
                              << "whole home";
        QTest::newRow("above home") << "home"
                                    << "whole home";
        QTest::newRow("own data") << "home/u/.data/lares"
                                  << "its own data";
        QTest::newRow("in own data") << "home/u/.data/lares/db"
                                     << "its own data";
        QTest::newRow("above own data") << "home/u/.data"
                                        << "contains the folder";
        QTest::newRow("above data that is not there yet") << "home/u/.later"
                                                          << "contains the folder";
    }
    void refusesWhatNobodyMayGrant() {
        QFETCH(QString, folder);
        QFETCH(QString, reason);
        const FolderTree tree;
        tree.folder("home/u/.data/lares/db");
        tree.folder("home/u/.later");
        if (FolderTree::kHasLinks) tree.link("link", "home/u");
        GrantList grants({tree.path("home/u"),
                          {tree.path("home/u/.data/lares"), tree.path("home/u/.later/lares")}});
        const std::string path = folder.startsWith("/") || folder.startsWith("C:")
                                     ? folder.toStdString()
                                     : tree.path(folder.toStdString());
        const auto added = grants.add(grantFor(path));
        QVERIFY(!added);
        QCOMPARE(added.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(added.error().message.find(reason.toStdString()) != std::string::npos,
                 added.error().message.c_str());
        QVERIFY(grants.list().empty());
    }
    void aFolderInHomeIsFine() {
        const FolderTree tree;
        tree.folder("home/u/docs");
        GrantList grants({tree.path("home/u"), {tree.path("home/u/.data/lares")}});
        QVERIFY(grants.add(grantFor(tree.path("home/u/docs"))));
    }
    void refusesWhatIsNoGrant() {
        const FolderTree tree;
        tree.file("file.txt");
        GrantList grants({});
        Grant once = grantFor(tree.path());
        once.duration = GrantDuration::Once;
        QCOMPARE(grants.add(once).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(grants.add(grantFor(tree.path(), "")).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(grants.add(grantFor(tree.path("file.txt"))).error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(grants.add(grantFor(tree.path("none"))).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(GrantListTest)
#include "tst_grant_list.moc"
