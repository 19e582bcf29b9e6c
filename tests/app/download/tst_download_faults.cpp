#include "tests/app/download/download_run.h"
#include "tests/app/download/fault_server.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

using namespace lares;
using namespace lares::test;

namespace {

const QByteArray kBody = noise(3 * 1024 * 1024 + 77);
const qint64 kHalf = kBody.size() / 2;
const QByteArray kLength = "Content-Length: " + QByteArray::number(kBody.size());

using Handler = FaultServer::Handler;

Answer right(const Request& request) {
    return served(kBody, request);
}

Answer whole(const QByteArrayList& headers, const QByteArray& body) {
    return Answer::make("200 OK", headers, body);
}

/// The first request gets this, all others what they ask for.
Handler once(const Answer& answer) {
    return
        [answer](const Request& request) { return request.number == 1 ? answer : right(request); };
}

Handler always(const Answer& answer) {
    return [answer](const Request&) { return answer; };
}

/// The first answer breaks off in the middle; the second one is what is tried.
Handler afterHalf(const Handler& second) {
    return [second](const Request& request) {
        if (request.number == 1) return right(request).cutAt(kHalf);
        return request.number == 2 ? second(request) : right(request);
    };
}

Answer part(const QByteArray& range, const QByteArray& body, const QByteArray& etag = "\"one\"") {
    return Answer::make("206 Partial Content",
                        {"Content-Range: " + range, "ETag: " + etag,
                         "Content-Length: " + QByteArray::number(body.size())},
                        body);
}

QByteArray rangeFrom(qint64 from) {
    return "bytes " + QByteArray::number(from) + '-' + QByteArray::number(kBody.size() - 1) + '/' +
           QByteArray::number(kBody.size());
}

QByteArray chunked(const QByteArray& body) {
    QByteArray chunks;
    for (qint64 at = 0; at < body.size(); at += 100'000) {
        const QByteArray chunk = body.mid(at, 100'000);
        chunks += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
    }
    return chunks + "0\r\n\r\n";
}

QByteArray flipped(qint64 at) {
    QByteArray body = kBody;
    body[at] = static_cast<char>(body[at] ^ 1);
    return body;
}

Answer redirect(const QByteArray& to, const QByteArray& status = "302 Found") {
    return Answer::make(status, {"Location: " + to, "Content-Length: 0"});
}

Answer refusal(const QByteArray& status, const QByteArrayList& headers = {}) {
    return Answer::make(status, QByteArrayList{"Content-Length: 5"} + headers, "sorry");
}

Answer raw(const QByteArray& bytes, Answer::End end = Answer::End::Close) {
    Answer answer;
    answer.head = bytes;
    answer.end = end;
    return answer;
}

Answer dripping() {
    Answer answer = whole({kLength}, kBody);
    answer.isDripped = true;
    return answer;
}

}  // namespace

/// Whatever a server or what sits in front of it does: the file that gets its name is the right
/// one, and what cannot be mended is said.
class DownloadFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void neverTakesAWrongFile_data();
    void neverTakesAWrongFile();
    void asksWithoutSayingWhoAsks();

private:
    static void mendedFaults();
    static void wrongBytes();
    static void wrongRanges();
    static void redirects();
    static void refusals();
    static void brokenConnections();
};

void DownloadFaultsTest::neverTakesAWrongFile_data() {
    QTest::addColumn<Handler>("handler");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("nothing at all") << Handler(right) << "done";
    mendedFaults();
    wrongBytes();
    wrongRanges();
    redirects();
    refusals();
    brokenConnections();
}

