// Packed matrices and the products with them, for every quantised type and every instruction set
// this processor has, against the dequantised values in double precision.

#include "engine/backend/cpu/packed_matrix.h"
#include "engine/base/page_memory.h"
#include "tests/engine/backend/kernel_inputs.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace lares;
using cpu::Isa;
using cpu::kChunkColumns;
using cpu::Kernels;
using cpu::kPackRows;
using cpu::PackedMatrix;

namespace {

/// A random matrix, as the file has it and packed.
class Matrix {
public:
    Matrix(DType dtype, int n_rows, std::int64_t n_cols)
        : Matrix(dtype, n_rows, n_cols, test::random_rows(dtype, n_rows, n_cols, 3)) {}
    Matrix(DType dtype, int n_rows, std::int64_t n_cols, std::vector<std::byte> bytes)
        : m_bytes(std::move(bytes)) {
        packed = {dtype, n_rows, n_cols, cpu::packed_layout(dtype, n_cols), nullptr};
        m_memory = PageBuffer(packed.size_bytes());
        auto* out = reinterpret_cast<std::uint8_t*>(m_memory.data());
        packed.data = out;
        for (std::int64_t group = 0; group < packed.n_groups(); ++group)
            cpu::pack_group(
                dtype, row(kPackRows * group), row_bytes(dtype, n_cols),
                static_cast<int>(std::min<std::int64_t>(kPackRows, n_rows - kPackRows * group)),
                n_cols, out + static_cast<std::size_t>(group) * packed.layout.group_bytes);
    }
    [[nodiscard]] std::vector<float> values(std::int64_t r) const {
        std::vector<float> w(static_cast<std::size_t>(packed.n_cols));
        dequantize_row(packed.dtype, row(r), w.data(), packed.n_cols);
        return w;
    }

    PackedMatrix packed;

private:
    [[nodiscard]] const std::byte* row(std::int64_t r) const {
        return m_bytes.data() +
               static_cast<std::size_t>(r) * row_bytes(packed.dtype, packed.n_cols);
    }

    std::vector<std::byte> m_bytes;
    PageBuffer m_memory;
};

/// Room for one unpacked group.
struct Unpacked {
    explicit Unpacked(std::int64_t n_cols)
        : q(PageBuffer(static_cast<std::size_t>(n_cols) * kPackRows))
        , scale(static_cast<std::size_t>(n_cols))
        , min(scale.size())
        , group{reinterpret_cast<std::uint8_t*>(q.data()), scale.data(), min.data()} {}

    PageBuffer q;
    std::vector<float> scale, min;
    cpu::UnpackedGroup group;
};

}  // namespace

class TestPackedMatrix : public QObject {
    Q_OBJECT

private slots:
    void unpacksToTheFilesValues_data() { types(); }
    void unpacksToTheFilesValues();
    void oneTokenEqualsDouble_data() { types(); }
    void oneTokenEqualsDouble();
    void fewTokensEqualSingleOnesToTheBit_data() { types(); }
    void fewTokensEqualSingleOnesToTheBit();
    void manyTokensEqualDouble_data() { types(); }
    void manyTokensEqualDouble();
    void largestProductsDoNotOverflow_data() { types(); }
    void largestProductsDoNotOverflow();
    void rowsBesideTheMatrixAreNotWritten_data() { types(); }
    void rowsBesideTheMatrixAreNotWritten();

private:
    static void types() {
        QTest::addColumn<int>("isa");
        QTest::addColumn<int>("type");
        for (Isa isa : cpu::kIsas)
            for (int i = 0; i < kDTypeCount; ++i) {
                const auto type = static_cast<DType>(i);
                if (!cpu::packed_traits(type).is_packed) continue;
                QTest::addRow("%s %s", to_string(isa).data(), to_string(type).data())
                    << static_cast<int>(isa) << i;
            }
    }
    /// Three blocks of 256 columns, or five of 32: nothing that a loop's width divides.
    static std::int64_t cols_of(DType dtype) {
        return traits(dtype).block_elements == 256 ? 768 : 160;
    }
};

