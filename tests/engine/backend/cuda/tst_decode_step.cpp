#include "app/cli/synth/synthetic_model.h"
#include "app/cli/synth/tensor_mix.h"
#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/decode_step.h"
#include "engine/backend/cuda/recurrent_state.h"
#include "kernels/mamba2_decode.h"
#include "kernels/mamba2_trial.h"
#include "kernels/matvec.h"
#include "kernels/rms_norm.h"

#include <QTest>

#include <cstring>
#include <map>
#include <string>
#include <string_view>

using namespace lares;

namespace {

/// Addresses without memory: a full-size model's launches can be counted, not run.
class CountingDevice final : public cuda::Device {
public:
    const cuda::DeviceInfo& info() const override { return m_info; }
    Result<std::size_t> free_bytes() const override { return m_info.total_bytes; }
    Result<void*> allocate(std::size_t bytes) override {
        m_next += (bytes + 255) / 256 * 256;
        return reinterpret_cast<void*>(m_next - (bytes + 255) / 256 * 256);
    }
    void release(void*) override {}
    Result<void*> allocate_host(std::size_t bytes) override { return allocate(bytes); }
    void release_host(void*) override {}
    void upload(void*, const void*, std::size_t) override {}
    Result<void> download(void*, const void*, std::size_t) override { return {}; }
    void copy(void*, const void*, std::size_t) override {}
    void zero(void*, std::size_t) override {}
    void launch(const kernels::Launch&) override {}
    Result<void> wait() override { return {}; }
    void mark() override {}
    Result<void> wait_for_mark() override { return {}; }
    void begin_capture() override {}
    Result<std::unique_ptr<cuda::Graph>> end_capture() override { return {nullptr}; }
    void replay(const cuda::Graph&) override {}

private:
    cuda::DeviceInfo m_info{"counting", 8, 9, 46, std::size_t{12} << 30};
    std::size_t m_next = std::size_t{1} << 40;
};

/// A model's weights by the tensors of its GGUF file; no bytes behind them.
Weights weights_of(const cli::SyntheticModel& model, const std::vector<DType>& types) {
    std::map<std::string, TensorView, std::less<>> tensors;
    std::size_t address = 4096;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        TensorView view{types[i], model.tensors[i].ggufShape,
                        reinterpret_cast<const std::byte*>(address)};
        address += view.size_bytes();
        tensors.emplace(model.tensors[i].ggufName, view);
    }
    const auto find = [&](const std::string& name) {
        const auto at = tensors.find(name);
        if (at == tensors.end()) qFatal("no tensor %s", name.c_str());
        return at->second;
    };
    Weights weights{
        find("token_embd.weight"), {}, find("output_norm.weight"), find("output.weight")};
    for (int i = 0; i < model.hparams.n_layer(); ++i) {
        const auto of = [&](const char* name) {
            return find("blk." + std::to_string(i) + "." + name);
        };
        LayerWeights layer{of("attn_norm.weight"), {}};
        switch (model.hparams.layers[static_cast<std::size_t>(i)]) {
            case LayerKind::Mamba2:
                layer.mixer = Mamba2Weights{of("ssm_in.weight"),   of("ssm_conv1d.weight"),
                                            of("ssm_conv1d.bias"), of("ssm_dt.bias"),
                                            of("ssm_a"),           of("ssm_d"),
                                            of("ssm_norm.weight"), of("ssm_out.weight")};
                break;
            case LayerKind::Attention:
                layer.mixer = AttentionWeights{of("attn_q.weight"), of("attn_k.weight"),
                                               of("attn_v.weight"), of("attn_output.weight")};
                break;
            case LayerKind::Mlp:
                layer.mixer = MlpWeights{of("ffn_up.weight"), of("ffn_down.weight")};
                break;
        }
        weights.layers.push_back(std::move(layer));
    }
    return weights;
}

