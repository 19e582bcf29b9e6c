#include "engine/tensor/shape.h"

namespace lares {

std::string to_string(const Shape& shape) {
    std::string text = "[";
    for (int i = 0; i < shape.n_dims(); ++i) {
        if (i) text += ", ";
        text += std::to_string(shape[i]);
    }
    return text + "]";
}

}  // namespace lares
