#include "app/engine_bridge/token_source.h"

namespace lares::app {

QFuture<Result<PromptView>> TokenSource::viewPrompt(const GenerationRequest&) {
    return QtFuture::makeReadyFuture(
        Result<PromptView>(Error{ErrorCode::NotFound, tr("no model is loaded").toStdString()}));
}

}  // namespace lares::app
