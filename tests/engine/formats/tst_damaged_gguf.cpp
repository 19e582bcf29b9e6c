#include "engine/formats/gguf_parser.h"
#include "engine/formats/gguf_reader.h"
#include "engine/model/gguf_weights.h"
#include "engine/model/model.h"
#include "engine/tokenizer/bpe_tokenizer.h"
#include "tests/support/gguf_fields.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <span>

using namespace lares;
using lares::test::GgufField;
using lares::test::GgufWriter;
using Kind = lares::test::GgufField::Kind;

namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr const char* kFileName = "damaged-model.gguf";

/// A good file and where its header's fields are.
struct BaseFile {
    std::string name;
    std::string bytes;
    std::vector<GgufField> fields;
    bool has_model;  // or only a vocabulary

    BaseFile(std::string n, std::string b, bool model)
        : name(std::move(n))
        , bytes(std::move(b))
        , fields(test::gguf_fields(bytes))
        , has_model(model) {}

    [[nodiscard]] std::uint64_t header_size() const {
        return fields.back().offset + fields.back().size_bytes;
    }
};

BaseFile golden(const std::string& name) {
    return {name, test::read_file(test::data_file("golden/" + name)), true};
}

/// Keys of many types and no tensors.
BaseFile small_vocabulary() {
    GgufWriter writer;
    writer.key("general.architecture", "nemotron_h")
        .key("general.alignment", std::uint32_t{64})
        .key("u8", std::uint8_t{1})
        .key("i16", std::int16_t{-1})
        .key("f64", 0.5)
        .key("yes", true)
        .key("tokenizer.ggml.model", "gpt2")
        .key("tokenizer.ggml.pre", "pixtral")
        .texts("tokenizer.ggml.tokens", {"<unk>", "a", "b", "ab", "</s>"})
        .array<float>("tokenizer.ggml.scores", {0.0F, 1.0F, 2.0F, 3.0F, 4.0F})
        .array<std::int32_t>("tokenizer.ggml.token_type", {2, 1, 1, 1, 3})
        .texts("tokenizer.ggml.merges", {"a b"})
        // Longer than the padding that may follow, so that every record in front is missed.
        .key("general.a_key_of_more_than_sixty_four_bytes_at_the_end_of_the_metadata", true);
    return {"small vocabulary", writer.bytes(), false};
}

const std::vector<BaseFile>& base_files() {
    static const std::vector<BaseFile> kFiles{golden("t-MIX.gguf"), golden("t-Q4_K.gguf"),
                                              small_vocabulary()};
    return kFiles;
}

/// The stages that a model file goes through, over a copy of exactly its size, so that a sanitizer
/// sees every read past its end.
Result<void> load(std::string_view bytes, bool has_model) {
    const auto whole = std::as_bytes(std::span(bytes));
    const std::vector<std::byte> copy(whole.begin(), whole.end());
    ASSIGN_OR_RETURN(const auto file, GgufFile::parse(copy, kFileName));
    if (has_model) {
        ASSIGN_OR_RETURN(const auto hparams, read_hparams(file));
        ASSIGN_OR_RETURN(const auto weights, bind_weights(GgufWeights(file), hparams));
    }
    ASSIGN_OR_RETURN(const auto tokenizer, BpeTokenizer::from_gguf(file));
    return {};
}

enum class Expect {
    Refused,         ///< with an error that names its cause
    RefusedOrLoads,  ///< the damage may change nothing that matters
    Loads,
};

/// What is wrong with how loading ended; empty when nothing is. `names` must be in the message.
QString complaint(const BaseFile& file,
                  std::string_view bytes,
                  Expect expect,
                  const std::string& names = {}) {
    const Result<void> loaded = load(bytes, file.has_model);
    if (loaded) return expect == Expect::Refused ? "it was loaded" : QString();
    const QString message = QString::fromStdString(loaded.error().message);
    if (expect == Expect::Loads) return "refused: " + message;
    if (loaded.error().code == ErrorCode::Internal) return "an internal error: " + message;
    if (!message.startsWith(QString(kFileName) + ": ")) return "no file name: " + message;
    if (message.count(kFileName) > 1) return "more than one file name: " + message;
    if (message.size() < static_cast<int>(std::strlen(kFileName)) + 12)
        return "no cause: " + message;
    if (!message.contains(QString::fromStdString(names)))
        return "does not name " + QString::fromStdString(names) + ": " + message;
    return {};
}

