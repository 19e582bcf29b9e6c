#include "app/cli/synth/gguf_keys.h"
#include "app/cli/synth/model_writer.h"
#include "app/cli/synth/tensor_stream.h"
#include "engine/formats/gguf_writer.h"

namespace lares::cli {
Result<SynthReport> writeGguf(const SynthRequest& request) {
    const SyntheticModel& model = request.model;
    GgufWriter writer("nemotron_h");
    writer.add("general.type", std::string_view("model"));
    writer.add("general.name", std::string_view("random weights, shape of " + model.title));
    writer.add("general.file_type", std::uint64_t{request.mix.fileType});
    writer.add("general.quantization_version", std::uint64_t{2});
    addHparams(writer, model.hparams);
    addVocabulary(writer, request.vocabulary);

    const std::vector<DType> types = ggufTypes(model, request.mix);
    SynthReport report{.n_file = 1};
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        writer.add_tensor(model.tensors[i].ggufName, types[i], model.tensors[i].ggufShape);
        report.n_parameter += static_cast<std::uint64_t>(model.tensors[i].ggufShape.n_elements());
    }
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
