#pragma once

#include <QString>

namespace lares::app {

/// How many invoices the script moves.
inline constexpr int kSampleInvoices = 14;

/// What the model answers in pictures (scripted_token_source.h): "invoices" are moved, "flour" is
/// an edit, "photos" a command, "Documents" a listing, "rivers" an answer that does not end.
[[nodiscard]] QString screenshotScript();

/// The files that it works on, in the home folder; made anew, whatever was done to them.
void makeInvoices();
void makeRecipe();

}  // namespace lares::app
