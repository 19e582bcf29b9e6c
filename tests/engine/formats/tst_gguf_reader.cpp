#include "engine/formats/gguf_reader.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>

using namespace lares;
using lares::test::GgufWriter;

namespace {

std::span<const std::byte> as_bytes(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// A good file with a key of every kind and three tensors; each rejection below changes one thing.
GgufWriter base_case() {
    GgufWriter writer;
    writer.key("general.architecture", "nemotron_h")
        .key("n", std::uint32_t{7})
        .texts("tokens", {"a", "", "bc"})
        .tensor({.name = "first"})
        .tensor({.name = "second", .ne = {256, 2}, .type = 12, .data = std::string(288, '\1')})
        .tensor({.name = "third", .ne = {5}, .data = std::string(20, '\2')});
    return writer;
}

QString message_of(const Result<GgufFile>& file) {
    return file ? QStringLiteral("no error") : QString::fromStdString(file.error().message);
}

template <class T>
QString message_of(const Result<T>& result) {
    return result ? QStringLiteral("no error") : QString::fromStdString(result.error().message);
}

}  // namespace

class TestGgufReader : public QObject {
    Q_OBJECT

private slots:
    void readsMetadataOfEveryType();
    void readsArraysOfNumbersAndTexts();
    void keepsTheFilesOrder();
    void readsTensors();
    void readsVersionTwo();
    void honoursTheAlignmentKey();
    void acceptsAFileWithoutTensors();
    void acceptsAMissingLastPadding();
    void readsTheRealVocabulary();
    void opensAFileAndKeepsItMapped();
    void saysWhichFileIsMissing();

    void getsConvertIntegersInRange();
    void getsNameFileAndKeyOnError_data();
    void getsNameFileAndKeyOnError();
    void getsIntegersOfAnyWidthAndSign();
    void refusesIntegersThatDoNotFit();

    void rejects_data();
    void rejects();
    void rejectsATypeItCannotReadByName_data();
    void rejectsATypeItCannotReadByName();
    void rejectsEveryTruncation();
    void escapesNamesInMessages();
};

// What it reads -----------------------------------------------------------------------------------

void TestGgufReader::readsMetadataOfEveryType() {
    const std::string bytes = GgufWriter()
                                  .key("u8", std::uint8_t{255})
                                  .key("i8", std::int8_t{-128})
                                  .key("u16", std::uint16_t{65535})
                                  .key("i16", std::int16_t{-2})
                                  .key("u32", std::uint32_t{4000000000U})
                                  .key("i32", std::int32_t{-3})
                                  .key("f32", 0.5F)
                                  .key("bool", true)
                                  .key("string", std::string_view("a\0b", 3))
                                  .key("u64", std::uint64_t{1} << 63)
                                  .key("i64", std::int64_t{-1})
                                  .key("f64", 1e300)
                                  .bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    const auto value = [&](std::string_view key) { return *file->find_or_null(key); };
    QCOMPARE(std::get<std::uint64_t>(value("u8")), std::uint64_t{255});
    QCOMPARE(std::get<std::int64_t>(value("i8")), std::int64_t{-128});
    QCOMPARE(std::get<std::uint64_t>(value("u16")), std::uint64_t{65535});
    QCOMPARE(std::get<std::int64_t>(value("i16")), std::int64_t{-2});
    QCOMPARE(std::get<std::uint64_t>(value("u32")), std::uint64_t{4000000000U});
    QCOMPARE(std::get<std::int64_t>(value("i32")), std::int64_t{-3});
    QCOMPARE(std::get<double>(value("f32")), 0.5);
    QCOMPARE(std::get<bool>(value("bool")), true);
    QVERIFY(std::get<std::string_view>(value("string")) == std::string_view("a\0b", 3));
    QCOMPARE(std::get<std::uint64_t>(value("u64")), std::uint64_t{1} << 63);
    QCOMPARE(std::get<std::int64_t>(value("i64")), std::int64_t{-1});
    QCOMPARE(std::get<double>(value("f64")), 1e300);
    QVERIFY(!file->find_or_null("absent"));
}

void TestGgufReader::readsArraysOfNumbersAndTexts() {
    const std::string bytes = GgufWriter()
                                  .array<float>("scores", {1.0F, -2.0F})
                                  .texts("tokens", {"x", "", std::string("\xff\0", 2)})
                                  .array<std::int32_t>("none", {})
                                  .bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));

    const auto& scores = std::get<GgufArray>(*file->find_or_null("scores"));
    QCOMPARE(scores.element_type, static_cast<std::uint32_t>(GgufType::F32));
    QCOMPARE(scores.n_elements, std::uint64_t{2});
    QCOMPARE(scores.bytes.size(), std::size_t{8});

    const auto tokens = file->get_strings("tokens");
    QVERIFY(tokens);
    QCOMPARE(tokens->size(), std::size_t{3});
    QVERIFY((*tokens)[0] == "x" && (*tokens)[1].empty());
    QVERIFY((*tokens)[2] == std::string_view("\xff\0", 2));

    const auto none = file->get_integers("none");
    QVERIFY(none && none->empty());
}

