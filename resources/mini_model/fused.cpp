// The row-wise parts of attention for training on a CPU, each in one pass over the scores
// (float or bfloat16, in place). A row's keys are `shared` (the prompt that all rows have, [H,b,T,L]) and
// then `own` up to the row itself ([b,H,T,T]).
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

using u16 = uint16_t;

inline float up(u16 x) {
    uint32_t bits = uint32_t(x) << 16;
    float f;
    std::memcpy(&f, &bits, 4);
    return f;
}

inline float up(float x) { return x; }

template <class T>
T down(float f) {
    if constexpr (sizeof(T) == 4) {
        return f;
    } else {
        uint32_t bits;
        std::memcpy(&bits, &f, 4);
        return u16((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}

struct Shape {
    int64_t b, H, T, L;
    int64_t shared(int64_t i, int64_t t) const { return (((i % H) * b + i / H) * T + t) * L; }
    int64_t own(int64_t i, int64_t t) const { return (i * T + t) * T; }
};


template <class V>
void softmax(V* shared, V* own, int64_t b, int64_t H, int64_t T, int64_t L) {
    const Shape shape{b, H, T, L};
#pragma omp parallel for
    for (int64_t i = 0; i < b * H; i++) {
        std::vector<float> buffer(L + T);
        float* e = buffer.data();
        for (int64_t t = 0; t < T; t++) {
            V *s = shared + shape.shared(i, t), *o = own + shape.own(i, t);
            const int64_t n = t + 1;
            for (int64_t j = 0; j < L; j++) e[j] = up(s[j]);
            for (int64_t j = 0; j < n; j++) e[L + j] = up(o[j]);
            float top = e[0], sum = 0;
            for (int64_t j = 0; j < L + n; j++) top = e[j] > top ? e[j] : top;
            for (int64_t j = 0; j < L + n; j++) e[j] = expf(e[j] - top);
            for (int64_t j = 0; j < L + n; j++) sum += e[j];
            const float scale = 1 / sum;
            for (int64_t j = 0; j < L; j++) s[j] = down<V>(e[j] * scale);
            for (int64_t j = 0; j < n; j++) o[j] = down<V>(e[L + j] * scale);
            std::memset(o + n, 0, size_t(T - n) * sizeof(V));
        }
    }
}

// grads of the probabilities -> grads of the scores, in place
template <class V>
void softmax_backward(const V* shared, const V* own, V* d_shared, V* d_own, int64_t b, int64_t H, int64_t T, int64_t L) {
    const Shape shape{b, H, T, L};
#pragma omp parallel for
    for (int64_t i = 0; i < b * H; i++) {
        for (int64_t t = 0; t < T; t++) {
            const V *s = shared + shape.shared(i, t), *o = own + shape.own(i, t);
            V *gs = d_shared + shape.shared(i, t), *go = d_own + shape.own(i, t);
            const int64_t n = t + 1;
            float sum = 0;
            for (int64_t j = 0; j < L; j++) sum += up(s[j]) * up(gs[j]);
            for (int64_t j = 0; j < n; j++) sum += up(o[j]) * up(go[j]);
            for (int64_t j = 0; j < L; j++) gs[j] = down<V>(up(s[j]) * (up(gs[j]) - sum));
            for (int64_t j = 0; j < n; j++) go[j] = down<V>(up(o[j]) * (up(go[j]) - sum));
            std::memset(go + n, 0, size_t(T - n) * sizeof(V));
        }
    }
}

}  // namespace

extern "C" {
void lares_softmax_f32(float* s, float* o, int64_t b, int64_t H, int64_t T, int64_t L) { softmax(s, o, b, H, T, L); }
void lares_softmax_bf16(u16* s, u16* o, int64_t b, int64_t H, int64_t T, int64_t L) { softmax(s, o, b, H, T, L); }
void lares_softmax_backward_f32(const float* s, const float* o, float* ds, float* d_o, int64_t b, int64_t H, int64_t T, int64_t L) {
    softmax_backward(s, o, ds, d_o, b, H, T, L);
}
void lares_softmax_backward_bf16(const u16* s, const u16* o, u16* ds, u16* d_o, int64_t b, int64_t H, int64_t T, int64_t L) {
    softmax_backward(s, o, ds, d_o, b, H, T, L);
}
}
