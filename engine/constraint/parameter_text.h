#pragma once

#include "engine/constraint/grammar.h"

namespace lares {

/// The text of a parameter in a call of generation A, from behind the line break that begins it to
/// what ends it, as the call's reader finds that (engine/chat/xml_call_reader.cpp says the rules;
/// a tag may be text, depending on what follows it). `go_on` follows "<parameter=", `stop`
/// "</function>", `call_end` "</tool_call>" behind a "</function>" without "</parameter>"; kNever
/// where it may not end so. What the reader would take for broken has no place in it.
[[nodiscard]] Grammar::NodeId parameter_text(GrammarBuilder& builder,
                                             Grammar::NodeId go_on,
                                             Grammar::NodeId stop,
                                             Grammar::NodeId call_end);

}  // namespace lares