void TestGgufReader::keepsTheFilesOrder() {
    const std::string bytes = base_case().bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    QVERIFY(file->metadata()[0].key == "general.architecture");
    QVERIFY(file->metadata()[2].key == "tokens");
    QVERIFY(file->tensors()[0].name == "first");
    QVERIFY(file->tensors()[2].name == "third");
}

void TestGgufReader::readsTensors() {
    const std::string bytes = base_case().bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    QCOMPARE(file->tensors().size(), std::size_t{3});
    QVERIFY(!file->find_tensor_or_null("absent"));

    const GgufFile::Tensor* second = file->find_tensor_or_null("second");
    QVERIFY(second);
    QCOMPARE(second->view.dtype, DType::Q4_K);
    QVERIFY((second->view.shape == Shape{2, 256}));  // outermost first
    QCOMPARE(second->view.size_bytes(), std::size_t{288});
    QCOMPARE(second->view.data, as_bytes(bytes).data() + second->file_offset);
    QCOMPARE(second->view.row(1)[0], std::byte{1});
    QCOMPARE(second->file_offset % 32, std::uint64_t{0});
}

void TestGgufReader::readsVersionTwo() {
    const std::string bytes = base_case().version(2).bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    QCOMPARE(file->version(), 2U);
}

void TestGgufReader::honoursTheAlignmentKey() {
    for (const std::uint32_t alignment : {1U, 8U, 64U, 65536U}) {
        GgufWriter writer;
        writer.alignment(alignment)
            .tensor({.name = "a", .ne = {3}, .data = std::string(12, '\1')})
            .tensor({.name = "b", .ne = {3}, .data = std::string(12, '\2')});
        const std::string bytes = writer.bytes();
        const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
        QVERIFY2(file, qPrintable(message_of(file)));
        const GgufFile::Tensor* b = file->find_tensor_or_null("b");
        QCOMPARE(b->file_offset % alignment, std::uint64_t{0});
        QCOMPARE(b->view.data[0], std::byte{2});
    }
}

void TestGgufReader::acceptsAFileWithoutTensors() {
    const std::string bytes = GgufWriter().key("a", true).bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    QVERIFY(file->tensors().empty());
    QCOMPARE(file->file_size_bytes(), static_cast<std::uint64_t>(bytes.size()));
}

void TestGgufReader::acceptsAMissingLastPadding() {
    for (const std::size_t padding : {0, 1, 12, 32}) {
        const std::string bytes = base_case().trailer(std::string(padding, '\0')).bytes();
        const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
        QVERIFY2(file, qPrintable(message_of(file)));
    }
}

void TestGgufReader::readsTheRealVocabulary() {
    const auto file = GgufFile::open(test::data_file("tokenizer/vocab.gguf"));
    QVERIFY2(file, qPrintable(message_of(file)));
    QVERIFY(file->name() == "vocab.gguf");
    QCOMPARE(file->get_strings("tokenizer.ggml.tokens")->size(), std::size_t{131072});
    QCOMPARE(file->get_strings("tokenizer.ggml.merges")->size(), std::size_t{269443});
    QCOMPARE(file->get_integers("tokenizer.ggml.token_type")->size(), std::size_t{131072});
}

void TestGgufReader::opensAFileAndKeepsItMapped() {
    auto opened = GgufFile::open(test::data_file("golden/t-F32.gguf"));
    QVERIFY2(opened, qPrintable(message_of(opened)));
    const GgufFile::Tensor tensor = opened->tensors().back();
    const GgufFile copy = *opened;
    opened = Error{};  // the copy alone keeps the bytes
    QCOMPARE(copy.find_tensor_or_null(tensor.name)->view.data, tensor.view.data);
    QVERIFY(copy.get_string("general.architecture").value() == "nemotron_h");
}

