#include "tools/sandbox/linux/command_order.h"
#include "tools/sandbox/linux/kept_output.h"

#include <QTest>

#include <cstdint>
#include <random>

using namespace lares;

namespace {

CommandOrder example() {
    CommandOrder order;
    order.nonce = "0123456789abcdef0123456789abcdef";
    order.host_namespaces = {4026531837, 4026531841, 4026531836,
                             4026531840, 4026531839, 4026531838};
    order.limits = {64, 256, 8ULL << 30, 256ULL << 20, 60};
    order.system = {65024, 12};
    order.working_folder = "/desk/a b";
    order.folders = {{"/desk", {65024, 42}, true}, {"/notes/\xc3\xa9", {UINT64_MAX, 0}, false}};
    return order;
}

}  // namespace

/// What the program and lares-toolhost tell each other.
class CommandOrderTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatItWrites() {
        const auto read = parse_order(write_order(example()));
        QVERIFY(read);
        QVERIFY(*read == example());
        CommandOrder streams = example();
        streams.has_streams = true;
        QVERIFY(parse_order(write_order(streams)).value() == streams);
        QVERIFY(!(streams == example()));
        CommandOrder bare = example();
        bare.folders.clear();
        QVERIFY(parse_order(write_order(bare)).value() == bare);
    }
    void everyCutIsDamage() {
        const std::string text = write_order(example());
        for (std::size_t n = 0; n < text.size(); ++n) {
            const auto read = parse_order(std::string_view(text).substr(0, n));
            QVERIFY(!read);
            QCOMPARE(read.error().code, ErrorCode::Corrupt);
        }
        QVERIFY(!parse_order(text + "end\n"));
        QVERIFY(!parse_order(text + " "));
        QVERIFY(!parse_order("\n" + text));
    }
    void nothingElseIsRead_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        const auto row = [](const char* from, const char* to) {
            QTest::addRow("%s -> %.20s", from, to) << from << to;
        };
        row("lares-order 2", "lares-order 1");
        row("nonce 0", "nonce G");
        row("nonce 0", "nonce ");
        row("nonce 0", "nonce 00");
        row("4026531837", "04026531837");
        row("4026531837", "-1");
        row("4026531837", "+1");
        row("4026531837", "99999999999999999999");
        row("4026531837", "");
        row("4026531837 ", "");
        row(" 4026531838", " 4026531838 1");
        row("limits 64", "limits  64");
        row("limits 64", "limits 0x40");
        row("limits 64", "limits 64.0");
        row("system", "System");
        row("working /desk/a b", "working work");
        row("working /desk/a b", "working ");
        row("working /desk/a b", "working /a\x01");
        row("working /desk/a b\n", "");
        row("streams together", "streams");
        row("streams together", "streams apart ");
        row("streams together\n", "");
        row("folder rw", "folder rwx");
        row("folder rw", "folder");
        row("folder rw", "folder  rw");
        row("folder rw", "file rw");
        row(" /desk\n", " work\n");
        row(" /desk\n", " /wo\rrk\n");
        row("end\n", "end");
        row("end\n", "ende\n");
    }
    void nothingElseIsRead() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        std::string text = write_order(example());
        const std::size_t at = text.find(from.toStdString());
        QVERIFY(at != std::string::npos);
        text.replace(at, from.size(), to.toStdString());
        QVERIFY(!parse_order(text));
    }
    void tooMuchIsNotRead() {
        CommandOrder order = example();
        order.folders.assign(kMaxOrderFolders, order.folders.front());
        QVERIFY(parse_order(write_order(order)));
        order.folders.push_back(order.folders.front());
        QVERIFY(!parse_order(write_order(order)));
        QVERIFY(!parse_order(std::string(kMaxOrderBytes + 1, 'x')));
        order = example();
        order.working_folder = "/" + std::string(5000, 'a');
        QVERIFY(!parse_order(write_order(order)));
    }
    void readsReports() {
        StatusReport report = parse_status("ready abc 7\nexited 3\n");
        QVERIFY(report.is_ready && report.has_exited && !report.is_signalled &&
                report.failure.empty());
        QCOMPARE(report.nonce, std::string("abc"));
        QCOMPARE(report.landlock_abi, 7U);
        QCOMPARE(report.status, 3);
        report = parse_status("ready abc 7\nsignalled 9\n");
        QVERIFY(report.is_signalled && !report.has_exited);
        QCOMPARE(report.status, 9);
        report = parse_status("failed the limit core: no\n");
        QVERIFY(!report.is_ready);
        QCOMPARE(report.failure, std::string("the limit core: no"));
        QVERIFY(!parse_status("").is_ready && parse_status("").failure.empty());
    }
    void oddReportsAreFailures_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"hello\n", "ready\n", "ready x\n", "ready x y\n", "ready x 1 2\n", "exited x\n",
              "exited -1\n", "signalled\n", "failed \n", "\n", " ready x 1\n", "READY x 1\n"})
            QTest::newRow(text) << text;
    }
    void oddReportsAreFailures() {
        QFETCH(QString, text);
        const StatusReport report = parse_status(text.toStdString());
        QVERIFY(!report.failure.empty());
    }

    void keepsBothEnds() {
        std::mt19937 random(7);
        for (int round = 0; round < 300; ++round) {
            const std::size_t first = random() % 9, last = random() % 9;
            KeptOutput output(first, last);
            std::string all;
            for (auto n = random() % 12; n > 0; --n) {
                const std::string more(random() % 14, static_cast<char>('a' + n));
                output.add(more);
                all += more;
            }
            const std::size_t n_first = std::min(first, all.size());
            const std::size_t n_last = std::min(last, all.size() - n_first);
            QCOMPARE(output.text(), all.substr(0, n_first) + all.substr(all.size() - n_last));
            QCOMPARE(output.left_out_bytes(), std::uint64_t(all.size() - n_first - n_last));
        }
    }
};

QTEST_GUILESS_MAIN(CommandOrderTest)
#include "tst_command_order.moc"