#define FETCH_KERNELS()                                                   \
    QFETCH(int, isa);                                                     \
    QFETCH(int, type);                                                    \
    const auto dtype = static_cast<DType>(type);                          \
    const std::int64_t n_cols = cols_of(dtype);                           \
    const Kernels* kernels = cpu::kernels_or_null(static_cast<Isa>(isa)); \
    if (!kernels) QSKIP("this processor does not have it");               \
    const cpu::PackedKernels& products = *kernels->packed(dtype)

void TestPackedMatrix::unpacksToTheFilesValues() {
    FETCH_KERNELS();
    const cpu::PackedTraits t = cpu::packed_traits(dtype);
    const bool is_signed = t.is_signed && static_cast<Isa>(isa) != Isa::Avx512;
    const Matrix matrix(dtype, 20, n_cols);
    const std::int64_t first_chunk = 1;
    const std::int64_t n_chunks = n_cols / kChunkColumns - 1;
    const Unpacked unpacked(n_cols);
    for (std::int64_t group = 0; group < 2; ++group) {
        products.unpack(matrix.packed, group, first_chunk, n_chunks, unpacked.group);
        for (std::int64_t r = 0; r < kPackRows && kPackRows * group + r < 20; ++r) {
            const auto want = matrix.values(kPackRows * group + r);
            for (std::int64_t c = 0; c < n_chunks * kChunkColumns; ++c) {
                const auto at = static_cast<std::size_t>(c / 4 * 64 + 4 * r + c % 4);
                const std::uint8_t byte = unpacked.group.q[at];
                const int q = is_signed ? static_cast<std::int8_t>(byte) : byte;
                const auto s = static_cast<std::size_t>(c / t.group * kPackRows + r);
                const double scale = unpacked.scale[s];
                const double got = scale * q - unpacked.min[s];
                // Scale and minimum are each rounded once.
                const double allowed =
                    2e-7 * (std::abs(scale * q) + std::abs(double{unpacked.min[s]}));
                QVERIFY2(
                    std::abs(got -
                             want[static_cast<std::size_t>(first_chunk * kChunkColumns + c)]) <=
                        allowed,
                    qPrintable(QString("row %1 column %2").arg(r).arg(c)));
            }
        }
    }
}

void TestPackedMatrix::oneTokenEqualsDouble() {
    FETCH_KERNELS();
    const test::Activations x(*kernels, test::random_floats(static_cast<std::size_t>(n_cols), 2), 1,
                              n_cols);
    for (int n_rows : {1, 8, 16, 37}) {
        const Matrix matrix(dtype, n_rows, n_cols);
        std::vector<float> y(static_cast<std::size_t>(n_rows));
        products.matvec(matrix.packed, 0, matrix.packed.n_groups(), x.rows, 1, y.data(), n_rows);
        for (int r = 0; r < n_rows; ++r)
            QVERIFY(x.is_product(0, matrix.values(r), y[static_cast<std::size_t>(r)]));
    }
}

void TestPackedMatrix::fewTokensEqualSingleOnesToTheBit() {
    FETCH_KERNELS();
    constexpr int kRows = 37;
    const Matrix matrix(dtype, kRows, n_cols);
    const auto values = test::random_floats(static_cast<std::size_t>(8 * n_cols), 2);
    const auto products_of = [&](int first, int n) {
        const auto from = values.begin() + first * n_cols;
        const test::Activations x(*kernels, {from, from + n * n_cols}, n, n_cols);
        std::vector<float> y(static_cast<std::size_t>(n * kRows));
        products.matvec(matrix.packed, 0, matrix.packed.n_groups(), x.rows, n, y.data(), kRows);
        return y;
    };
    std::vector<float> want;
    for (int n = 1; n <= 8; ++n) {
        const auto one = products_of(n - 1, 1);
        want.insert(want.end(), one.begin(), one.end());
        QVERIFY(products_of(0, n) == want);
    }
}

