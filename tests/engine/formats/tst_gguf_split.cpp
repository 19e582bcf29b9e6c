#include "engine/formats/gguf_split.h"
#include "engine/formats/gguf_writer.h"
#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cstring>
#include <functional>

using namespace lares;

namespace {

/// What one part claims; a good one but for what a test changes.
struct Part {
    std::uint64_t number = 0;
    std::uint64_t n_part = 3;
    std::uint64_t n_tensor = 0;
    std::size_t begin = 0;  // its tensors
    std::size_t end = 0;
};

void write_part(const std::string& path, const GgufFile& whole, const Part& part) {
    GgufWriter writer("nemotron_h");
    if (part.number == 0) {
        for (const auto& [key, value] : whole.metadata())
            if (key != "general.architecture") writer.add(key, value);
    }
    writer.add("split.no", part.number);
    writer.add("split.count", part.n_part);
    writer.add("split.tensors.count", part.n_tensor);
    const auto tensors = whole.tensors().subspan(part.begin, part.end - part.begin);
    for (const FileTensor& tensor : tensors)
        writer.add_tensor(tensor.name, tensor.view.dtype, tensor.view.shape);
    auto file = NewFile::create(path);
    const auto written = writer.write(*file, [&](std::size_t i, NewFile& to) {
        return to.write({tensors[i].view.data, tensors[i].view.size_bytes()});
    });
    if (!written || !file->commit()) qFatal("cannot write %s", path.c_str());
}

std::string name_of(int number) {
    return "m-0000" + std::to_string(number) + "-of-00003.gguf";
}

/// The tiny model in three parts.
class SplitModel {
public:
    SplitModel() : m_whole(GgufFile::open(test::data_file("golden/t-Q8_0.gguf")).value()) {
        for (int i = 0; i < 3; ++i) write_part(path(i + 1), m_whole, part(i));
    }
    [[nodiscard]] const GgufFile& whole() const { return m_whole; }
    [[nodiscard]] std::string path(int number) const { return m_tree.path(name_of(number)); }
    [[nodiscard]] Part part(int i) const {
        const std::size_t n = m_whole.tensors().size();
        const auto k = static_cast<std::size_t>(i);
        return {k, 3, n, n * k / 3, n * (k + 1) / 3};
    }

private:
    test::FolderTree m_tree;
    GgufFile m_whole;
};

}  // namespace

class TestGgufSplit : public QObject {
    Q_OBJECT

private slots:
    void anyPartOpensAll();
    void refusesWhatDoesNotBelongTogether_data();
    void refusesWhatDoesNotBelongTogether();
};

void TestGgufSplit::anyPartOpensAll() {
    const SplitModel model;
    for (int number = 1; number <= 3; ++number) {
        const auto file = GgufFile::open(model.path(number));
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->parts().size(), 3U);
        QCOMPARE(file->parts()[1].name, name_of(2));
        QCOMPARE(file->get_u32("nemotron_h.block_count").value(), 5U);
        QCOMPARE(file->tensors().size(), model.whole().tensors().size());
        for (const FileTensor& want : model.whole().tensors()) {
            const FileTensor* got = file->find_tensor_or_null(want.name);
            QVERIFY(got);
            QVERIFY(got->view.shape == want.view.shape && got->view.dtype == want.view.dtype);
            QVERIFY(std::memcmp(got->view.data, want.view.data, want.view.size_bytes()) == 0);
        }
    }
}

using Damage = std::function<void(const SplitModel&)>;
Q_DECLARE_METATYPE(Damage)

void TestGgufSplit::refusesWhatDoesNotBelongTogether_data() {
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, Damage damage, const char* named) {
        QTest::newRow(name) << damage << named;
    };
    const auto second = [](const std::function<void(Part&)>& change) {
        return [change](const SplitModel& model) {
            Part part = model.part(1);
            change(part);
            write_part(model.path(2), model.whole(), part);
        };
    };
    row(
        "part missing", [](const SplitModel& m) { std::filesystem::remove(m.path(2)); },
        "m-00002-of-00003.gguf: part 2 of 3 is missing");
    row("same part twice", second([](Part& p) { p.number = 2; }), "m-00002-of-00003.gguf");
    row("of another count", second([](Part& p) { p.n_part = 4; }), "m-00002-of-00003.gguf");
    row("of another model", second([](Part& p) { ++p.n_tensor; }), "m-00002-of-00003.gguf");
    row("a whole file", second([](Part& p) { p.n_part = 1; }), "m-00002-of-00003.gguf");
    row("tensor twice", second([](Part& p) { --p.begin; }), "is in an earlier part");
    row("tensor missing", second([](Part& p) { ++p.begin; }), "tensors of");
    row(
        "number past the count",
        [](const SplitModel& m) {
            Part part = m.part(0);
            part.number = 3;
            write_part(m.path(1), m.whole(), part);
        },
        "part 4 of 3");
    row(
        "renamed",
        [](const SplitModel& m) {
            std::filesystem::remove(m.path(1));
            write_part(m.path(1), m.whole(), m.part(1));
        },
        "rename it");
    row(
        "not GGUF", [](const SplitModel& m) { std::filesystem::resize_file(m.path(3), 3); },
        "m-00003-of-00003.gguf");
}

void TestGgufSplit::refusesWhatDoesNotBelongTogether() {
    QFETCH(Damage, damage);
    QFETCH(QString, named);
    const SplitModel model;
    damage(model);
    const auto file = GgufFile::open(model.path(1));
    QVERIFY(!file);
    QVERIFY2(QString::fromStdString(file.error().message).contains(named),
             file.error().message.c_str());
}

QTEST_APPLESS_MAIN(TestGgufSplit)
#include "tst_gguf_split.moc"
