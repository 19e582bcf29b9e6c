#include "app/desktop/wishes.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <future>
#include <memory>

using namespace lares::app;
using namespace std::chrono_literals;

class WishesTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_root = std::make_unique<QTemporaryDir>();
        m_folder = m_root->filePath("wishes");
        qunsetenv("XDG_ACTIVATION_TOKEN");
    }
    void aWishIsTakenOnce();
    void nobodyTakesItWhereNobodyIs();
    void whatLiesThereFromBeforeIsDropped();
    void onlyAPlainTokenIsPassedOn();
    void theFolderIsClosedToOthers();

private:
    /// As another process would.
    bool leave(Wishes::Wish wish) {
        auto left =
            std::async(std::launch::async, [&] { return Wishes::leave(m_folder, wish, 10s); });
        while (left.wait_for(0s) != std::future_status::ready) QTest::qWait(5);
        return left.get();
    }
    void put(const char* name, const QByteArray& text) {
        QFile file(m_root->filePath("new"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        QVERIFY(file.rename(m_folder + '/' + name));
    }

    std::unique_ptr<QTemporaryDir> m_root;
    QString m_folder;
};

void WishesTest::aWishIsTakenOnce() {
    Wishes inbox(m_folder);
    QList<Wishes::Wish> came;
    connect(&inbox, &Wishes::came, this, [&](Wishes::Wish wish) { came << wish; });
    QVERIFY(leave(Wishes::Wish::Quick));
    QVERIFY(leave(Wishes::Wish::Show));
    QVERIFY(leave(Wishes::Wish::Quick));
    QCOMPARE(came, QList({Wishes::Wish::Quick, Wishes::Wish::Show, Wishes::Wish::Quick}));
    QVERIFY(QDir(m_folder).isEmpty());
}

void WishesTest::nobodyTakesItWhereNobodyIs() {
    QVERIFY(!Wishes::leave(m_folder, Wishes::Wish::Show, 50ms));  // no folder: there never was one
    QVERIFY(QDir().mkpath(m_folder));
    QVERIFY(!Wishes::leave(m_folder, Wishes::Wish::Show, 50ms));
    QVERIFY(QDir(m_folder).isEmpty());  // or the next start would think that it was asked
}

void WishesTest::whatLiesThereFromBeforeIsDropped() {
    QVERIFY(QDir().mkpath(m_folder));
    put("quick", {});
    put("show", {});
    QFile old(m_folder + "/quick");
    QVERIFY(old.open(QIODevice::ReadWrite));
    QVERIFY(old.setFileTime(QDateTime::currentDateTime().addSecs(-60),
                            QFileDevice::FileModificationTime));
    old.close();
    Wishes inbox(m_folder);
    int n = 0;
    connect(&inbox, &Wishes::came, this, [&](Wishes::Wish wish) {
        QCOMPARE(wish, Wishes::Wish::Show);  // left while this one was starting
        ++n;
    });
    QTRY_COMPARE(n, 1);
    QVERIFY(QDir(m_folder).isEmpty());
    put("something", "else");
    QTest::qWait(100);
    QCOMPARE(n, 1);
    QCOMPARE(QDir(m_folder).entryList(QDir::Files), QStringList("something"));
}

void WishesTest::onlyAPlainTokenIsPassedOn() {
    Wishes inbox(m_folder);
    int n = 0;
    connect(&inbox, &Wishes::came, this, [&] { ++n; });
    for (const QByteArray& bad :
         {QByteArray("a\nb"), QByteArray(300, 'x'), QByteArray("\xc3\xa4")}) {
        const int before = n;
        put("show", bad);
        QTRY_COMPARE(n, before + 1);
        QVERIFY(!qEnvironmentVariableIsSet("XDG_ACTIVATION_TOKEN"));
    }
    qputenv("XDG_ACTIVATION_TOKEN", "token-7");
    QVERIFY(leave(Wishes::Wish::Show));
    QCOMPARE(qgetenv("XDG_ACTIVATION_TOKEN"), QByteArray("token-7"));
}

void WishesTest::theFolderIsClosedToOthers() {
#ifdef Q_OS_WIN
    QSKIP("it has the rights of the user's own folder, which is closed to others there");
#endif
    const Wishes inbox(m_folder);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY((QFile::permissions(m_folder) & others) == QFile::Permissions());
}

QTEST_GUILESS_MAIN(WishesTest)
#include "tst_wishes.moc"