void TestGgufReader::saysWhichFileIsMissing() {
    const QTemporaryDir folder;
    const auto path = std::filesystem::path(folder.path().toStdString());
    const auto missing = GgufFile::open(path / "absent.gguf");
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(message_of(missing).contains("absent.gguf"));

    const auto directory = GgufFile::open(path);
    QVERIFY(!directory);
    QCOMPARE(directory.error().code, ErrorCode::Io);

    std::ofstream(path / "empty.gguf").close();
    const auto empty = GgufFile::open(path / "empty.gguf");
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::Corrupt);
    QVERIFY(message_of(empty).contains("empty.gguf"));
}

// Typed access ------------------------------------------------------------------------------------

void TestGgufReader::getsConvertIntegersInRange() {
    const std::string bytes = GgufWriter()
                                  .key("u8", std::uint8_t{200})
                                  .key("i64", std::int64_t{4294967295})
                                  .key("f32", 1e-5F)
                                  .key("yes", true)
                                  .key("text", "hello")
                                  .bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    QCOMPARE(file->get_u32("u8").value(), 200U);
    QCOMPARE(file->get_u32("i64").value(), 4294967295U);
    QCOMPARE(file->get_f32("f32").value(), 1e-5F);
    QCOMPARE(file->get_bool("yes").value(), true);
    QVERIFY(file->get_string("text").value() == "hello");
}

void TestGgufReader::getsNameFileAndKeyOnError_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("code");
    for (const char* key : {"absent", "u64", "negative", "number", "text", "array", "texts"})
        QTest::newRow(key) << key
                           << static_cast<int>(std::string_view(key) == "absent"
                                                   ? ErrorCode::NotFound
                                                   : ErrorCode::Corrupt);
}

void TestGgufReader::getsNameFileAndKeyOnError() {
    QFETCH(QString, key);
    QFETCH(int, code);
    const std::string bytes = GgufWriter()
                                  .key("u64", std::uint64_t{1} << 32)
                                  .key("negative", std::int32_t{-1})
                                  .key("number", 1.0F)
                                  .key("text", "hello")
                                  .array<float>("array", {1.0F})
                                  .texts("texts", {"a"})
                                  .bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "some.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    const std::string name = key.toStdString();
    const auto verify = [&](const auto& result) {
        QVERIFY(!result);
        QCOMPARE(static_cast<int>(result.error().code), code);
        const QString message = message_of(result);
        QVERIFY2(message.startsWith("some.gguf: ") && message.contains("'" + key + "'"),
                 qPrintable(message));
    };
    verify(file->get_u32(name));
    verify(file->get_bool(name));
    if (key != "number") verify(file->get_f32(name));
    if (key != "text") verify(file->get_string(name));
    if (key != "texts") verify(file->get_strings(name));
    if (key != "u64" && key != "negative") verify(file->get_integers(name));
}

void TestGgufReader::getsIntegersOfAnyWidthAndSign() {
    const std::string bytes = GgufWriter()
                                  .array<std::uint8_t>("u8", {1, 255})
                                  .array<std::int8_t>("i8", {1, -1})
                                  .array<std::uint16_t>("u16", {1, 65535})
                                  .array<std::int16_t>("i16", {1, -1})
                                  .array<std::uint32_t>("u32", {1, 4294967295U})
                                  .array<std::int32_t>("i32", {1, -1})
                                  .array<std::uint64_t>("u64", {1, 1ULL << 62})
                                  .array<std::int64_t>("i64", {1, -1})
                                  .key("one", std::uint32_t{9})
                                  .bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    using Integers = std::vector<std::int64_t>;
    QCOMPARE(file->get_integers("u8").value(), (Integers{1, 255}));
    QCOMPARE(file->get_integers("i8").value(), (Integers{1, -1}));
    QCOMPARE(file->get_integers("u16").value(), (Integers{1, 65535}));
    QCOMPARE(file->get_integers("i16").value(), (Integers{1, -1}));
    QCOMPARE(file->get_integers("u32").value(), (Integers{1, 4294967295}));
    QCOMPARE(file->get_integers("i32").value(), (Integers{1, -1}));
    QCOMPARE(file->get_integers("u64").value(), (Integers{1, 1LL << 62}));
    QCOMPARE(file->get_integers("i64").value(), (Integers{1, -1}));
    QCOMPARE(file->get_integers("one").value(), (Integers{9}));
}

void TestGgufReader::refusesIntegersThatDoNotFit() {
    const std::string bytes = GgufWriter().array<std::uint64_t>("big", {1ULL << 63}).bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "t.gguf");
    QVERIFY2(file, qPrintable(message_of(file)));
    const auto integers = file->get_integers("big");
    QVERIFY(!integers);
    QCOMPARE(integers.error().code, ErrorCode::Corrupt);
}

// What it rejects ---------------------------------------------------------------------------------

