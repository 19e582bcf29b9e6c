#include "app/download/reply_check.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <optional>

namespace lares::download {
namespace {

using Code = Failure::Code;
using Verdict = std::variant<BodyFrom, RedirectTo, Failure>;

constexpr int kLongestRetryAfter = 300;  // seconds; longer is for a person to decide

struct ReplyText {
    Q_DECLARE_TR_FUNCTIONS(DownloadReply)
};

/// Seconds, or a date as HTTP writes it.
int secondsOf(const QByteArray& retryAfter) {
    bool isNumber = false;
    qint64 seconds = retryAfter.trimmed().toLongLong(&isNumber);
    if (!isNumber) {
        const QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(retryAfter.trimmed()),
                                                       "ddd, dd MMM yyyy HH:mm:ss 'GMT'");
        if (!date.isValid()) return 0;
        seconds =
            QDateTime::currentDateTimeUtc().secsTo(QDateTime(date.date(), date.time(), Qt::UTC));
    }
    return static_cast<int>(std::clamp<qint64>(seconds, 0, kLongestRetryAfter));
}

struct ByteRange {
    qint64 first = 0, last = 0, total = 0;  ///< total -1: not said
};

/// "bytes 10-19/20" or "bytes 10-19/*".
std::optional<ByteRange> rangeOf(const QByteArray& text) {
    const QByteArray trimmed = text.trimmed();
    if (!trimmed.startsWith("bytes ")) return {};
    const qsizetype dash = trimmed.indexOf('-', 6);
    const qsizetype slash = trimmed.indexOf('/', dash);
    if (dash < 0 || slash < 0) return {};
    bool isFirst = false, isLast = false, isTotal = false;
    ByteRange range;
    range.first = trimmed.mid(6, dash - 6).toLongLong(&isFirst);
    range.last = trimmed.mid(dash + 1, slash - dash - 1).toLongLong(&isLast);
    const QByteArray total = trimmed.mid(slash + 1);
    range.total = total == "*" ? -1 : total.toLongLong(&isTotal);
    if (!isFirst || !isLast || (total != "*" && !isTotal)) return {};
    if (range.first < 0 || range.last < range.first) return {};
    return range;
}

Failure badRange(const ReplyHead& head) {
    return {Code::BadAnswer,
            ReplyText::tr("%1 sends another part of the file than it was asked for.")
                .arg(head.url.host()),
            true, true};
}

/// What would not be the file's own bytes.
std::optional<Failure> objectionTo(const ReplyHead& head) {
    if (head.contentType.trimmed().toLower().startsWith("text/html"))
        return Failure{
            Code::WebPage,
            ReplyText::tr("The network answered with a web page instead of the file. It may "
                          "want you to log in: open a page in your browser, then try "
                          "again.")};
    const QByteArray encoding = head.contentEncoding.trimmed().toLower();
    if (!encoding.isEmpty() && encoding != "identity")
        return Failure{
            Code::BadAnswer,
            ReplyText::tr("The file would arrive changed (packed as %1), so it was not "
                          "taken. A filter in the network may do that: try another network.")
                .arg(QString::fromLatin1(encoding.left(40)))};
    return {};
}

Failure otherSize(const ReplyHead& head) {
    return {
        Code::WrongFile,
        ReplyText::tr("%1 offers a file of another size than the one that Lares knows, so it was "
                      "not taken. Try again later; if it stays so, a newer Lares is needed.")
            .arg(head.url.host())};
}

Verdict judgeWhole(const ReplyHead& head, const Asked& asked) {
    if (const auto objection = objectionTo(head)) return *objection;
    if (head.contentLength >= 0 && head.contentLength != asked.size) return otherSize(head);
    return BodyFrom{0};
}

Verdict judgePart(const ReplyHead& head, const Asked& asked) {
    if (const auto objection = objectionTo(head)) return *objection;
    const auto range = rangeOf(head.contentRange);
    if (asked.from == 0 || !range || range->first != asked.from) return badRange(head);
    if (range->total >= 0 && range->total != asked.size) return otherSize(head);
    if (range->last >= asked.size) return badRange(head);
    if (head.contentLength >= 0 && head.contentLength != range->last - range->first + 1)
        return badRange(head);
    // It is another version of the file, and that an If-Range was sent did not help.
    if (!asked.etag.isEmpty() && !head.etag.isEmpty() && head.etag != asked.etag)
        return badRange(head);
    return BodyFrom{range->first};
}

Failure refusal(const ReplyHead& head) {
    const QString host = head.url.host();
    switch (head.status) {
        case 404:
        case 410:
            return {
                Code::Gone,
                ReplyText::tr("%1 does not have the file any more. Look for it in your browser and "
                              "choose it with “I have the file”; a newer Lares may know where it "
                              "is.")
                    .arg(host)};
        case 416:
            return badRange(head);
        case 408:
        case 425:
        case 429:
            return {Code::Busy, ReplyText::tr("%1 is busy.").arg(host), true, false,
                    secondsOf(head.retryAfter)};
        default:
            break;
    }
    if (head.status >= 500)
        return {Code::Busy,
                ReplyText::tr("%1 has a fault of its own (%2).").arg(host).arg(head.status), true,
                false, secondsOf(head.retryAfter)};
    if (head.status >= 400)
        return {Code::Refused,
                ReplyText::tr(
                    "%1 does not hand the file out (%2). Get it in your browser and choose it "
                    "with “I have the file”.")
                    .arg(host)
                    .arg(head.status)};
    return {Code::BadAnswer,
            ReplyText::tr("%1 answered in a way that makes no sense here (%2). Try again later.")
                .arg(host)
                .arg(head.status)};
}

}  // namespace

ReplyHead headOf(const QNetworkReply& reply) {
    ReplyHead head;
    head.url = reply.url();
    head.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    bool isNumber = false;
    const qint64 length = reply.rawHeader("Content-Length").trimmed().toLongLong(&isNumber);
    if (isNumber && length >= 0) head.contentLength = length;
    head.contentType = reply.rawHeader("Content-Type");
    head.contentEncoding = reply.rawHeader("Content-Encoding");
    head.contentRange = reply.rawHeader("Content-Range");
    head.etag = reply.rawHeader("ETag").trimmed();
    head.retryAfter = reply.rawHeader("Retry-After");
    const QByteArray location = reply.rawHeader("Location").trimmed();
    if (!location.isEmpty())
        head.location = head.url.resolved(QUrl::fromEncoded(location, QUrl::StrictMode));
    return head;
}

Verdict judge(const ReplyHead& head, const Asked& asked) {
    switch (head.status) {
        case 200:
            return judgeWhole(head, asked);
        case 206:
            return judgePart(head, asked);
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return RedirectTo{head.location};
        default:
            return refusal(head);
    }
}

}  // namespace lares::download