struct TokenLaunches {
    std::vector<kernels::Launch> step;
    std::vector<kernels::Launch> sampling;
    std::vector<kernels::Launch> trial;
    kernels::Launch commit;
};
TokenLaunches launches_of(const HParams& hp, const Weights& weights) {
    const auto device = std::make_shared<CountingDevice>();
    const auto on_device = *cuda::CudaWeights::allocate(weights, device);
    const cuda::CudaOptions options{.n_ctx = 8192};
    std::size_t work = 0;
    const auto buffers = cuda::StepBuffers::carve(
        hp, options, 46, static_cast<std::byte*>(*device->allocate(1)), work);
    auto pool = *cuda::KvPool::make(device, hp, options.kv_type, 128);
    const auto kv = *cuda::KvTable::make(device, std::move(pool), options.n_ctx);
    const cuda::Sequence sequence{
        hp, *on_device, buffers, kv, static_cast<std::byte*>(*device->allocate(1)), 46};
    return {cuda::decode_launches(sequence), cuda::sample_launches(buffers, hp.n_vocab, nullptr),
            cuda::trial_launches(sequence, buffers.n_trial),
            cuda::commit_launch(sequence, 70, buffers.n_trial)};
}

template <class Params>
Params params_of(const kernels::Launch& launch) {
    Params params;
    std::memcpy(&params, launch.params, sizeof params);
    return params;
}

/// What the matrix-vector products read, from what they were given.
std::size_t weight_bytes_read(const kernels::Launch& launch) {
    const std::string_view name = launch.kernel;
    for (int i = 0; i < kernels::kWeightTypeCount; ++i) {
        const auto type = static_cast<kernels::WeightType>(i);
        const std::string type_name = kernels::to_string(type);
        if (name != "matvec_" + type_name && name != "matvec_few_" + type_name) continue;
        const auto planes = params_of<kernels::MatvecParams>(launch).w;
        return kernels::plane_layout(type, planes.rows, planes.cols).total_bytes;
    }
    return 0;
}

}  // namespace

/// What a token costs on a card, from the launches of a full-size model.
class TestDecodeStep : public QObject {
    Q_OBJECT

private slots:
    void aTokenOfTheFamilyIsFewKernelsAndEachByteOnce_data();
    void aTokenOfTheFamilyIsFewKernelsAndEachByteOnce();
    void aGroupedNormIsLeftToTheProductWhereItCan();
};

void TestDecodeStep::aTokenOfTheFamilyIsFewKernelsAndEachByteOnce_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("most_kernels");   // sampling included
    QTest::addColumn<double>("weights_mb");  // of the roofline, 0: not counted there
    // design: performance.md §2.1; the bound on launches is the issue's.
    QTest::newRow("4b") << "4b" << 160 << 2547.0;
    QTest::newRow("9b") << "9b" << 216 << 0.0;
}