void DownloadFaultsTest::mendedFaults() {
    QTest::newRow("breaks off once") << once(whole({kLength}, kBody).cutAt(kHalf)) << "done";
    QTest::newRow("breaks off each time a little later")
        << Handler([](const Request& request) { return right(request).cutAt(1'100'000); })
        << "done";
    QTest::newRow("resets at random points") << Handler([](const Request& request) {
        const auto at = QRandomGenerator::global()->bounded(1, 4'000'000);
        return right(request).cutAt(at, Answer::End::Reset);
    }) << "done|network";
    QTest::newRow("chunked, without a length")
        << always(whole({"Transfer-Encoding: chunked"}, chunked(kBody))) << "done";
    QTest::newRow("chunked, and breaks off")
        << once(whole({"Transfer-Encoding: chunked"}, chunked(kBody)).cutAt(kHalf)) << "done";
    QTest::newRow("chunked, ends properly but early")
        << once(whole({"Transfer-Encoding: chunked"}, chunked(kBody.left(kHalf)))) << "done";
    QTest::newRow("chunked, with a size that is none")
        << once(whole({"Transfer-Encoding: chunked"}, "zebra\r\n" + kBody)) << "done";
    QTest::newRow("no length, ends with the connection") << always(whole({}, kBody)) << "done";
    QTest::newRow("no length, breaks off") << once(whole({}, kBody).cutAt(kHalf)) << "done";
    QTest::newRow("HTTP/1.0") << always(raw("HTTP/1.0 200 OK\r\n" + kLength + "\r\n\r\n" + kBody))
                              << "done";
    QTest::newRow("stops in the middle, once")
        << once(whole({kLength}, kBody).cutAt(kHalf, Answer::End::Hold)) << "done";
    QTest::newRow("stops before it answers, once") << once(raw({}, Answer::End::Hold)) << "done";
    QTest::newRow("stops in its headers, once")
        << once(raw("HTTP/1.1 200 OK\r\nContent-Le", Answer::End::Hold)) << "done";
}

void DownloadFaultsTest::wrongBytes() {
    QTest::newRow("another file of the same size")
        << always(whole({kLength}, noise(kBody.size(), 2))) << "wrong_file";
    QTest::newRow("one bit at the start") << always(whole({kLength}, flipped(0))) << "wrong_file";
    QTest::newRow("one bit at the end")
        << always(whole({kLength}, flipped(kBody.size() - 1))) << "wrong_file";
    QTest::newRow("a shorter file")
        << always(whole({"Content-Length: 1000"}, kBody.left(1000))) << "wrong_file";
    QTest::newRow("a longer file")
        << always(whole({"Content-Length: 9000000"}, noise(9'000'000))) << "wrong_file";
    QTest::newRow("bytes behind the end")
        << always(whole({}, kBody + "and some more")) << "wrong_file";
    QTest::newRow("chunks behind the end")
        << always(whole({"Transfer-Encoding: chunked"}, chunked(kBody + "more"))) << "wrong_file";
    QTest::newRow("packed") << always(whole({"Content-Encoding: gzip"}, kBody)) << "bad_answer";
    QTest::newRow("packed twice") << always(whole({"Content-Encoding: gzip, br", kLength}, kBody))
                                  << "bad_answer";
    QTest::newRow("a login page") << always(whole({"Content-Type: text/html; charset=utf-8"},
                                                  "<html>Log in</html>"))
                                  << "web_page";
    QTest::newRow("a login page of the right size")
        << always(whole({"Content-Type: text/html", kLength}, kBody)) << "web_page";
    QTest::newRow("nothing, and says so")
        << always(whole({"Content-Length: 0"}, {})) << "wrong_file";
    QTest::newRow("nothing, without a length") << always(whole({}, {})) << "network";
    QTest::newRow("no content") << always(Answer::make("204 No Content", {})) << "bad_answer";
    QTest::newRow("a length below zero, and too many bytes")
        << always(whole({"Content-Length: -5"}, kBody + kBody)) << "wrong_file";
}

