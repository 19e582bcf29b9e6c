#pragma once

#include <QString>

namespace lares::app {

class ModelDownload;

/// "2.8 GB"
[[nodiscard]] QString sizeText(qint64 bytes);
/// "about 4 minutes left"; rounded so that it does not flicker. Empty where it cannot be known.
[[nodiscard]] QString timeLeftText(qint64 bytesLeft, double bytesPerSecond);
/// What a download does, as a heading: "Downloading NVIDIA Nemotron 3 Nano 4B".
[[nodiscard]] QString headingOf(const ModelDownload& download);
/// One line of figures, or of the reason why it waits: "1.2 GB of 2.8 GB · 43 % · 12 MB/s · about
/// …".
[[nodiscard]] QString detailOf(const ModelDownload& download);
/// What its main button does in this state: "Pause", "Resume", "Use it now"; empty: nothing.
[[nodiscard]] QString actionOf(const ModelDownload& download);

}  // namespace lares::app