void TestDecodeStep::aTokenOfTheFamilyIsFewKernelsAndEachByteOnce() {
    QFETCH(QString, model);
    QFETCH(int, most_kernels);
    QFETCH(double, weights_mb);
    const auto synthetic = *cli::syntheticModel(model.toStdString(), {});
    const auto mix = *cli::tensorMix("q4_k_m");
    const Weights weights = weights_of(synthetic, cli::ggufTypes(synthetic, mix));
    const HParams& hp = synthetic.hparams;

    const auto [launches, sampling, trial, commit] = launches_of(hp, weights);

    std::size_t read = 0;
    std::size_t state = 0;
    for (const kernels::Launch& launch : launches) {
        QVERIFY2(launch.kernel, "a shape that no kernel takes");
        read += weight_bytes_read(launch);
        if (std::string_view(launch.kernel) == "mamba2_decode")
            state += 2 * static_cast<std::size_t>(hp.ssm_state_size()) * sizeof(float);
    }
    for (const kernels::Launch& launch : sampling) QVERIFY(launch.kernel);
    const int n_kernel = static_cast<int>(launches.size() + sampling.size());
    QVERIFY2(n_kernel <= most_kernels, qPrintable(QString::number(n_kernel)));

    // Several tokens of a trial are as many launches, and read the weights as often.
    QCOMPARE(trial.size(), launches.size());
    std::size_t read_by_trial = 0;
    for (const kernels::Launch& launch : trial) {
        QVERIFY2(launch.kernel, "a shape that no kernel takes");
        read_by_trial += weight_bytes_read(launch);
    }
    QCOMPARE(read_by_trial, read);
    QVERIFY(commit.kernel);
    QCOMPARE(commit.grid.z, static_cast<std::uint32_t>(hp.n_layer(LayerKind::Mamba2)));

    // Every matrix is read once, in as many bytes as it has in the file.
    std::size_t in_file = weights.output.size_bytes();
    for (const LayerWeights& layer : weights.layers) {
        if (const auto* m = std::get_if<Mamba2Weights>(&layer.mixer))
            in_file += m->in_proj.size_bytes() + m->out_proj.size_bytes();
        else if (const auto* a = std::get_if<AttentionWeights>(&layer.mixer))
            in_file += a->q_proj.size_bytes() + a->k_proj.size_bytes() + a->v_proj.size_bytes() +
                       a->o_proj.size_bytes();
        else
            in_file += std::get<MlpWeights>(layer.mixer).up_proj.size_bytes() +
                       std::get<MlpWeights>(layer.mixer).down_proj.size_bytes();
    }
    const double ratio = static_cast<double>(read) / static_cast<double>(in_file);
    QVERIFY2(ratio > 0.99 && ratio < 1.01, qPrintable(QString::number(ratio)));
    if (weights_mb > 0) {
        const double of_roofline =
            (static_cast<double>(read) + static_cast<double>(state)) / (weights_mb * 1e6 + 165.2e6);
        QVERIFY2(of_roofline > 0.97 && of_roofline < 1.03,
                 qPrintable(QString::number(of_roofline)));
    }
}

/// More groups than a product takes: then the norm is a launch, and the product gets it done.
void TestDecodeStep::aGroupedNormIsLeftToTheProductWhereItCan() {
    const auto synthetic = *cli::syntheticModel("4b", {});
    const auto mix = *cli::tensorMix("q4_k_m");
    const Weights weights = weights_of(synthetic, cli::ggufTypes(synthetic, mix));
    for (const int n_group : {8, 48}) {
        HParams hp = synthetic.hparams;
        hp.n_group = n_group;
        const auto launches = launches_of(hp, weights).step;
        int n_norm = 0;
        for (std::size_t i = 0; i + 1 < launches.size(); ++i) {
            if (std::string_view(launches[i].kernel) != "mamba2_decode") continue;
            const auto mamba = params_of<kernels::Mamba2DecodeParams>(launches[i]);
            const bool is_launch = std::string_view(launches[i + 1].kernel) == "rms_norm";
            const auto norm = params_of<kernels::RmsNormParams>(launches[i + 1]);
            const auto product =
                params_of<kernels::MatvecParams>(launches[is_launch ? i + 2 : i + 1]);
            n_norm += is_launch ? 1 : 0;
            QCOMPARE(is_launch, n_group == 48);
            QCOMPARE(mamba.squares == nullptr, is_launch);
            QCOMPARE(mamba.gain == nullptr, is_launch);
            QCOMPARE(product.x_norm.squares, mamba.squares);
            QVERIFY(product.x_q8.q);
            if (is_launch) {
                QCOMPARE(norm.n_group, n_group);
                QCOMPARE(norm.x, mamba.y);
                QCOMPARE(norm.q.q, product.x_q8.q);
            } else {
                QCOMPARE(mamba.q_out.q, product.x_q8.q);
                QCOMPARE(product.x_norm.n_group * product.x_norm.group_size, hp.d_inner());
            }
        }
        QCOMPARE(n_norm, n_group == 48 ? 21 : 0);
    }
}

QTEST_APPLESS_MAIN(TestDecodeStep)
#include "tst_decode_step.moc"