void DownloadFaultsTest::wrongRanges() {
    QTest::newRow("ignores the range") << afterHalf([](const Request&) {
        return whole({kLength, "ETag: \"one\""}, kBody);
    }) << "done";
    QTest::newRow("a part that nobody asked for")
        << always(part(rangeFrom(1000), kBody.mid(1000))) << "bad_answer";
    QTest::newRow("the part before")
        << afterHalf([](const Request&) { return part(rangeFrom(100), kBody.mid(100)); }) << "done";
    QTest::newRow("another part than it says") << afterHalf([](const Request& request) {
        return part(rangeFrom(request.from()), kBody.mid(100, kBody.size() - request.from()));
    }) << "wrong_file";
    QTest::newRow("a range that is none") << afterHalf([](const Request& request) {
        return part("bytes all of it", kBody.mid(request.from()));
    }) << "done";
    QTest::newRow("a range beyond the end") << afterHalf([](const Request& request) {
        return part("bytes " + QByteArray::number(request.from()) + "-99999999/*",
                    kBody.mid(request.from()));
    }) << "done";
    QTest::newRow("a range of a larger file") << afterHalf([](const Request& request) {
        return part("bytes " + QByteArray::number(request.from()) + "-" +
                        QByteArray::number(kBody.size() - 1) + "/99999999",
                    kBody.mid(request.from()));
    }) << "wrong_file";
    QTest::newRow("no range in a part") << afterHalf([](const Request& request) {
        return Answer::make("206 Partial Content", {}, kBody.mid(request.from()));
    }) << "done";
    QTest::newRow("a shorter part than it says") << afterHalf([](const Request& request) {
        return part(rangeFrom(request.from()), kBody.mid(request.from()).chopped(10));
    }) << "done";
    QTest::newRow("another version in between") << Handler([](const Request& request) {
        if (request.number == 1)
            return served(noise(kBody.size(), 2), request, "\"old\"").cutAt(kHalf);
        return served(kBody, request, "\"new\"");
    }) << "done";
    QTest::newRow("another version, and ignores If-Range") << afterHalf([](const Request& request) {
        return part(rangeFrom(request.from()), kBody.mid(request.from()), "\"two\"");
    }) << "done";
    QTest::newRow("the end of another version under the same name")
        << afterHalf([](const Request& request) {
               return part(rangeFrom(request.from()), noise(kBody.size(), 2).mid(request.from()));
           })
        << "wrong_file";
    QTest::newRow("has no such range")
        << afterHalf([](const Request&) { return refusal("416 Range Not Satisfiable"); }) << "done";
}

void DownloadFaultsTest::redirects() {
    const auto leadsTo = [](const char* name, const QByteArray& to, const char* outcome) {
        QTest::newRow(name) << always(redirect(to)) << outcome;
    };
    leadsTo("in a circle of one", "/model.gguf", "redirect");
    leadsTo("to another host", "https://evil.example/model.gguf", "redirect");
    leadsTo("to a host that ends alike", "https://xmodels.example.org/model.gguf", "redirect");
    leadsTo("to plain HTTP", "http://models.example.org/model.gguf", "redirect");
    leadsTo("to another port", "https://models.example.org:8443/model.gguf", "redirect");
    leadsTo("with a password", "https://me:secret@models.example.org/model.gguf", "redirect");
    leadsTo("to a file", "file:///etc/passwd", "redirect");
    leadsTo("to data", "data:application/octet-stream,hello", "redirect");
    leadsTo("to nowhere", "", "redirect");
    leadsTo("to no address", "https://[nonsense", "redirect");
    QTest::newRow("in a circle of two") << Handler([](const Request& request) {
        return redirect(request.path == "/model.gguf" ? "/other" : "/model.gguf");
    }) << "redirect";
    QTest::newRow("for ever to new places") << Handler([](const Request& request) {
        return redirect("/place" + QByteArray::number(request.number));
    }) << "redirect";
    for (const char* status : {"301 Moved Permanently", "302 Found", "303 See Other",
                               "307 Temporary Redirect", "308 Permanent Redirect"}) {
        QTest::addRow("to where it is allowed (%s)", status)
            << Handler([status](const Request& request) {
                   if (request.path != "/elsewhere") return redirect("/elsewhere", status);
                   return right(request).cutAt(request.number < 4 ? kHalf : kBody.size());
               })
            << "done";
    }
}

void DownloadFaultsTest::refusals() {
    const auto says = [](const QByteArray& status, const char* outcome) {
        QTest::addRow("%s", status.constData()) << always(refusal(status)) << outcome;
    };
    says("400 Bad Request", "refused");
    says("401 Unauthorized", "refused");
    says("403 Forbidden", "refused");
    says("404 Not Found", "gone");
    says("410 Gone", "gone");
    says("429 Too Many Requests", "busy");
    says("500 Internal Server Error", "busy");
    says("503 Service Unavailable", "busy");
    says("700 Seven Hundred", "busy");
    QTest::newRow("429 once, with a time to wait")
        << once(refusal("429 Too Many Requests", {"Retry-After: 2"})) << "done";
    QTest::newRow("503 once, with a date long ago")
        << once(refusal("503 Service Unavailable", {"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"}))
        << "done";
    QTest::newRow("503 once, with nonsense to wait for")
        << once(refusal("503 Service Unavailable", {"Retry-After: soon"})) << "done";
    QTest::newRow("500 in the middle")
        << afterHalf([](const Request&) { return refusal("500 Internal Server Error"); }) << "done";
}