/// The same numbers on every machine.
class Dice {
public:
    explicit Dice(unsigned seed) : m_engine(seed) {}
    std::uint64_t below(std::uint64_t n) { return m_engine() % n; }

private:
    std::mt19937_64 m_engine;
};

std::string with_bytes(std::string bytes, std::uint64_t offset, std::string_view value) {
    return bytes.replace(offset, value.size(), value);
}

std::uint64_t read_field(const BaseFile& file, const GgufField& field) {
    std::uint64_t value = 0;
    std::memcpy(&value, file.bytes.data() + field.offset, field.size_bytes);
    return value;
}

std::string with_field(const BaseFile& file, const GgufField& field, std::uint64_t value) {
    const std::string encoded = GgufWriter::little_endian(value);
    return with_bytes(file.bytes, field.offset,
                      std::string_view(encoded).substr(0, field.size_bytes));
}

/// Counts and lengths: the fields that decide how much is read next.
bool is_length(Kind kind) {
    switch (kind) {
        case Kind::TensorCount:
        case Kind::KeyCount:
        case Kind::KeyLength:
        case Kind::TextLength:
        case Kind::ElementCount:
        case Kind::NameLength:
        case Kind::DimCount:
            return true;
        default:
            return false;
    }
}

/// A word that a message about this field must hold.
std::string named_by(const GgufField& field) {
    // A damaged name is read as another name, and a count has no owner.
    const bool anonymous = field.kind == Kind::KeyLength || field.kind == Kind::NameLength;
    return anonymous ? std::string() : field.owner.substr(0, 40);
}

/// Whether a file cannot be used without this key.
bool is_needed(std::string_view key) {
    static constexpr std::array<std::string_view, 4> kTokenizer{
        "tokenizer.ggml.model", "tokenizer.ggml.tokens", "tokenizer.ggml.token_type",
        "tokenizer.ggml.merges"};
    static constexpr std::array<std::string_view, 3> kNotNeeded{
        "nemotron_h.vocab_size", "nemotron_h.rope.dimension_count",
        "nemotron_h.attention.layer_norm_epsilon"};
    if (std::ranges::count(kTokenizer, key)) return true;
    return key.starts_with("nemotron_h.") && !std::ranges::count(kNotNeeded, key);
}

QString where(const BaseFile& file, const GgufField& field, const QString& damage) {
    return QString("%1, %2 of '%3' at byte %4: %5: ")
        .arg(QString::fromStdString(file.name), test::to_string(field.kind),
             QString::fromStdString(field.owner))
        .arg(field.offset)
        .arg(damage);
}

int g_n_damaged = 0;  // files made; reported and checked at the end

}  // namespace

// In a loop over `file` in base_files().
#define VERIFY_DAMAGE(place, ...)                               \
    do {                                                        \
        ++g_n_damaged;                                          \
        const QString wrong = complaint(file, __VA_ARGS__);     \
        QVERIFY2(wrong.isEmpty(), qPrintable((place) + wrong)); \
    } while (false)