void TestGgufReader::rejects_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const char* message,
                        const std::function<void(GgufWriter&)>& damage) {
        GgufWriter writer = base_case();
        damage(writer);
        QTest::newRow(name) << QByteArray::fromStdString(writer.bytes()) << message;
    };
    using W = GgufWriter;

    row("other magic", "not a GGUF file: it begins with 'PK\\x03\\x04'",
        [](W& w) { w.magic("PK\3\4"); });
    row("big-endian", "big-endian", [](W& w) { w.version(3U << 24); });
    row("version 0", "version 0", [](W& w) { w.version(0); });
    row("version 1", "version 1 is too old", [](W& w) { w.version(1); });
    row("version 4", "version 4 is unknown", [](W& w) { w.version(4); });

    row("more tensors than bytes", "claims 60000 tensors", [](W& w) { w.claimed_tensors(60000); });
    row("too many tensors", "65536", [](W& w) { w.claimed_tensors(65537); });
    row("negative tensors", "tensors", [](W& w) { w.claimed_tensors(~0ULL); });
    row("more keys than bytes", "metadata entries", [](W& w) { w.claimed_keys(60000); });
    row("negative keys", "metadata entries", [](W& w) { w.claimed_keys(~0ULL); });
    row("one key too few", "tensor", [](W& w) { w.claimed_keys(2); });
    row("one key too many", "tensor 0", [](W& w) { w.claimed_keys(4); });
    row("one tensor too many", "tensor 3", [](W& w) { w.claimed_tensors(4); });
    row("one tensor too few", "belong to nothing", [](W& w) { w.claimed_tensors(2); });

    row("empty key", "the key is empty", [](W& w) { w.key("", true); });
    row("duplicate key", "key 'n': the key is there twice",
        [](W& w) { w.key("n", std::uint32_t{7}); });
    row("long key", "limit of 65535", [](W& w) { w.key(std::string(65536, 'k'), true); });
    row("unknown value type", "key 'k': value type 13 does not exist",
        [](W& w) { w.raw_key("k", GgufType{13}, "????????"); });
    row("bool of two", "key 'k': a bool is 2", [](W& w) { w.raw_key("k", GgufType::Bool, "\2"); });
    row("long text", "limit of 1048576",
        [](W& w) { w.key("k", std::string((1U << 20) + 1, 'x')); });
    row("endless text", "key 'k'",
        [](W& w) { w.raw_key("k", GgufType::String, W::little_endian(~0ULL)); });
    row("nested array", "key 'k': an array inside an array",
        [](W& w) { w.raw_array("k", GgufType::Array, 1, std::string(32, '\0')); });
    row("unknown element type", "value type 99",
        [](W& w) { w.raw_array("k", GgufType{99}, 1, std::string(32, '\0')); });
    row("endless numbers", "key 'k': the array claims 18446744073709551615 elements of u64",
        [](W& w) { w.raw_array("k", GgufType::U64, ~0ULL, ""); });
    row("numbers whose size wraps", "key 'k': the array claims",
        [](W& w) { w.raw_array("k", GgufType::U64, 1ULL << 61, ""); });
    row("endless texts", "key 'k': the array claims",
        [](W& w) { w.raw_array("k", GgufType::String, ~0ULL, ""); });
    row("more texts than bytes", "key 'k': the array claims 2000000 texts, but only",
        [](W& w) { w.raw_array("k", GgufType::String, 2000000, ""); });

    for (const std::uint32_t alignment : {0U, 3U, 48U, 131072U, ~0U})
        row(qPrintable(QString("alignment %1").arg(alignment)), "power of two",
            [=](W& w) { w.key("general.alignment", alignment); });
    row("signed alignment", "power of two",
        [](W& w) { w.key("general.alignment", std::int32_t{32}); });

    row("empty tensor name", "the name is empty", [](W& w) { w.tensor({.name = ""}); });
    row("long tensor name", "limit of 63", [](W& w) { w.tensor({.name = std::string(64, 't')}); });
    row("duplicate tensor", "tensor 'first': the tensor is there twice",
        [](W& w) { w.tensor({.name = "first"}); });
    row("no dimensions", "tensor 't': it has 0 dimensions",
        [](W& w) { w.tensor({.name = "t", .ne = {}}); });
    row("five dimensions", "tensor 't': it has 5 dimensions", [](W& w) {
        w.tensor({.name = "t", .ne = {32, 1, 1, 1, 1}});
    });
    row("dimension of zero", "tensor 't': dimension 1 is 0", [](W& w) {
        w.tensor({.name = "t", .ne = {32, 0}});
    });
    row("negative dimension", "tensor 't': dimension 0",
        [](W& w) { w.tensor({.name = "t", .ne = {~0ULL}}); });
    row("dimensions that wrap", "tensor 't': its dimensions multiply", [](W& w) {
        w.tensor({.name = "t", .ne = {1U << 31, 1U << 31, 4, 1}});
    });
    row("bytes that wrap", "tensor 't': its shape [1, 2147483648, 2147483648] in F32", [](W& w) {
        w.tensor({.name = "t", .ne = {1U << 31, 1U << 31, 1}});
    });
    row("rows of half a block", "tensor 't': rows of 16 values", [](W& w) {
        w.tensor({.name = "t", .ne = {16, 2}, .type = 8});
    });
    row("misaligned offset", "tensor 't': its data offset 513 is not a multiple",
        [](W& w) { w.tensor({.name = "t", .offset = 513}); });
    row("offset past the end", "tensor 't': its 128 bytes at data offset 1048576",
        [](W& w) { w.tensor({.name = "t", .offset = 1U << 20}); });
    row("offset that wraps", "tensor 't'",
        [](W& w) { w.tensor({.name = "t", .offset = ~0ULL - 31}); });
    row("tensor past the end", "tensor 't': its 128 bytes",
        [](W& w) { w.tensor({.name = "t", .data = std::string(127, '\0')}); });
    row("same bytes twice", "overlaps", [](W& w) { w.tensor({.name = "t", .offset = 0}); });
    row("partial overlap", "tensor 't' overlaps tensor 'second'",
        [](W& w) { w.tensor({.name = "t", .offset = 384}); });
    row("hole", "76 bytes between tensor 'third' and tensor 't' belong to nothing",
        [](W& w) { w.tensor({.name = "t", .data = std::string(192, '\0'), .offset = 512}); });
    row("trailing bytes", "40 bytes after tensor 'third' belong to nothing",
        [](W& w) { w.trailer(std::string(40, '\0')); });
}

