// cuBLAS is looked for in safe places only, and each way in which it is not there has a sentence.

#include "engine/backend/cuda/cublas_api.h"
#include "engine/backend/cuda/cublas_search.h"
#include "engine/base/program_folder.h"
#include "engine/base/shared_library.h"
#include "tests/engine/backend/cuda/fake_cublas.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace lares;
using namespace lares::cuda;
using lares::test::FakeCublas;
namespace fs = std::filesystem;

namespace {

bool says(const Error& error, const std::string& words) {
    if (error.message.find(words) != std::string::npos) return true;
    qWarning("%s", error.message.c_str());
    return false;
}

std::vector<std::string> texts_of(const std::vector<CublasCandidate>& candidates) {
    std::vector<std::string> texts;
    for (const CublasCandidate& one : candidates)
        texts.push_back(one.file.empty() ? "search " + one.name : one.file.generic_string());
    return texts;
}

}  // namespace

class CublasApiTest : public QObject {
    Q_OBJECT

private slots:
    void fillsTheWholeTable();
    void namesEachMissingFunction();
    void refusesOneThatIsTooOld();
    void looksInSafePlacesNewestFirst();
    void looksForNothingThatTheDriverCannotRun();
    void looksWhereTheEnvironmentSaysAndNowhereElse();
    void relativeFoldersOfTheEnvironmentAreLeftOut();
    void loadsNoFileByARelativePath();
    void saysWhatItDidNotFind();
    void loadsTheRealOneWhereThereIsOne();
};

void CublasApiTest::fillsTheWholeTable() {
    FakeCublas fake;
    const auto api = load_cublas(fake.lookup(), "/opt/libcublasLt.so.13");
    QVERIFY(api);
    QCOMPARE(api->text, std::string("cuBLAS 13.1.0 (/opt/libcublasLt.so.13)"));
    int n_function = 0;
    for_each_cublas_function(*api, [&](const char* symbol, const auto& function) {
        QVERIFY2(function, symbol);
        ++n_function;
    });
    QCOMPARE(static_cast<std::size_t>(n_function),
             (sizeof(CublasApi) - offsetof(CublasApi, GetVersion)) / sizeof(void*));
}

void CublasApiTest::namesEachMissingFunction() {
    std::vector<std::string> symbols;
    const CublasApi empty;
    for_each_cublas_function(empty,
                             [&](const char* symbol, auto) { symbols.emplace_back(symbol); });
    for (const std::string& symbol : symbols) {
        FakeCublas fake;
        fake.hide(symbol);
        const auto api = load_cublas(fake.lookup(), "the fake");
        QVERIFY2(!api, symbol.c_str());
        QCOMPARE(api.error().code, ErrorCode::Unsupported);
        QVERIFY(says(api.error(), "the fake has no function " + symbol));
    }
}

void CublasApiTest::refusesOneThatIsTooOld() {
    FakeCublas fake;
    fake.set_version(110503);
    const auto api = load_cublas(fake.lookup(), "the fake");
    QVERIFY(!api);
    QVERIFY(says(api.error(), "the fake is version 11.5.3, 12 is needed"));
}

#if !defined(Q_OS_WIN)
void CublasApiTest::looksInSafePlacesNewestFirst() {
    const auto candidates = cublas_candidates({{}, "/opt/lares/bin", {"/opt/cuda"}});
    QVERIFY(candidates);
    const std::vector<std::string> want{"/opt/lares/bin/lib/libcublasLt.so.13",
                                        "/opt/lares/bin/lib/libcublasLt.so.12",
                                        "/opt/lares/bin/libcublasLt.so.13",
                                        "/opt/lares/bin/libcublasLt.so.12",
                                        "search libcublasLt.so.13",
                                        "search libcublasLt.so.12",
                                        "/opt/cuda/lib64/libcublasLt.so.13",
                                        "/opt/cuda/lib64/libcublasLt.so.12",
                                        "/opt/cuda/lib/libcublasLt.so.13",
                                        "/opt/cuda/lib/libcublasLt.so.12"};
    QCOMPARE(texts_of(*candidates), want);
    // What the system does not say is no folder, least of all the current one.
    const auto bare = cublas_candidates({});
    QVERIFY(bare);
    for (const CublasCandidate& one : *bare) QVERIFY(one.file.empty() || one.file.is_absolute());
}

