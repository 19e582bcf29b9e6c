#include "engine/backend/cuda/decode_step.h"

#include "kernels/embed.h"
#include "kernels/mamba2_decode.h"
#include "kernels/mamba2_trial.h"
#include "kernels/matvec.h"
#include "kernels/rms_norm.h"

namespace lares::cuda {
namespace {

using kernels::Epilogue;
using kernels::Q8Vector;

/// Floats from a layer's rows of StepBuffers::trial_kept to the next one's.
std::int64_t kept_stride(const Sequence& s) {
    return std::int64_t{s.buffers.n_trial} * trial_row_of(s.hparams).size;
}

/// Of one token, or of the `n` of a trial.
class DecodeStep {
public:
    DecodeStep(const Sequence& s, int n) : m_s(s), m_hp(s.hparams), m_b(s.buffers), m_n(n) {}

    std::vector<kernels::Launch> launches() && {
        const DeviceMatrix& table = m_s.weights.token_embedding();
        const std::int32_t* tokens = m_n == 1 ? &m_b.sequence->token : m_b.tokens;
        add(kernels::embed_launch(table.type, {table.planes, tokens, m_b.x}, m_n));
        for (const DeviceLayer& layer : m_s.weights.layers()) {
            if (const auto* mamba = std::get_if<DeviceMamba2>(&layer.mixer))
                add_mamba2(layer.norm, *mamba);
            else if (const auto* attention = std::get_if<DeviceAttention>(&layer.mixer))
                add_attention(layer.norm, *attention);
            else
                add_mlp(layer.norm, std::get<DeviceMlp>(layer.mixer));
        }
        const DeviceMatrix& head = m_s.weights.output();
        add_norm(m_s.weights.output_norm(), !head.takes_q8(), head.takes_q8());
        add_product(head, m_b.h, m_b.h_q8, m_b.logits, Epilogue::Store);
        return std::move(m_launches);
    }

private:
    void add(const kernels::Launch& launch) { m_launches.push_back(launch); }

    /// The block's input: the norm of x, in the forms its products take.
    void add_norm(const float* gain, bool wants_f32, bool wants_q8) {
        add(kernels::rms_norm_launch({.x = m_b.x,
                                      .gain = gain,
                                      .y = wants_f32 ? m_b.h : nullptr,
                                      .q = wants_q8 ? m_b.h_q8 : Q8Vector{},
                                      .n = m_hp.d_model,
                                      .eps = m_hp.norm_eps},
                                     m_n));
    }

    void add_product(const DeviceMatrix& matrix,
                     const float* x,
                     const Q8Vector& x_q8,
                     float* y,
                     Epilogue epilogue,
                     const Q8Vector& q_out = {},
                     const kernels::PendingNorm& x_norm = {}) {
        add(kernels::matvec_launch(matrix.type,
                                   {.w = matrix.planes,
                                    .x_q8 = matrix.takes_q8() ? x_q8 : Q8Vector{},
                                    .x = matrix.takes_q8() ? nullptr : x,
                                    .x_norm = x_norm,
                                    .y = y,
                                    .q_out = q_out,
                                    .epilogue = epilogue,
                                    .n_vector = m_n},
                                   m_s.n_multiprocessor));
    }

    void add_mamba2(const float* norm, const DeviceMamba2& w) {
        const RecurrentLayout layout(m_hp);
        const bool q8 = w.out_proj.takes_q8();
        const int group_size = m_hp.d_inner() / m_hp.n_group;
        // The grouped norm is finished by the out_proj, or where that cannot, by a launch.
        const bool is_pending = kernels::can_be_pending(m_hp.n_group, group_size);
        add_norm(norm, !w.in_proj.takes_q8(), w.in_proj.takes_q8());
        add_product(w.in_proj, m_b.h, m_b.h_q8, m_b.wide, Epilogue::Store);
        const kernels::Mamba2DecodeParams step{
            .u = m_b.wide,
            .conv_weight = w.conv_weight,
            .conv_bias = w.conv_bias,
            .conv_state = layout.conv(m_s.recurrent, m_n_mamba),
            .dt_bias = w.dt_bias,
            .A = w.A,
            .D = w.D,
            .gain = is_pending ? w.norm : nullptr,
            .state = layout.ssm(m_s.recurrent, m_n_mamba),
            .y = is_pending && q8 ? nullptr : m_b.inner,
            .squares = is_pending ? m_b.mamba_squares : nullptr,
            .q_out = is_pending && q8 ? m_b.inner_q8 : Q8Vector{},
            .position = &m_b.sequence->position,
            .n_head = m_hp.n_ssm_head,
            .head_dim = m_hp.ssm_head_dim,
            .d_state = m_hp.d_state,
            .n_group = m_hp.n_group};
        add(m_n == 1 ? kernels::mamba2_decode_launch(step)
                     : kernels::mamba2_trial_launch(
                           {step, m_b.trial_kept + m_n_mamba * kept_stride(m_s), m_n}));
        kernels::PendingNorm pending;
        if (is_pending)
            pending =
                kernels::pending_norm(m_b.mamba_squares, m_hp.n_group, group_size, m_hp.norm_eps);
        else
            add(kernels::rms_norm_launch({.x = m_b.inner,
                                          .gain = w.norm,
                                          .y = q8 ? nullptr : m_b.inner,
                                          .q = q8 ? m_b.inner_q8 : Q8Vector{},
                                          .n = m_hp.d_inner(),
                                          .n_group = m_hp.n_group,
                                          .eps = m_hp.norm_eps},
                                         m_n));
        add_product(w.out_proj, m_b.inner, m_b.inner_q8, m_b.x, Epilogue::Residual, {}, pending);
        ++m_n_mamba;
    }

