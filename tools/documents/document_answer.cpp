#include "tools/documents/document_answer.h"

#include "engine/base/utf8.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

std::string mended(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const Utf8Unit unit = decode_utf8(bytes, i);
        // A terminal takes the upper ones for commands, too.
        const bool is_control = (unit.code_point < 0x20 && bytes[i] != '\n' && bytes[i] != '\t') ||
                                (unit.code_point >= 0x7F && unit.code_point < 0xA0);
        if (unit.kind != Utf8Unit::Kind::Valid) {
            text += "\xEF\xBF\xBD";
        } else if (!is_control) {
            text.append(bytes, i, unit.size);
        }
        i += unit.size;
    }
    return text;
}

}  // namespace

Result<DocumentText> text_of_answer(const ReaderAnswer& answer) {
    if (answer.status != ReaderStatus::Done) {
        const auto sentence = std::string_view(answer.sentence).substr(0, kMaxSentenceBytes);
        const ErrorCode code = answer.status == ReaderStatus::NotPossible
                                   ? ErrorCode::Unsupported
                                   : ErrorCode::InvalidArgument;
        if (sentence.empty()) return Error{code, "cannot be read."};
        return Error{code, display_text(mended(sentence))};
    }
    const std::size_t end = std::min(answer.printed.find('\n'), answer.printed.size());
    const auto kind = kind_of(std::string_view(answer.printed).substr(0, end));
    if (!kind) {
        return Error{ErrorCode::Corrupt,
                     "cannot be read: lares-reader gave a wrong answer. Install Lares again."};
    }
    DocumentText document{*kind, {}};
    if (end < answer.printed.size())
        document.text = mended(std::string_view(answer.printed).substr(end + 1));
    return document;
}

DocumentReader DocumentReader::within(std::chrono::milliseconds time_limit) const {
    DocumentReader other = *this;
    other.m_options.time_limit = std::min(m_options.time_limit, time_limit);
    return other;
}

}  // namespace lares
