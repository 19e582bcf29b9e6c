#include "engine/formats/gguf_reader.h"
#include "engine/formats/gguf_writer.h"
#include "tests/support/folder_tree.h"

#include <QTest>

#include <array>
#include <vector>

using namespace lares;

/// What GgufWriter writes, GgufFile reads back.
class GgufWriterTest : public QObject {
    Q_OBJECT

private slots:
    void readsBackWhatItWrote();
    void sizeIsKnownBeforehand();
    void aTensorOfTheWrongSizeIsOurMistake();
    void nothingIsThereWithoutCommit();
    void aMissingFolderIsAnError();
};

namespace {

GgufWriter twoTensors() {
    GgufWriter writer("nemotron_h");
    writer.add("small", std::uint64_t{7});
    writer.add("wide", std::uint64_t{1} << 40);
    writer.add("negative", std::int64_t{-5});
    writer.add("ratio", 0.5);
    writer.add("flag", true);
    writer.add("text", std::string_view("a\nb"));
    const std::array<std::int32_t, 3> numbers{1, -2, 3};
    writer.add("numbers", std::span<const std::int32_t>(numbers));
    const std::array<std::string, 2> texts{"one", ""};
    writer.add("texts", std::span<const std::string>(texts));
    writer.add_tensor("odd", DType::F32, {3});
    writer.add_tensor("matrix", DType::Q5_0, {2, 64});
    return writer;
}

Result<void> fill(std::size_t i, NewFile& file) {
    const std::vector<std::byte> bytes(i == 0 ? 12 : 2 * 2 * 22,
                                       std::byte{static_cast<unsigned char>(i + 1)});
    return file.write(bytes);
}

}  // namespace

void GgufWriterTest::readsBackWhatItWrote() {
    const test::FolderTree folder;
    auto file = NewFile::create(folder.path("a.gguf"));
    QVERIFY(file);
    QVERIFY(twoTensors().write(*file, fill));
    QVERIFY(file->commit());
    const auto read = GgufFile::open(folder.path("a.gguf"));
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read->get_string("general.architecture").value(), "nemotron_h");
    QCOMPARE(read->get_u32("small").value(), 7U);
    QCOMPARE(read->get_integers("wide").value().front(), std::int64_t{1} << 40);
    QCOMPARE(read->get_integers("negative").value().front(), std::int64_t{-5});
    QCOMPARE(read->get_f32("ratio").value(), 0.5F);
    QCOMPARE(read->get_bool("flag").value(), true);
    QCOMPARE(read->get_string("text").value(), "a\nb");
    QCOMPARE(read->get_integers("numbers").value(), (std::vector<std::int64_t>{1, -2, 3}));
    QCOMPARE(read->get_strings("texts").value().size(), 2U);
    const auto* matrix = read->find_tensor_or_null("matrix");
    QVERIFY(matrix);
    QVERIFY(matrix->view.dtype == DType::Q5_0);
    QVERIFY((matrix->view.shape == Shape{2, 64}));
    QCOMPARE(matrix->view.data[87], std::byte{2});
    QCOMPARE(read->find_tensor_or_null("odd")->view.data[11], std::byte{1});
}

void GgufWriterTest::sizeIsKnownBeforehand() {
    const test::FolderTree folder;
    auto file = NewFile::create(folder.path("a.gguf"));
    const GgufWriter writer = twoTensors();
    QVERIFY(writer.write(*file, fill));
    QCOMPARE(file->position(), writer.file_size_bytes());
}

void GgufWriterTest::aTensorOfTheWrongSizeIsOurMistake() {
    const test::FolderTree folder;
    auto file = NewFile::create(folder.path("a.gguf"));
    const auto written = twoTensors().write(
        *file, [](std::size_t, NewFile& to) { return to.write(std::array<std::byte, 5>{}); });
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Internal);
    QVERIFY(written.error().message.find("odd") != std::string::npos);
}

void GgufWriterTest::nothingIsThereWithoutCommit() {
    const test::FolderTree folder;
    {
        auto file = NewFile::create(folder.path("a.gguf"));
        QVERIFY(twoTensors().write(*file, fill));
    }
    QVERIFY(std::filesystem::is_empty(folder.path()));
}

void GgufWriterTest::aMissingFolderIsAnError() {
    const test::FolderTree folder;
    const auto file = NewFile::create(folder.path("nowhere") + "/a.gguf");
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::Io);
}

QTEST_APPLESS_MAIN(GgufWriterTest)
#include "tst_gguf_writer.moc"