/// Some thousand damaged model files, made the same way each time. Each must be refused with an
/// error that names the file and the cause, or load where the damage does not matter. Runs in the
/// sanitizer build too.
class TestDamagedGguf : public QObject {
    Q_OBJECT

private slots:
    void baseFilesLoad();
    void refusesTruncationAtEveryField();
    void refusesTruncationAnywhere();
    void refusesHostileCountsAndLengths();
    void refusesHostileDimensions();
    void refusesHostileOffsets();
    void refusesUnknownTypes();
    void refusesTensorsThatShareBytes();
    void refusesNamesThatAreThereTwice();
    void refusesMissingTensors();
    void refusesTurnedMatrices();
    void refusesMissingKeys();
    void refusesNumbersOfTheWrongType();
    void refusesOtherDimensions();
    void refusesOtherArchitectures();
    void survivesOtherValueTypes();
    void survivesFlippedBitsInTheHeader();
    void survivesRandomBytesInTheHeader();
    void loadsWithFlippedBitsInTheWeights();
    void madeAtLeastFiveHundredFiles();
};

void TestDamagedGguf::baseFilesLoad() {
    for (const BaseFile& file : base_files()) {
        const QString wrong = complaint(file, file.bytes, Expect::Loads);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
}

void TestDamagedGguf::refusesTruncationAtEveryField() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            for (const std::uint64_t part : {std::uint64_t{0}, field.size_bytes / 2}) {
                const std::string cut(file.bytes, 0, field.offset + part);
                VERIFY_DAMAGE(where(file, field, "cut"), cut, Expect::Refused);
            }
        }
    }
}

void TestDamagedGguf::refusesTruncationAnywhere() {
    Dice dice(1);
    for (const BaseFile& file : base_files()) {
        for (int i = 0; i < 100; ++i) {
            // The last tensor's padding is not missed.
            const std::uint64_t size = dice.below(file.bytes.size() - 32);
            VERIFY_DAMAGE(QString("cut to %1: ").arg(size), file.bytes.substr(0, size),
                          Expect::Refused);
        }
    }
}

void TestDamagedGguf::refusesHostileCountsAndLengths() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (!is_length(field.kind)) continue;
            const std::uint64_t good = read_field(file, field);
            for (const std::uint64_t value :
                 Numbers{~0ULL, ~0ULL >> 1, 1ULL << 63, 1ULL << 61, (1ULL << 60) + 1, 1ULL << 32,
                         1ULL << 31, 0xFFFFFFFFULL, std::uint64_t{file.bytes.size()},
                         good + (1 << 20), good + 1, good - 1}) {
                const std::uint64_t stored = field.size_bytes == 4 ? value & 0xFFFFFFFFU : value;
                if (stored == good) continue;
                // A neighbouring length shifts everything behind it; the error may name that.
                const bool close = stored == good + 1 || stored == good - 1;
                VERIFY_DAMAGE(where(file, field, QString::number(value)),
                              with_field(file, field, value), Expect::Refused,
                              close ? std::string() : named_by(field));
            }
        }
    }
}

void TestDamagedGguf::refusesHostileDimensions() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::Dim) continue;
            for (const std::uint64_t value :
                 Numbers{std::uint64_t{0}, ~0ULL, 1ULL << 63, ~0ULL >> 1, 1ULL << 62, 1ULL << 32,
                         (1ULL << 31) + 1, 1ULL << 31, 1ULL << 30, read_field(file, field) * 1024})
                VERIFY_DAMAGE(where(file, field, QString::number(value)),
                              with_field(file, field, value), Expect::Refused, field.owner);
        }
    }
}

void TestDamagedGguf::refusesHostileOffsets() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::Offset) continue;
            const std::uint64_t good = read_field(file, field);
            for (const std::uint64_t value :
                 Numbers{~0ULL, ~0ULL - 31, 1ULL << 63, (1ULL << 63) - 32, 1ULL << 32, good + 1,
                         good + 2, std::uint64_t{file.bytes.size()} / 32 * 32, good + 32})
                VERIFY_DAMAGE(where(file, field, QString::number(value)),
                              with_field(file, field, value), Expect::Refused, field.owner);
        }
    }
}