void DownloadFaultsTest::brokenConnections() {
    QTest::newRow("hangs up, once") << once(raw({})) << "done";
    QTest::newRow("hangs up, always") << always(raw({})) << "network";
    QTest::newRow("resets, always") << always(raw({}, Answer::End::Reset)) << "network";
    QTest::newRow("never answers") << always(raw({}, Answer::End::Hold)) << "network";
    QTest::newRow("drips") << always(dripping()) << "network";
    QTest::newRow("breaks off at the same byte each time")
        << always(whole({kLength}, kBody).cutAt(kHalf)) << "network";
    QTest::newRow("speaks another language")
        << always(raw("220 mail.example.org ESMTP\r\n")) << "network";
    QTest::newRow("a flood of headers, once")
        << once(raw("HTTP/1.1 200 OK\r\n" +
                    QByteArray("X-Flood: 0123456789\r\n").repeated(200'000) + "\r\n" + kBody))
        << "done|network";
    QTest::newRow("one header of 8 MB, once")
        << once(raw("HTTP/1.1 200 OK\r\nX-Long: " + QByteArray(8'000'000, 'x'))) << "done|network";
    QTest::newRow("a thousand headers")
        << always(raw("HTTP/1.1 200 OK\r\n" + kLength + "\r\n" +
                      QByteArray("X-Many: 0123456789\r\n").repeated(1000) + "\r\n" + kBody))
        << "done";
    QTest::newRow("a few bytes of a page that does not say what it is, once")
        << once(whole({}, "<html>Log in")) << "done";
}

void DownloadFaultsTest::neverTakesAWrongFile() {
    QFETCH(Handler, handler);
    QFETCH(QString, outcome);
    FaultServer server(handler);
    DownloadRun download(kBody, server.address());
    download.run();
    QVERIFY2(outcome.split('|').contains(download.outcome()),
             qPrintable(download.outcome() + ' ' + download.sentence()));
    outcome = download.outcome();
    QCOMPARE(download.process().exitCode(), outcome == "done" ? 0 : 1);
    QCOMPARE(download.isThere(), outcome == "done");
    if (outcome == "done") {
        QVERIFY(download.isRight());
        QVERIFY(!QFile::exists(download.place().part) && !QFile::exists(download.place().notes));
        return;
    }
    QVERIFY2(download.sentence().endsWith('.'), qPrintable(download.sentence()));
    if (download.sentence().contains("removed")) QVERIFY(!QFile::exists(download.place().part));
    // What is kept, if anything is, begins the right file.
    QFile kept(download.place().part);
    if (outcome == "wrong_file" && kept.open(QIODevice::ReadOnly))
        QVERIFY(kBody.startsWith(kept.readAll()));
    // When the fault is gone, the same folder gets the right file.
    FaultServer mended{Handler(right)};
    DownloadRun again(kBody, mended.address(), download.place().folder);
    again.run();
    QCOMPARE(again.outcome(), "done");
    QVERIFY(again.isRight());
}

void DownloadFaultsTest::asksWithoutSayingWhoAsks() {
    FaultServer server([](const Request& request) {
        Answer answer = right(request).cutAt(request.number < 3 ? 1'100'000 : kBody.size());
        answer.head.insert(answer.head.indexOf("\r\n") + 2,
                           "Set-Cookie: who=you; Path=/\r\nLink: </other>; rel=preload\r\n");
        return answer;
    });
    DownloadRun download(kBody, server.address());
    download.run();
    QVERIFY(download.isRight());
    QVERIFY(server.requests().size() >= 3);
    for (const Request& request : server.requests()) {
        QStringList names;
        for (auto at = request.headers.begin(); at != request.headers.end(); ++at)
            names << QString::fromLatin1(at.key());
        names.sort();
        QStringList expected{"accept", "accept-encoding", "accept-language", "connection",
                             "host",   "user-agent"};
        if (request.from() > 0)
            expected << "if-range"
                     << "range";
        expected.sort();
        QCOMPARE(names, expected);
        QCOMPARE(request.headers["user-agent"], "Lares");
        QCOMPARE(request.headers["accept-language"], "*");
        QCOMPARE(request.headers["accept-encoding"], "identity");
    }
}

QTEST_GUILESS_MAIN(DownloadFaultsTest)
#include "tst_download_faults.moc"
