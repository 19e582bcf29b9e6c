#pragma once

namespace lares::app {

/// Tells Qt how a TranscriptView is read by a screen reader: a list of messages, each with what can
/// be reached in it (thinking, calls, links, copy buttons), and the widgets that stand in it. UI
/// thread only; more than once does nothing more.
void installTranscriptAccessibility();

}  // namespace lares::app
