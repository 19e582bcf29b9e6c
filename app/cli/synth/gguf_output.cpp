#include "app/cli/synth/gguf_keys.h"
#include "app/cli/synth/model_writer.h"
#include "app/cli/synth/tensor_stream.h"

namespace lares::cli {
Result<SynthReport> writeGguf(const SynthRequest& request) {
    const SyntheticModel& model = request.model;
    const std::vector<DType> types = ggufTypes(model, request.mix);
    const GgufWriter writer = modelWriter("random weights, shape of " + model.title, request.mix,
                                          model, types, request.vocabulary);
    SynthReport report{.n_file = 1};
    for (const SyntheticTensor& tensor : model.tensors)
        report.n_parameter += static_cast<std::uint64_t>(tensor.ggufShape.n_elements());
    report.bytes = writer.file_size_bytes();
    RETURN_IF_ERROR(checkRoom(request.out, report.bytes));

    TensorStream stream(request, report.bytes);
    ASSIGN_OR_RETURN(NewFile file, NewFile::create(request.out));
    RETURN_IF_ERROR(writer.write(file, [&](std::size_t i, NewFile& to) {
        return stream.write(i, types[i], /*isGguf=*/true, to);
    }));
    RETURN_IF_ERROR(file.commit());
    return report;
}

}  // namespace lares::cli
