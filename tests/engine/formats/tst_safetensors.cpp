#include "engine/formats/safetensors_folder.h"
#include "engine/formats/safetensors_reader.h"
#include "engine/model/model_file.h"
#include "tests/support/folder_tree.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <functional>
#include <random>

using namespace lares;

namespace {

/// A file from its header's text and as many bytes of data.
std::string file_of(const std::string& header, std::size_t n_data) {
    const std::uint64_t size = header.size();
    std::string file(reinterpret_cast<const char*>(&size), sizeof size);
    return file + header + std::string(n_data, '\0');
}

Result<SafetensorsFile> parse(const std::string& file) {
    return SafetensorsFile::parse(std::as_bytes(std::span(file)), "test.safetensors");
}

const std::string kGood =
    R"({"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},)"
    R"("__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[],"data_offsets":[12,16]}})";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    if (at == std::string::npos) qFatal("nothing to replace");
    return text.replace(at, what.size(), with);
}

constexpr int kFolders = 10'000;

/// Everything a load does but computing.
Result<void> open_completely(const std::filesystem::path& folder) {
    ASSIGN_OR_RETURN(const auto file, ModelFile::open(folder));
    ASSIGN_OR_RETURN(const auto hparams, file->hparams());
    ASSIGN_OR_RETURN(const auto weights, file->weights(hparams));
    ASSIGN_OR_RETURN(const auto tokenizer, file->tokenizer());
    return {};
}

}  // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private slots:
    void readsTensors();
    void refusesDamage_data();
    void refusesDamage();
    void readsSeveralFilesByTheirIndex();
    void refusesDamagedFolders_data();
    void refusesDamagedFolders();
    void bindsBf16AndFp8AsTheFileSays();
    void anyDamageIsAnErrorAndNoCrash();
};

void TestSafetensors::readsTensors() {
    const std::string bytes = file_of(kGood, 16);
    const auto file = parse(bytes);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(file->tensors().size(), 2U);
    const FileTensor& a = file->tensors()[0];
    QCOMPARE(a.name, "a");
    QVERIFY(a.view.dtype == DType::BF16);
    QVERIFY((a.view.shape == Shape{2, 3}));
    QCOMPARE(a.file_offset, 8 + kGood.size());
    QCOMPARE(reinterpret_cast<const char*>(a.view.data) - bytes.data(),
             static_cast<std::ptrdiff_t>(a.file_offset));
    QCOMPARE(file->tensors()[1].view.shape.n_dims(), 0);
    QCOMPARE(file->tensors()[1].view.size_bytes(), 4U);
}

void TestSafetensors::refusesDamage_data() {
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char* name, const std::string& file) {
        QTest::newRow(name) << QByteArray::fromStdString(file);
    };
    const auto edited = [&](const char* name, const std::string& what, const std::string& with) {
        row(name, file_of(replaced(kGood, what, with), 16));
    };
    row("empty", "");
    row("only a length", std::string(8, '\0'));
    row("length past the end", file_of(kGood, 16).replace(0, 8, "\xff\xff\0\0\0\0\0\0", 8));
    row("length of 2^64 - 1", file_of(kGood, 16).replace(0, 8, std::string(8, '\xff')));
    row("no JSON", file_of("{\"a\":", 16));
    row("a list", file_of("[]", 0));
    row("data missing", file_of(kGood, 15));
    row("data left over", file_of(kGood, 17));
    row("deep", file_of(std::string(100'000, '[') + std::string(100'000, ']'), 0));
    edited("no dtype", "\"dtype\":\"BF16\",", "");
    edited("dtype of a number", "\"BF16\"", "5");
    edited("type nobody reads", "BF16", "I64");
    edited("no shape", "\"shape\":[2,3],", "");
    edited("shape of five", "[2,3]", "[1,1,1,2,3]");
    edited("dimension of 0", "[2,3]", "[0,3]");
    edited("negative dimension", "[2,3]", "[-2,-3]");
    edited("fraction of a dimension", "[2,3]", "[2.0,3]");
    edited("dimensions that wrap", "[2,3]", "[2147483648,2147483648,4]");
    edited("shape of other bytes", "[2,3]", "[2,4]");
    edited("one offset", "[0,12]", "[0]");
    edited("offsets turned round", "[0,12]", "[12,0]");
    edited("offset past the end", "[0,12]", "[0,1200000000000]");
    edited("offset of 2^64", "[0,12]", "[0,18446744073709551616]");
    edited("overlap", "[12,16]", "[10,14]");
    edited("hole", "[0,12]", "[2,14]");
    edited("same name twice", "\"b\"", "\"a\"");
    edited("no name", "\"b\"", "\"\"");
    edited("a text as tensor", R"({"dtype":"F32","shape":[],"data_offsets":[12,16]})", "\"x\"");
}

void TestSafetensors::refusesDamage() {
    QFETCH(QByteArray, file);
    const auto read = parse(file.toStdString());
    QVERIFY(!read);
    QVERIFY(read.error().message.starts_with("test.safetensors"));
}

namespace {

const std::string kFirst = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
const std::string kSecond = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
const std::string kIndex = R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})";

void write_good_folder(const test::FolderTree& folder) {
    folder.file("1.safetensors", file_of(kFirst, 4));
    folder.file("2.safetensors", file_of(kSecond, 8));
    folder.file("model.safetensors.index.json", kIndex);
}

}  // namespace

void TestSafetensors::readsSeveralFilesByTheirIndex() {
    const test::FolderTree tree;
    write_good_folder(tree);
    for (const std::string& path : {tree.path(), tree.path("1.safetensors"),
                                    tree.path("model.safetensors.index.json"), tree.path() + "/"}) {
        const auto folder = SafetensorsFolder::open(path);
        QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
        QCOMPARE(folder->parts().size(), 2U);
        QCOMPARE(folder->find_tensor_or_null("b")->view.shape[0], 2);
        QVERIFY(!folder->find_tensor_or_null("c"));
    }
}

