#pragma once

#include "engine/tokenizer/merge_table.h"

#include <cstddef>
#include <vector>

namespace lares {

/// Byte pair encoding of one pre-token (Sennrich et al. 2016, arXiv:1508.07909): joins the adjacent
/// pair of lowest rank, the leftmost on a tie, until none joins. `symbols` holds the tokens of
/// single bytes and is shortened in place. Cost     n log n; short pre-tokens by scanning, long
/// ones with a queue. Returns  how many pairs were looked at or queued, so that a test can see the
/// growth without a clock. Limits   symbols.size() < 2^32.
std::size_t merge_byte_pairs(const MergeTable& merges, std::vector<TokenId>& symbols);

}  // namespace lares
