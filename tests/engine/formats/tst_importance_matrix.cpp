#include "engine/formats/gguf_writer.h"
#include "engine/formats/importance_matrix.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace lares;

namespace {

struct RawTensor {
    std::string name;
    Shape shape;
    std::vector<float> values;
};

/// A file with these tensors, of the kind that `type` names; empty: it names none.
std::filesystem::path raw_file(const QTemporaryDir& folder,
                               const std::vector<RawTensor>& tensors,
                               std::string_view type = "imatrix") {
    const std::filesystem::path path = folder.filePath("raw.gguf").toStdString();
    std::filesystem::remove(path);
    GgufWriter writer;
    if (!type.empty()) writer.add("general.type", type);
    for (const RawTensor& tensor : tensors)
        writer.add_tensor(tensor.name, DType::F32, tensor.shape);
    auto file = NewFile::create(path);
    const bool is_written = file && writer.write(*file, [&](std::size_t i, NewFile& to) {
        return to.write(std::as_bytes(std::span(tensors[i].values)));
    });
    if (!is_written || !file->commit()) qFatal("the test's file could not be written");
    return path;
}

}  // namespace

class ImportanceMatrixTest : public QObject {
    Q_OBJECT

private slots:
    void comesBackAsItWas() {
        const QTemporaryDir folder;
        ImportanceMatrix matrix;
        matrix.entries["blk.0.ssm_in.weight"] = {{1.0F, 0.0F, 4.0F, 9.0F}, 2};
        matrix.entries["output.weight"] = {{8.0F, 2.0F}, 4};
        matrix.datasets = {"a.txt", "b.txt"};
        matrix.chunk_count = 7;
        matrix.chunk_size = 512;
        const std::filesystem::path path = folder.filePath("im.gguf").toStdString();
        auto file = NewFile::create(path);
        QVERIFY(file && write_importance_matrix(matrix, *file) && file->commit());
        const auto read = read_importance_matrix(path);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->entries.size(), std::size_t{2});
        const auto& entry = read->entries.at("blk.0.ssm_in.weight");
        QCOMPARE(entry.sum_squares, (std::vector<float>{1, 0, 4, 9}));
        QCOMPARE(entry.means(), (std::vector<float>{0.5F, 0, 2, 4.5F}));
        QCOMPARE(read->datasets, matrix.datasets);
        QCOMPARE(read->chunk_count, 7U);
        QCOMPARE(read->chunk_size, 512U);
    }
    /// llama.cpp's files have counts of nothing for what the text never used.
    void takesWhatOthersWrite() {
        const QTemporaryDir folder;
        const auto read =
            read_importance_matrix(raw_file(folder, {{"a.weight.in_sum2", {1, 2}, {1, 3}},
                                                     {"a.weight.counts", {1, 1}, {2}},
                                                     {"b.weight.in_sum2", {1, 2}, {0, 0}},
                                                     {"b.weight.counts", {1, 1}, {0}},
                                                     {"something.else", {2}, {5, 5}}}));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->entries.size(), std::size_t{1});
        QCOMPARE(read->entries.at("a.weight").means(), (std::vector<float>{0.5F, 1.5F}));
    }
    void saysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no count") << QByteArray("no count") << QByteArray("has sums but no count");
        QTest::newRow("experts") << QByteArray("experts") << QByteArray("several matrices in one");
        QTest::newRow("negative") << QByteArray("negative") << QByteArray("negative or no numbers");
        QTest::newRow("NaN") << QByteArray("NaN") << QByteArray("negative or no numbers");
        QTest::newRow("a model") << QByteArray("model") << QByteArray("is a model");
        QTest::newRow("no matrix") << QByteArray("none") << QByteArray("a single matrix");
        QTest::newRow("no GGUF") << QByteArray("text") << QByteArray("is no GGUF file");
    }
    void saysWhatIsWrong() {
        QFETCH(QByteArray, fault);
        QFETCH(QByteArray, says);
        const QTemporaryDir folder;
        std::vector<RawTensor> tensors = {{"a.weight.in_sum2", {1, 2}, {1, 3}},
                                          {"a.weight.counts", {1, 1}, {2}}};
        if (fault == "no count") tensors.pop_back();
        if (fault == "experts") tensors[1] = {"a.weight.counts", {2, 1}, {1, 1}};
        if (fault == "negative") tensors[0].values[1] = -1;
        if (fault == "NaN") tensors[1].values[0] = std::numeric_limits<float>::quiet_NaN();
        if (fault == "none") tensors = {{"x", {1}, {1}}};
        std::filesystem::path path =
            raw_file(folder, tensors, fault == "model" ? "model" : "imatrix");
        if (fault == "text") {
            QFile file(QString::fromStdString(path.string()));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write("an older form") > 0);
        }
        const auto read = read_importance_matrix(path);
        QVERIFY(!read);
        QVERIFY2(QByteArray(read.error().message.c_str()).contains(says),
                 read.error().message.c_str());
        QVERIFY(QByteArray(read.error().message.c_str()).contains("raw.gguf"));
    }
};

QTEST_APPLESS_MAIN(ImportanceMatrixTest)
#include "tst_importance_matrix.moc"