void TestDamagedGguf::refusesUnknownTypes() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            const bool of_tensor = field.kind == Kind::TensorType;
            const bool of_value = field.kind == Kind::ValueType || field.kind == Kind::ElementType;
            if (!of_tensor && !of_value) continue;
            for (const std::uint32_t value : {13U, 4U, 77U, 0xFFFFFFFFU, 1U << 31}) {
                if (of_value && value < 13) continue;
                if (of_tensor && value == 13) continue;  // Q5_K
                VERIFY_DAMAGE(where(file, field, QString::number(value)),
                              with_field(file, field, value), Expect::Refused, field.owner);
            }
        }
    }
}

void TestDamagedGguf::refusesTensorsThatShareBytes() {
    for (const BaseFile& file : base_files()) {
        const GgufField* last = nullptr;
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::Offset) continue;
            if (last) {
                VERIFY_DAMAGE(where(file, field, "as " + QString::fromStdString(last->owner)),
                              with_field(file, field, read_field(file, *last)), Expect::Refused,
                              field.owner);
            }
            last = &field;
        }
    }
}

void TestDamagedGguf::refusesNamesThatAreThereTwice() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& one : file.fields) {
            if (one.kind != Kind::Key && one.kind != Kind::Name) continue;
            for (const GgufField& other : file.fields) {
                if (other.kind != one.kind || other.offset <= one.offset) continue;
                if (other.size_bytes != one.size_bytes) continue;
                VERIFY_DAMAGE(where(file, other, "as " + QString::fromStdString(one.owner)),
                              with_bytes(file.bytes, other.offset, one.owner), Expect::Refused,
                              one.owner);
            }
        }
    }
}

void TestDamagedGguf::refusesMissingTensors() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            // A file without a head uses the embedding in its place.
            if (field.kind != Kind::Name || field.owner == "output.weight") continue;
            VERIFY_DAMAGE(where(file, field, "renamed"),
                          with_bytes(file.bytes, field.offset + field.size_bytes - 1, "?"),
                          Expect::Refused, field.owner);
        }
    }
}

void TestDamagedGguf::refusesTurnedMatrices() {
    for (const BaseFile& file : base_files()) {
        for (std::size_t i = 0; i + 2 < file.fields.size(); ++i) {
            const GgufField& inner = file.fields[i];
            const GgufField& outer = file.fields[i + 1];
            if (inner.kind != Kind::Dim || outer.kind != Kind::Dim) continue;
            const std::uint64_t cols = read_field(file, inner);
            const std::uint64_t rows = read_field(file, outer);
            if (cols == rows) continue;
            std::string turned = with_field(file, inner, rows);
            turned = with_bytes(turned, outer.offset, GgufWriter::little_endian(cols));
            // Converters differ in how they write these, so only their length counts.
            const bool any_shape = inner.owner.ends_with("ssm_a") ||
                                   inner.owner.ends_with("ssm_d") ||
                                   inner.owner.ends_with("ssm_norm.weight");
            VERIFY_DAMAGE(where(file, inner, "turned"), turned,
                          any_shape ? Expect::Loads : Expect::Refused, inner.owner);
        }
    }
}

void TestDamagedGguf::refusesMissingKeys() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::Key || !is_needed(field.owner)) continue;
            VERIFY_DAMAGE(where(file, field, "renamed"),
                          with_bytes(file.bytes, field.offset + field.size_bytes - 1, "?"),
                          Expect::Refused, field.owner);
        }
    }
}

void TestDamagedGguf::refusesNumbersOfTheWrongType() {
    for (const BaseFile& file : base_files()) {
        for (std::size_t i = 0; i + 1 < file.fields.size(); ++i) {
            const GgufField& type = file.fields[i];
            const bool of_value = type.kind == Kind::ValueType || type.kind == Kind::ElementType;
            if (!of_value || !is_needed(type.owner)) continue;
            // The other type has the same size, so that nothing else moves.
            const auto now = static_cast<GgufType>(read_field(file, type));
            if (now != GgufType::U32 && now != GgufType::I32 && now != GgufType::F32) continue;
            const GgufType other = now == GgufType::F32 ? GgufType::U32 : GgufType::F32;
            VERIFY_DAMAGE(where(file, type, "as another type"),
                          with_field(file, type, static_cast<std::uint64_t>(other)),
                          Expect::Refused, type.owner);
        }
    }
}

