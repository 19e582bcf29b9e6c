#pragma once

#include "engine/session/engine.h"

#include <QString>

namespace lares::test {

/// In everything that is said in a temporary conversation, and in no file afterwards.
inline constexpr const char* kMarker = "quagga-fjord-7719";

/// Thinks, lists a folder below `home` and answers, each with the marker.
[[nodiscard]] inline Json temporaryScript(const QString& home) {
    const std::string marker = kMarker;
    const Json list = {{"call", "list_folder"},
                       {"arguments", {{"path", home.toStdString() + "/Papers"}, {"note", marker}}}};
    const Json allowed = {{"call", "list_folder"},
                          {"arguments", {{"path", home.toStdString() + "/Papers/" + marker}}}};
    const Json think = {{"thinking", "About the " + marker + "."}};
    const Json say = {{"text", "The " + marker + " is here."}, {"words", true}};
    return Json::array({{{"steps", {think, list}}},
                        {{"steps", {think, allowed}}},
                        {{"steps", Json::array({say})}}});
}

}  // namespace lares::test
