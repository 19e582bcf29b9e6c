#pragma once

#include <cstddef>
#include <cstdint>

namespace lares {

// What a program and lares-reader, which it starts, agree on.
//
// lares-reader FAMILY [PDFTOTEXT]   FAMILY: "packed", "page", or "pdf" with the program's path
//   stdin    the document, an open file
//   stdout   one line with the word of its kind, then the text: UTF-8
//   stderr   where there is no text one sentence, as a predicate: "is damaged (…)."
//   status   one of these

enum class ReaderStatus : int {
    Done = 0,
    NotRead = 1,      ///< the document's fault: damaged, encrypted, without text, too large
    NotPossible = 2,  ///< this system's: a layer that keeps the reader in is missing, or pdftotext
};

/// A document is never larger; pictures are most of it.
constexpr std::size_t kMaxDocumentBytes = std::size_t{100} << 20;
/// What comes out is never longer.
constexpr std::size_t kMaxReaderBytes = 8'100'000;
constexpr std::size_t kMaxSentenceBytes = 400;

constexpr const char* kFamilyPdf = "pdf";
constexpr const char* kFamilyPacked = "packed";
constexpr const char* kFamilyPage = "page";

}  // namespace lares
