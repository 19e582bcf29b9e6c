#include "tests/support/layering.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace lares::test;
namespace fs = std::filesystem;

namespace {

/// engine/session/engine.h and every header of ours that it reaches.
std::set<std::string> engineApi() {
    std::set<std::string> reached;
    std::vector<std::string> open = {"engine/session/engine.h"};
    while (!open.empty()) {
        const std::string header = open.back();
        open.pop_back();
        if (!reached.insert(header).second) continue;
        for (const Include& include : includes_of(read_file(source_file(header)))) {
            if (include.is_quoted) open.push_back(include.header);
        }
    }
    return reached;
}

bool isSource(const fs::path& path) {
    static const std::set<std::string> kExtensions = {".cpp", ".h", ".cu", ".cuh"};
    return kExtensions.contains(path.extension().string());
}

}  // namespace

class LayeringTest : public QObject {
    Q_OBJECT

private slots:
    void everyIncludeFollowsAnArrow();
    void judgesMadeUpIncludes_data();
    void judgesMadeUpIncludes();
    void findsIncludesHoweverTheyAreWritten();
};

void LayeringTest::everyIncludeFollowsAnArrow() {
    const LayeringRules rules(engineApi());
    int n_file = 0;
    std::vector<std::string> found;
    for (const char* folder : {"app", "engine", "kernels", "tools", "installer", "tests"}) {
        if (!fs::exists(source_file(folder))) continue;
        for (const auto& entry : fs::recursive_directory_iterator(source_file(folder))) {
            if (!entry.is_regular_file() || !isSource(entry.path())) continue;
            const std::string path = fs::relative(entry.path(), source_file("")).generic_string();
            for (std::string& violation : rules.violations(path, read_file(entry.path()))) {
                found.push_back(std::move(violation));
            }
            ++n_file;
        }
    }
    QVERIFY2(n_file > 20, "the source tree was not found");
    for (const std::string& violation : found) qWarning("%s", violation.c_str());
    QVERIFY(found.empty());
}

void LayeringTest::judgesMadeUpIncludes_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char* path, const char* line, bool isAllowed) {
        QTest::addRow("%s %s", path, line) << path << line << isAllowed;
    };
    row("app/ui/main_window.cpp", "#include \"engine/session/engine.h\"", true);
    row("app/ui/main_window.cpp", "#include \"engine/session/session.h\"", false);
    row("app/ui/main_window.cpp", "#include \"app/chat/chat_controller.h\"", true);
    row("app/ui/main_window.cpp", "#include \"tools/registry/registry.h\"", true);
    row("app/ui/main_window.cpp", "#include <QWidget>", true);
    row("app/ui/main_window.cpp", "#include \"main_window.h\"", false);
    row("app/ui/main_window.cpp", "#include \"tests/support/test_data.h\"", false);
    row("app/ui/main_window.cpp", "#include \"moc_main_window.cpp\"", true);
    row("app/ui/main_window.cpp", "#include \"app/models/model_download.h\"", true);
    row("app/ui/main_window.cpp", "#include \"app/download/fetch.h\"", false);
    row("app/models/model_download.cpp", "#include <QNetworkAccessManager>", false);
    row("app/models/model_download.cpp", "#include <QLocalSocket>", false);
    row("app/models/model_download.cpp", "#include <QtNetwork>", false);
    row("app/models/model_download.cpp", "#include \"app/download/fetch.h\"", false);
    row("app/download/fetch.cpp", "#include <QNetworkReply>", true);
    row("app/download/fetch.cpp", "#include \"app/models/model_catalogue.h\"", true);
    row("app/download/fetch.cpp", "#include \"app/chat/chat_controller.h\"", false);
    row("app/cli/inspect.cpp", "#include \"engine/model/model_file.h\"", true);
    row("app/cli/inspect.cpp", "#include \"engine/formats/gguf_reader.h\"", false);
    row("app/cli/synth/synth.cpp", "#include \"engine/formats/gguf_writer.h\"", true);
    row("app/cli/inspect.cpp", "#include \"engine/backend/cpu/thread_pool.h\"", false);
    row("app/cli/inspect.cpp", "#include \"app/ui/main_window.h\"", false);
    row("app/cli/inspect.cpp", "#include <QString>", false);
    row("engine/model/model.cpp", "#include \"engine/formats/gguf_reader.h\"", true);
    row("engine/model/model.cpp", "#include \"engine/session/session.h\"", false);
    row("engine/model/model.cpp", "#include <QtCore/QString>", false);
    row("engine/model/model.cpp", "#include <queue>", true);
    row("engine/formats/gguf_reader.cpp", "#include \"engine/model/hparams.h\"", false);
    row("engine/tokenizer/bpe_tokenizer.cpp", "#include \"engine/backend/backend.h\"", false);
    row("engine/chat/output_parser.cpp", "#include \"engine/backend/backend.h\"", false);
    row("engine/chat/output_parser.cpp", "#include \"tools/protocol/tool_call.h\"", false);
    row("engine/sampling/sampler_chain.cpp", "#include \"engine/session/session.h\"", false);
    row("engine/backend/cpu/gemv.cpp", "#include \"kernels/gemv_quant.h\"", false);
    row("engine/backend/cuda/cuda_backend.cpp", "#include \"kernels/gemv_quant.h\"", true);
    row("engine/session/engine.cpp", "#include \"app/settings/settings.h\"", false);
    row("kernels/rms_norm.cu", "#include \"engine/tensor/dtype.h\"", false);
    row("kernels/rms_norm.cu", "#include \"kernels/common/vec.cuh\"", true);
    row("tools/policy/policy.cpp", "#include \"tools/sandbox/sandbox.h\"", true);
    row("tools/sandbox/linux/landlock.cpp", "#include \"tools/policy/policy.h\"", false);
    row("tools/builtin/read_file/read_file.cpp", "#include \"tools/policy/grant_list.h\"", false);
    row("tools/policy/broker.cpp", "#include <QString>", false);
    row("app/turn/tool_turn.cpp", "#include <QString>", false);
    row("tools/worker/main.cpp", "#include \"engine/base/result.h\"", true);
    row("tools/worker/main.cpp", "#include \"engine/session/engine.h\"", false);
    row("tests/cli/tst_cli.cpp", "#include \"engine/state/kv_cache.h\"", true);
    row("tests/cli/tst_cli.cpp", "#include \"tst_cli.moc\"", true);
    row("elsewhere/file.cpp", "#include \"engine/base/result.h\"", false);
}

void LayeringTest::judgesMadeUpIncludes() {
    QFETCH(QString, path);
    QFETCH(QString, line);
    QFETCH(bool, isAllowed);
    const LayeringRules rules(engineApi());
    QCOMPARE(rules.violations(path.toStdString(), line.toStdString()).empty(), isAllowed);
}

void LayeringTest::findsIncludesHoweverTheyAreWritten() {
    const std::vector<Include> found = includes_of(
        "#include \"a.h\"\n  #  include <b>\n// #include \"no.h\"\nint x; #include "
        "\"no.h\"\n#include\"c.h\"");
    QCOMPARE(found.size(), std::size_t{3});
    QCOMPARE(found[0].header, std::string("a.h"));
    QVERIFY(found[0].is_quoted);
    QCOMPARE(found[1].header, std::string("b"));
    QVERIFY(!found[1].is_quoted);
    QCOMPARE(found[2].header, std::string("c.h"));
}

QTEST_APPLESS_MAIN(LayeringTest)
#include "tst_layering.moc"