using Damage = std::function<void(const test::FolderTree&)>;
Q_DECLARE_METATYPE(Damage)

void TestSafetensors::refusesDamagedFolders_data() {
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, Damage damage, const char* named) {
        QTest::newRow(name) << damage << named;
    };
    const auto index = [](const std::string& text) {
        return [text](const test::FolderTree& f) { f.file("model.safetensors.index.json", text); };
    };
    row(
        "file missing", [](const auto& f) { std::filesystem::remove(f.path("2.safetensors")); },
        "2.safetensors");
    row(
        "tensor twice", [](const auto& f) { f.file("2.safetensors", file_of(kFirst, 4)); },
        "tensor a");
    row("tensor elsewhere", index(R"({"weight_map":{"a":"2.safetensors","b":"1.safetensors"}})"),
        "tensor a");
    row("tensor nowhere", index(R"({"weight_map":{"a":"1.safetensors","c":"2.safetensors"}})"),
        "tensor c");
    row("no map", index("{}"), "weight_map");
    row("a number as file", index(R"({"weight_map":{"a":5}})"), "no text");
    row("parent folder", index(R"({"weight_map":{"a":"../1.safetensors"}})"), "this folder");
    row("absolute path", index(R"({"weight_map":{"a":"/etc/1.safetensors"}})"), "this folder");
    row("drive", index(R"({"weight_map":{"a":"C:1.safetensors"}})"), "this folder");
    row("other kind", index(R"({"weight_map":{"a":"passwd"}})"), "this folder");
    row("two dots", index(R"({"weight_map":{"a":"..safetensors"}})"), "this folder");
}

void TestSafetensors::refusesDamagedFolders() {
    QFETCH(Damage, damage);
    QFETCH(QString, named);
    const test::FolderTree tree;
    write_good_folder(tree);
    damage(tree);
    const auto folder = SafetensorsFolder::open(tree.path());
    QVERIFY(!folder);
    QVERIFY2(QString::fromStdString(folder.error().message).contains(named),
             folder.error().message.c_str());
}

void TestSafetensors::bindsBf16AndFp8AsTheFileSays() {
    const auto file = ModelFile::open(test::data_file("golden/t-fp8"));
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    const auto hparams = (*file)->hparams();
    QVERIFY(hparams);
    const auto weights = (*file)->weights(*hparams);
    QVERIFY2(weights, weights ? "" : weights.error().message.c_str());
    // M-*M-: the first Mamba-2 layer and both MLPs are FP8, attention and the layers at its sides
    // as the list beside the weights says.
    const auto& mlp = std::get<MlpWeights>(weights->layers[1].mixer);
    QVERIFY(mlp.up_proj.dtype == DType::F8_E4M3);
    QVERIFY(mlp.up_proj.scale > 0.0F && mlp.up_proj.scale < 1.0F);
    QCOMPARE(mlp.up_proj.input_scale, 6.0F / 448.0F);
    const auto& attention = std::get<AttentionWeights>(weights->layers[2].mixer);
    QVERIFY(attention.q_proj.dtype == DType::BF16);
    QCOMPARE(attention.k_scale, 1.0F);
    const auto& mamba = std::get<Mamba2Weights>(weights->layers[0].mixer);
    QVERIFY(mamba.A.dtype == DType::F32);
    QVERIFY(*reinterpret_cast<const float*>(mamba.A.data) < 0.0F);
}

/// One byte, number or cut in one of a folder's files, ten thousand times.
void TestSafetensors::anyDamageIsAnErrorAndNoCrash() {
    const std::array<std::string, 3> names = {"config.json", "tokenizer.json", "model.safetensors"};
    std::vector<std::string> good;
    for (const std::string& name : names)
        good.push_back(test::read_file(test::data_file("golden/t-fp8/" + name)));
    const std::uint64_t header_size = 8 + *reinterpret_cast<const std::uint64_t*>(good[2].data());
    const test::FolderTree tree;
    for (std::size_t i = 0; i < names.size(); ++i) tree.file(names[i], good[i]);
    QVERIFY(open_completely(tree.path()));

    std::mt19937 random(20);
    const auto below = [&](std::size_t n) { return random() % n; };
    int n_error = 0;
    for (int i = 0; i < kFolders; ++i) {
        // The large file in one of five: it is written twice a case.
        const std::size_t which = i % 5 == 0 ? 2 : i % 2;
        std::string bytes = good[which];
        const std::size_t end = which == 2 ? header_size : bytes.size();
        switch (below(5)) {
            case 0:
                bytes[below(end)] = static_cast<char>(random());
                break;
            case 1:  // a digit: another size, offset or id
                for (std::size_t at = below(end), n = 0; n < end; ++n, at = (at + 1) % end) {
                    if (bytes[at] < '0' || bytes[at] > '9') continue;
                    bytes[at] = static_cast<char>('0' + below(10));
                    break;
                }
                break;
            case 2:
                bytes.resize(below(bytes.size()));
                break;
            case 3:
                bytes.erase(below(end), 1 + below(20));
                break;
            default:
                bytes.insert(below(end), std::string(1 + below(3), "[{\"9,-e"[below(7)]));
        }
        tree.file(names[which], bytes);
        const auto opened = open_completely(tree.path());
        if (!opened) {
            QVERIFY(!opened.error().message.empty());
            ++n_error;
        }
        tree.file(names[which], good[which]);
    }
    QVERIFY2(n_error > kFolders / 2, qPrintable(QString::number(n_error)));
}

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
