#include "engine/base/result.h"

#include <QTest>

#include <memory>
#include <string>

using namespace lares;

namespace {

Result<int> parse_digit(char c) {
    if (c < '0' || c > '9') return Error{ErrorCode::InvalidArgument, "not a digit"};
    return c - '0';
}

Result<int> add_digits(char a, char b) {
    ASSIGN_OR_RETURN(const int first, parse_digit(a));
    ASSIGN_OR_RETURN(const int second, parse_digit(b));
    return first + second;
}

Result<void> check_digits(char a, char b) {
    if (a != b) RETURN_IF_ERROR(parse_digit(a));
    RETURN_IF_ERROR(parse_digit(b));
    return {};
}

Result<std::unique_ptr<std::string>> boxed(bool ok) {
    if (!ok) return Error{ErrorCode::NotFound, "no box"};
    return std::make_unique<std::string>("box");
}

}  // namespace

class TestResult : public QObject {
    Q_OBJECT

private slots:
    void holdsAValueOrAnError() {
        QCOMPARE(*add_digits('3', '4'), 7);
        const auto bad = add_digits('3', 'x');
        QVERIFY(!bad);
        QCOMPARE(bad.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(bad.value_or(-1), -1);
    }
    void passesErrorsOfVoidFunctionsUp() {
        QVERIFY(check_digits('1', '2'));
        QVERIFY(!check_digits('x', '2'));
        QVERIFY(!check_digits('1', 'x'));
    }
    void movesWhatCannotBeCopied() {
        auto box = boxed(true);
        QCOMPARE(*std::move(box).value(), std::string("box"));
        QVERIFY(!boxed(false));
    }
    void eachLayerAddsAFactInFront() {
        const Error error = Error{ErrorCode::Corrupt, "the offset is odd"}
                                .with_context("tensor a")
                                .with_context("m.gguf");
        QCOMPARE(error.message, std::string("m.gguf: tensor a: the offset is odd"));
    }
    void everyCodeHasAName() {
        for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i)
            QVERIFY(!to_string(static_cast<ErrorCode>(i)).empty());
    }
};

QTEST_APPLESS_MAIN(TestResult)
#include "tst_result.moc"