void CublasApiTest::looksForNothingThatTheDriverCannotRun() {
    const auto candidates = cublas_candidates({{}, "/opt/lares", {}, 12});
    QVERIFY(candidates);
    for (const std::string& text : texts_of(*candidates))
        QVERIFY2(text.ends_with("libcublasLt.so.12"), text.c_str());
    QCOMPARE(cublas_names(12), std::string("libcublasLt.so.12"));
    QCOMPARE(cublas_names(13), std::string("libcublasLt.so.13 or libcublasLt.so.12"));
    QCOMPARE(cublas_names(14), cublas_names(13));
}

void CublasApiTest::looksWhereTheEnvironmentSaysAndNowhereElse() {
    const auto off = cublas_candidates({"off", "/opt/lares", {"/opt/cuda"}});
    QVERIFY(!off);
    QVERIFY(says(off.error(), "cuBLAS is off (LARES_CUBLAS=off)"));
    const auto file = cublas_candidates({"/some/lib.so", "/opt/lares", {"/opt/cuda"}});
    QVERIFY(file);
    QCOMPARE(texts_of(*file), std::vector<std::string>{"/some/lib.so"});
    const QTemporaryDir folder;
    const std::string name = folder.path().toStdString();
    const auto in_folder = cublas_candidates({name, "/opt/lares", {"/opt/cuda"}});
    QVERIFY(in_folder);
    const std::vector<std::string> want{name + "/libcublasLt.so.13", name + "/libcublasLt.so.12"};
    QCOMPARE(texts_of(*in_folder), want);
    const auto relative = cublas_candidates({"lib/libcublasLt.so.13", {}, {}});
    QVERIFY(!relative);
    QCOMPARE(relative.error().code, ErrorCode::InvalidArgument);
    QVERIFY(says(relative.error(), "not 'lib/libcublasLt.so.13'"));
}
#else
void CublasApiTest::looksInSafePlacesNewestFirst() {}
void CublasApiTest::looksForNothingThatTheDriverCannotRun() {}
void CublasApiTest::looksWhereTheEnvironmentSaysAndNowhereElse() {}
#endif

void CublasApiTest::relativeFoldersOfTheEnvironmentAreLeftOut() {
    const QByteArray before = qgetenv("CUDA_PATH");
    const bool was_set = qEnvironmentVariableIsSet("CUDA_PATH");
    qputenv("CUDA_PATH", "cuda");
    for (const fs::path& folder : cublas_places().toolkits) QVERIFY(folder.is_absolute());
    if (was_set)
        qputenv("CUDA_PATH", before);
    else
        qunsetenv("CUDA_PATH");
    QCOMPARE(program_folder(), fs::path(QCoreApplication::applicationDirPath().toStdString()));
}

void CublasApiTest::loadsNoFileByARelativePath() {
    // This program can be loaded by nobody, but a path that leads to a library must not be either.
    QVERIFY(!SharedLibrary::open_file_or_null("libc.so.6"));
    QVERIFY(!SharedLibrary::open_file_or_null(""));
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "libcublasLt.so.13";
    QVERIFY(!SharedLibrary::open_file_or_null(file));
    std::ofstream(file) << "no library";
    QVERIFY(!SharedLibrary::open_file_or_null(file));
}

void CublasApiTest::saysWhatItDidNotFind() {
    const QByteArray before = qgetenv("LARES_CUBLAS");
    const bool was_set = qEnvironmentVariableIsSet("LARES_CUBLAS");
    const QTemporaryDir folder;
    qputenv("LARES_CUBLAS", folder.path().toUtf8());
    const auto none = load_cublas(13000);
    qputenv("LARES_CUBLAS", "off");
    const auto off = load_cublas(13000);
    if (was_set)
        qputenv("LARES_CUBLAS", before);
    else
        qunsetenv("LARES_CUBLAS");
    QVERIFY(!none);
    QVERIFY(says(none.error(),
                 "LARES_CUBLAS names " + folder.path().toStdString() + ", which cannot be loaded"));
    QVERIFY(!off);
    QVERIFY(says(off.error(), "LARES_CUBLAS=off"));
}

void CublasApiTest::loadsTheRealOneWhereThereIsOne() {
    const auto api = load_cublas(0);
    if (!api) QSKIP(api.error().message.c_str());
    QVERIFY(api->GetVersion() >= 120000);
    QCOMPARE(describe(*api, cublas::kNotSupported), std::string("CUBLAS_STATUS_NOT_SUPPORTED, 15"));
}

QTEST_GUILESS_MAIN(CublasApiTest)
#include "tst_cublas_api.moc"