void TestGgufReader::rejects() {
    QFETCH(QByteArray, file);
    QFETCH(QString, message);
    const std::string bytes = file.toStdString();
    const auto parsed = GgufFile::parse(as_bytes(bytes), "some.gguf");
    QVERIFY(!parsed);
    const bool version = message_of(parsed).contains("version") || message.contains("endian");
    QCOMPARE(parsed.error().code, version ? ErrorCode::Unsupported : ErrorCode::Corrupt);
    QVERIFY2(message_of(parsed).startsWith("some.gguf: "), qPrintable(message_of(parsed)));
    QVERIFY2(message_of(parsed).contains(message), qPrintable(message_of(parsed)));
}

void TestGgufReader::rejectsATypeItCannotReadByName_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("name");
    QTest::newRow("Q8_K") << 15 << "Q8_K";
    QTest::newRow("MXFP4") << 39 << "MXFP4";
    QTest::newRow("removed") << 4 << "number 4";
    QTest::newRow("undefined") << 1000 << "number 1000";
}

void TestGgufReader::rejectsATypeItCannotReadByName() {
    QFETCH(int, type);
    QFETCH(QString, name);
    const std::string bytes =
        base_case().tensor({.name = "t", .type = static_cast<std::uint32_t>(type)}).bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "some.gguf");
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::Unsupported);
    QVERIFY2(message_of(file).contains("some.gguf: tensor 't' has type " + name),
             qPrintable(message_of(file)));
}

void TestGgufReader::rejectsEveryTruncation() {
    const std::string bytes = base_case().bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string cut(bytes, 0, size);
        const auto file = GgufFile::parse(as_bytes(cut), "some.gguf");
        QVERIFY2(!file, qPrintable(QString("%1 bytes").arg(size)));
        QCOMPARE(file.error().code, ErrorCode::Corrupt);
        QVERIFY(message_of(file).startsWith("some.gguf: "));
    }
}

void TestGgufReader::escapesNamesInMessages() {
    const std::string name = "\x1b[2J\n\xe2\x80\xae" + std::string(40000, 'x');
    const std::string bytes = base_case().key(name, true).key(name, true).bytes();
    const auto file = GgufFile::parse(as_bytes(bytes), "some.gguf");
    QVERIFY(!file);
    QVERIFY2(message_of(file).contains("'\\x1b[2J\\x0a\\xe2\\x80\\xaexxx"),
             qPrintable(message_of(file)));
    QVERIFY(message_of(file).size() < 300);
}

QTEST_APPLESS_MAIN(TestGgufReader)
#include "tst_gguf_reader.moc"