void TestPackedMatrix::manyTokensEqualDouble() {
    FETCH_KERNELS();
    constexpr int kTokens = 31;  // two wide tiles, a narrow one, single tokens
    constexpr int kFirst = 2;
    const test::Activations x(*kernels,
                              test::random_floats(static_cast<std::size_t>(kTokens * n_cols), 2),
                              kTokens, n_cols);
    const Matrix matrix(dtype, 23, n_cols);
    const Unpacked unpacked(n_cols);
    const std::int64_t n_chunks = n_cols / kChunkColumns;
    for (int group : {0, 1}) {
        const int n_rows = group == 0 ? kPackRows : 23 - kPackRows;
        std::vector<float> y(static_cast<std::size_t>(kTokens * kPackRows), -1.0F);
        // In two parts along the columns: the second is added to the first.
        for (std::int64_t from : {std::int64_t{0}, n_chunks / 2}) {
            const std::int64_t n = from == 0 ? n_chunks / 2 : n_chunks - from;
            products.unpack(matrix.packed, group, from, n, unpacked.group);
            products.dot(unpacked.group, from, n, x.rows, kFirst, kTokens - kFirst, y.data(),
                         kPackRows, n_rows, from > 0);
        }
        for (int t = kFirst; t < kTokens; ++t)
            for (int r = 0; r < n_rows; ++r)
                QVERIFY(x.is_product(t, matrix.values(kPackRows * group + r),
                                     y[static_cast<std::size_t>(t * kPackRows + r)]));
    }
}

/// Weights of -128, of the largest and of the smallest index, all times 127: where two products are
/// added in 16 bits they just fit.
void TestPackedMatrix::largestProductsDoNotOverflow() {
    FETCH_KERNELS();
    const test::Activations x(*kernels, std::vector<float>(static_cast<std::size_t>(n_cols), 1.0F),
                              1, n_cols);
    QCOMPARE(x.q[0], std::int8_t{127});
    const Unpacked unpacked(n_cols);
    for (const std::byte fill : {std::byte{0x80}, std::byte{0xFF}, std::byte{0x00}}) {
        std::vector<std::byte> bytes(kPackRows * row_bytes(dtype, n_cols), fill);
        test::set_scales(dtype, bytes);
        const Matrix matrix(dtype, kPackRows, n_cols, bytes);
        std::vector<float> one(kPackRows), tiled(kPackRows);
        products.matvec(matrix.packed, 0, 1, x.rows, 1, one.data(), kPackRows);
        products.unpack(matrix.packed, 0, 0, n_cols / kChunkColumns, unpacked.group);
        products.dot(unpacked.group, 0, n_cols / kChunkColumns, x.rows, 0, 1, tiled.data(),
                     kPackRows, kPackRows, false);
        for (int r = 0; r < kPackRows; ++r) {
            QVERIFY(x.is_product(0, matrix.values(r), one[static_cast<std::size_t>(r)]));
            QVERIFY(x.is_product(0, matrix.values(r), tiled[static_cast<std::size_t>(r)]));
        }
    }
}

void TestPackedMatrix::rowsBesideTheMatrixAreNotWritten() {
    FETCH_KERNELS();
    const test::Activations x(
        *kernels, test::random_floats(static_cast<std::size_t>(5 * n_cols), 2), 5, n_cols);
    const Matrix matrix(dtype, 3, n_cols);
    std::vector<float> y(5 * kPackRows, 77.0F);
    products.matvec(matrix.packed, 0, 1, x.rows, 5, y.data(), kPackRows);
    const Unpacked unpacked(n_cols);
    products.unpack(matrix.packed, 0, 0, n_cols / kChunkColumns, unpacked.group);
    products.dot(unpacked.group, 0, n_cols / kChunkColumns, x.rows, 0, 5, y.data(), kPackRows, 3,
                 false);
    for (std::size_t i = 0; i < y.size(); ++i)
        if (i % kPackRows >= 3) QCOMPARE(y[i], 77.0F);
}

QTEST_GUILESS_MAIN(TestPackedMatrix)
#include "tst_packed_matrix.moc"
