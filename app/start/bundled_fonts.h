#pragma once

class QString;

namespace lares::app {

/// Adds the font files in `folder` to what this process may write with; those of the system stay.
/// Only packages that cannot depend on the system's fonts have such a folder: where there is none,
/// nothing happens. Before the first window.
void addBundledFonts(const QString& folder);

}  // namespace lares::app
