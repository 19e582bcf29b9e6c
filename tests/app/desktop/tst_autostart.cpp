#include "app/desktop/autostart.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace lares::app;

class AutostartTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_folder->path().toUtf8());
        qunsetenv("APPIMAGE");
    }
    void isWrittenAndRemoved();
    void anAppImageIsStartedItself();
    void theDesktopsOwnSettingsCount_data();
    void theDesktopsOwnSettingsCount();
    void saysWhatCannotBeWritten();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath("autostart/lares.desktop"); }
    [[nodiscard]] QByteArray text() const {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void AutostartTest::isWrittenAndRemoved() {
    QVERIFY(!isAutostarting());
    QVERIFY(setAutostarting(false));  // nothing to remove is no failure
    QVERIFY(setAutostarting(true));
    QVERIFY(isAutostarting());
    const QByteArray line =
        "\nExec=\"" + QCoreApplication::applicationFilePath().toUtf8() + "\" --background\n";
    QVERIFY2(text().contains(line), text().constData());
    QVERIFY(text().startsWith("[Desktop Entry]\nType=Application\nName=Lares\n"));
    QVERIFY(setAutostarting(false));
    QVERIFY(!isAutostarting());
    QVERIFY(!QFile::exists(path()));
}

void AutostartTest::anAppImageIsStartedItself() {
    const QString image = m_folder->filePath("La$res \"100%\".AppImage");
    QFile file(image);
    QVERIFY(file.open(QIODevice::WriteOnly));
    qputenv("APPIMAGE", image.toUtf8());
    QCOMPARE(programToStart(), image);
    QVERIFY(setAutostarting(true));
    QVERIFY2(text().contains(R"(/La\\$res \\"100%%\\".AppImage" --background)"),
             text().constData());
    qputenv("APPIMAGE", "/not/there");
    QCOMPARE(programToStart(), QCoreApplication::applicationFilePath());
}

void AutostartTest::theDesktopsOwnSettingsCount_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("hidden") << QByteArray("Hidden=true\n");
    QTest::newRow("GNOME") << QByteArray("X-GNOME-Autostart-enabled=false\n");
}

void AutostartTest::theDesktopsOwnSettingsCount() {
    QFETCH(QByteArray, line);
    QVERIFY(setAutostarting(true));
    QFile file(path());
    QVERIFY(file.open(QIODevice::Append));
    file.write(line);
    file.close();
    QVERIFY(!isAutostarting());
    QVERIFY(setAutostarting(true));
    QVERIFY(isAutostarting());
}

void AutostartTest::saysWhatCannotBeWritten() {
    QFile blocked(m_folder->filePath("autostart"));
    QVERIFY(blocked.open(QIODevice::WriteOnly));  // a file where the folder should be
    const auto done = setAutostarting(true);
    QVERIFY(!done);
    QVERIFY2(QString::fromStdString(done.error().message).contains("autostart/lares.desktop"),
             done.error().message.c_str());
    QVERIFY(!isAutostarting());
}

QTEST_GUILESS_MAIN(AutostartTest)
#include "tst_autostart.moc"
