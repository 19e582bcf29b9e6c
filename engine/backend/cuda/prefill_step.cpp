#include "engine/backend/cuda/prefill_step.h"

#include "kernels/attention_prefill.h"
#include "kernels/conv1d_prefill.h"
#include "kernels/embed.h"
#include "kernels/matmul.h"
#include "kernels/matmul_plain.h"
#include "kernels/rms_norm.h"
#include "kernels/ssd_prefill.h"

namespace lares::cuda {

using kernels::Epilogue;
using kernels::Q8Vector;

void PrefillStep::embed() const {
    const DeviceMatrix& table = m_s.weights.token_embedding();
    m_device.launch(kernels::embed_launch(table.type, {table.planes, m_b.tokens, m_b.x}, m_n));
}

void PrefillStep::norm(const float* gain, bool wants_f32, bool wants_q8) const {
    m_device.launch(kernels::rms_norm_launch({.x = m_b.x,
                                              .gain = gain,
                                              .y = wants_f32 ? m_b.h : nullptr,
                                              .q = wants_q8 ? m_b.h_q8 : Q8Vector{},
                                              .n = m_hp.d_model,
                                              .eps = m_hp.norm_eps},
                                             m_n));
}

void PrefillStep::quantize(const float* x, int cols) const {
    m_device.launch(kernels::quantize_launch(x, m_b.inner_q8, m_n, cols));
}

void PrefillStep::product(const DeviceMatrix& matrix,
                          const float* x,
                          const Q8Vector& x_q8,
                          float* y,
                          Epilogue epilogue) const {
    if (matrix.takes_q8()) {
        m_device.launch(kernels::matmul_launch(
            matrix.type, {.w = matrix.planes, .x = x_q8, .y = y, .n = m_n, .epilogue = epilogue}));
        return;
    }
    if (m_library.multiply(matrix, x, y, m_n, epilogue)) return;
    m_device.launch(kernels::matmul_plain_launch(
        matrix.type, {.w = matrix.planes, .x = x, .y = y, .n = m_n, .epilogue = epilogue}));
}

void PrefillStep::mamba2(const DeviceLayer& layer, int index) const {
    const auto& w = std::get<DeviceMamba2>(layer.mixer);
    const RecurrentLayout layout(m_hp);
    norm(layer.norm, !w.in_proj.takes_q8(), w.in_proj.takes_q8());
    product(w.in_proj, m_b.h, m_b.h_q8, m_b.wide, Epilogue::Store);
    const kernels::Conv1dPrefillParams conv{.u = m_b.wide,
                                            .weight = w.conv_weight,
                                            .bias = w.conv_bias,
                                            .dt_bias = w.dt_bias,
                                            .state = layout.conv(m_s.recurrent, index),
                                            .xBC = m_b.xBC,
                                            .dt = m_b.dt,
                                            .position = &m_b.sequence->position,
                                            .n = m_n,
                                            .d_inner = m_hp.d_inner(),
                                            .n_channel = m_hp.d_conv_channels(),
                                            .n_head = m_hp.n_ssm_head};
    m_device.launch(kernels::conv1d_prefill_launch(conv));
    m_device.launch(kernels::conv1d_store_launch(conv));
    m_device.launch(kernels::ssd_prefill_launch({.xBC = m_b.xBC,
                                                 .dt = m_b.dt,
                                                 .z = m_b.wide,
                                                 .A = w.A,
                                                 .D = w.D,
                                                 .state = layout.ssm(m_s.recurrent, index),
                                                 .y = m_b.inner,
                                                 .n = m_n,
                                                 .z_stride = m_hp.d_in_proj(),
                                                 .n_head = m_hp.n_ssm_head,
                                                 .head_dim = m_hp.ssm_head_dim,
                                                 .d_state = m_hp.d_state,
                                                 .n_group = m_hp.n_group}));
    m_device.launch(
        kernels::rms_norm_launch({.x = m_b.inner,
                                  .gain = w.norm,
                                  .y = m_b.inner,
                                  .q = w.out_proj.takes_q8() ? m_b.inner_q8 : Q8Vector{},
                                  .n = m_hp.d_inner(),
                                  .n_group = m_hp.n_group,
                                  .eps = m_hp.norm_eps},
                                 m_n));
    product(w.out_proj, m_b.inner, m_b.inner_q8, m_b.x, Epilogue::Residual);
}

void PrefillStep::attention(const DeviceLayer& layer, int index) const {
    const auto& w = std::get<DeviceAttention>(layer.mixer);
    bool any_f32 = false;
    bool any_q8 = false;
    for (const DeviceMatrix& part : w.qkv) (part.takes_q8() ? any_q8 : any_f32) = true;
    norm(layer.norm, any_f32, any_q8);
    // Each product [n, rows of its matrix] on its own: what q, k and v are is a column range of
    // one.
    const int first_row[] = {0, m_hp.d_q(), m_hp.d_q() + m_hp.d_kv()};
    const float* parts[3] = {};
    int strides[3] = {};
    int rows_before = 0;
    for (const DeviceMatrix& matrix : w.qkv) {
        float* y = m_b.wide + std::int64_t{m_n} * rows_before;
        product(matrix, m_b.h, m_b.h_q8, y, Epilogue::Store);
        for (int part = 0; part < 3; ++part) {
            const int row = first_row[part] - rows_before;
            if (row < 0 || row >= matrix.rows()) continue;
            parts[part] = y + row;
            strides[part] = matrix.rows();
        }
        rows_before += matrix.rows();
    }
    const KvPool& pool = m_s.kv.pool();
    const kernels::AttentionPrefillParams attend{.q = parts[0],
                                                 .k = parts[1],
                                                 .v = parts[2],
                                                 .k_cache = pool.keys(index),
                                                 .v_cache = pool.values(index),
                                                 .block_table = m_s.kv.device_table(),
                                                 .position = &m_b.sequence->position,
                                                 .out = m_b.inner,
                                                 .n = m_n,
                                                 .q_stride = strides[0],
                                                 .k_stride = strides[1],
                                                 .v_stride = strides[2],
                                                 .n_head = m_hp.n_head,
                                                 .n_kv_head = m_hp.n_kv_head,
                                                 .head_dim = m_hp.head_dim,
                                                 .k_scale = w.k_scale,
                                                 .v_scale = w.v_scale};
    m_device.launch(kernels::attention_store_launch(pool.type(), attend));
    m_device.launch(kernels::attention_prefill_launch(pool.type(), attend));
    if (w.o_proj.takes_q8()) quantize(m_b.inner, m_hp.d_q());
    product(w.o_proj, m_b.inner, m_b.inner_q8, m_b.x, Epilogue::Residual);
}

void PrefillStep::mlp(const DeviceLayer& layer) const {
    const auto& w = std::get<DeviceMlp>(layer.mixer);
    norm(layer.norm, !w.up_proj.takes_q8(), w.up_proj.takes_q8());
    product(w.up_proj, m_b.h, m_b.h_q8, m_b.wide, Epilogue::Relu2);
    if (w.down_proj.takes_q8()) quantize(m_b.wide, m_hp.d_ff);
    product(w.down_proj, m_b.wide, m_b.inner_q8, m_b.x, Epilogue::Residual);
}

void PrefillStep::logits(int row) const {
    const DeviceMatrix& head = m_s.weights.output();
    const bool q8 = head.takes_q8();
    m_device.launch(kernels::rms_norm_launch({.x = m_b.x + std::int64_t{row} * m_hp.d_model,
                                              .gain = m_s.weights.output_norm(),
                                              .y = q8 ? nullptr : m_b.h,
                                              .q = q8 ? m_b.h_q8 : Q8Vector{},
                                              .n = m_hp.d_model,
                                              .eps = m_hp.norm_eps},
                                             1));
    m_device.launch(kernels::matvec_launch(head.type,
                                           {.w = head.planes,
                                            .x_q8 = q8 ? m_b.h_q8 : Q8Vector{},
                                            .x = q8 ? nullptr : m_b.h,
                                            .x_norm = {},
                                            .y = m_b.logits,
                                            .q_out = {}},
                                           m_s.n_multiprocessor));
}

}  // namespace lares::cuda