    void add_attention(const float* norm, const DeviceAttention& w) {
        bool any_f32 = false;
        bool any_q8 = false;
        for (const DeviceMatrix& part : w.qkv) (part.takes_q8() ? any_q8 : any_f32) = true;
        add_norm(norm, any_f32, any_q8);
        // Each product [n, rows of its matrix]: q, k and v are columns of one.
        const int first_row[] = {0, m_hp.d_q(), m_hp.d_q() + m_hp.d_kv()};
        const float* parts[3] = {};
        int strides[3] = {};
        int rows_before = 0;
        for (const DeviceMatrix& matrix : w.qkv) {
            float* to = m_b.wide + std::int64_t{m_n} * rows_before;
            add_product(matrix, m_b.h, m_b.h_q8, to, Epilogue::Store);
            for (int part = 0; part < 3; ++part) {
                const int row = first_row[part] - rows_before;
                if (row < 0 || row >= matrix.rows()) continue;
                parts[part] = to + row;
                strides[part] = matrix.rows();
            }
            rows_before += matrix.rows();
        }
        const KvPool& pool = m_s.kv.pool();
        const bool q8 = w.o_proj.takes_q8();
        add(kernels::attention_decode_launch(pool.type(), {.q = parts[0],
                                                           .k = parts[1],
                                                           .v = parts[2],
                                                           .k_cache = pool.keys(m_n_attention),
                                                           .v_cache = pool.values(m_n_attention),
                                                           .block_table = m_s.kv.device_table(),
                                                           .position = &m_b.sequence->position,
                                                           .partial = m_b.attention_partial,
                                                           .partial_ml = m_b.attention_partial_ml,
                                                           .arrived = m_b.attention_arrived,
                                                           .out = m_b.inner,
                                                           .q_out = q8 ? m_b.inner_q8 : Q8Vector{},
                                                           .n_head = m_hp.n_head,
                                                           .n_kv_head = m_hp.n_kv_head,
                                                           .head_dim = m_hp.head_dim,
                                                           .n_split = m_b.n_split,
                                                           .n_token = m_n,
                                                           .q_stride = strides[0],
                                                           .k_stride = strides[1],
                                                           .v_stride = strides[2],
                                                           .k_scale = w.k_scale,
                                                           .v_scale = w.v_scale}));
        add_product(w.o_proj, m_b.inner, m_b.inner_q8, m_b.x, Epilogue::Residual);
        ++m_n_attention;
    }

    void add_mlp(const float* norm, const DeviceMlp& w) {
        add_norm(norm, !w.up_proj.takes_q8(), w.up_proj.takes_q8());
        const bool q8 = w.down_proj.takes_q8();
        add_product(w.up_proj, m_b.h, m_b.h_q8, q8 ? nullptr : m_b.wide, Epilogue::Relu2,
                    q8 ? m_b.inner_q8 : Q8Vector{});
        add_product(w.down_proj, m_b.wide, m_b.inner_q8, m_b.x, Epilogue::Residual);
    }

    const Sequence& m_s;
    const HParams& m_hp;
    const StepBuffers& m_b;
    int m_n;
    std::vector<kernels::Launch> m_launches;
    int m_n_mamba = 0;
    int m_n_attention = 0;
};

}  // namespace

std::vector<kernels::Launch> decode_launches(const Sequence& sequence) {
    return DecodeStep(sequence, 1).launches();
}

std::vector<kernels::Launch> trial_launches(const Sequence& sequence, int n) {
    return DecodeStep(sequence, n).launches();
}

kernels::Launch commit_launch(const Sequence& s, int position, int n_kept) {
    const HParams& hp = s.hparams;
    const RecurrentLayout layout(hp);
    return kernels::mamba2_commit_launch(
        {.state = layout.ssm(s.recurrent, 0),
         .conv_state = layout.conv(s.recurrent, 0),
         .kept = s.buffers.trial_kept,
         .state_stride = static_cast<std::int64_t>(layout.layer_bytes / sizeof(float)),
         .kept_stride = kept_stride(s),
         .position = position,
         .n_kept = n_kept,
         .n_layer = hp.n_layer(LayerKind::Mamba2),
         .n_head = hp.n_ssm_head,
         .head_dim = hp.ssm_head_dim,
         .d_state = hp.d_state,
         .n_group = hp.n_group});
}

std::vector<kernels::Launch> sample_launches(const StepBuffers& buffers,
                                             int n_vocab,
                                             kernels::SamplePicked* picked) {
    const kernels::SampleParams params{.logits = buffers.logits,
                                       .work = buffers.sample_work,
                                       .allowed = buffers.sample_allowed,
                                       .seen = buffers.sample_seen,
                                       .window = buffers.sample_window,
                                       .settings = buffers.sample_settings,
                                       .state = buffers.sequence,
                                       .picked = picked,
                                       .bins = buffers.sample_bins,
                                       .listed = buffers.sample_listed,
                                       .n_vocab = n_vocab};
    return {kernels::sample_scan_launch(params), kernels::sample_bins_launch(params),
            kernels::sample_pick_launch(params)};
}

}  // namespace lares::cuda