void TestDamagedGguf::refusesOtherDimensions() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::Value || field.value_type != 4) continue;
            if (!is_needed(field.owner) || field.owner == "nemotron_h.context_length") continue;
            const std::uint64_t good = read_field(file, field);
            for (const std::uint64_t value : Numbers{0, good + 1, good - 1, good * 2, 0xFFFFFFFFU,
                                                     1U << 31, 1U << 24, 0x7FFFFFFFU})
                VERIFY_DAMAGE(where(file, field, QString::number(value)),
                              with_field(file, field, value), Expect::Refused);
        }
    }
}

void TestDamagedGguf::refusesOtherArchitectures() {
    for (const BaseFile& file : base_files()) {
        if (!file.has_model) continue;
        const std::uint64_t at = file.bytes.find("nemotron_h");
        for (const char* other : {"nemotron_i", "llama3.2.1", "mamba\n\x1b[2J", "          "})
            VERIFY_DAMAGE(QString("architecture %1: ").arg(other),
                          with_bytes(file.bytes, at, std::string_view(other, 10)), Expect::Refused,
                          "architecture");
    }
}

void TestDamagedGguf::survivesOtherValueTypes() {
    for (const BaseFile& file : base_files()) {
        for (const GgufField& field : file.fields) {
            if (field.kind != Kind::ValueType && field.kind != Kind::ElementType) continue;
            for (std::uint64_t type = 0; type < 13; ++type)
                VERIFY_DAMAGE(where(file, field, QString::number(type)),
                              with_field(file, field, type), Expect::RefusedOrLoads);
        }
    }
}

void TestDamagedGguf::survivesFlippedBitsInTheHeader() {
    Dice dice(2);
    for (const BaseFile& file : base_files()) {
        for (int i = 0; i < 1000; ++i) {
            // A random field first, so that long texts do not take most of the flips.
            const GgufField& field = file.fields[dice.below(file.fields.size())];
            if (field.size_bytes == 0) continue;
            const std::uint64_t at = field.offset + dice.below(field.size_bytes);
            std::string bytes = file.bytes;
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8)));
            VERIFY_DAMAGE(where(file, field, QString("flip in byte %1").arg(at)), bytes,
                          Expect::RefusedOrLoads);
        }
    }
}

void TestDamagedGguf::survivesRandomBytesInTheHeader() {
    Dice dice(3);
    for (const BaseFile& file : base_files()) {
        for (int i = 0; i < 300; ++i) {
            std::string bytes = file.bytes;
            for (std::uint64_t n = 1 + dice.below(8); n > 0; --n)
                bytes[dice.below(file.header_size())] = static_cast<char>(dice.below(256));
            VERIFY_DAMAGE(QString("%1, random bytes %2: ").arg(file.name.c_str()).arg(i), bytes,
                          Expect::RefusedOrLoads);
        }
    }
}

void TestDamagedGguf::loadsWithFlippedBitsInTheWeights() {
    Dice dice(4);
    for (const BaseFile& file : base_files()) {
        const std::uint64_t data_start = file.header_size() + 32;
        if (file.bytes.size() <= data_start) continue;
        for (int i = 0; i < 20; ++i) {
            std::string bytes = file.bytes;
            const std::uint64_t at = data_start + dice.below(bytes.size() - data_start);
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8)));
            VERIFY_DAMAGE(QString("flip in byte %1: ").arg(at), bytes, Expect::Loads);
        }
    }
}

void TestDamagedGguf::madeAtLeastFiveHundredFiles() {
    qInfo("%d damaged files", g_n_damaged);
    QVERIFY(g_n_damaged >= 500);
}

QTEST_APPLESS_MAIN(TestDamagedGguf)
#include "tst_damaged_gguf.moc"
