#pragma once

namespace lares::app {

/// What marks the conversations' database, for whoever looks at it from outside of the store
/// (lares-cli verify). No Qt here.
constexpr const char* kStoreFile = "lares.db";
constexpr long long kApplicationId = 0x4C415245;  ///< "LARE": the file is ours
constexpr int kStoreVersion = 2;                  ///< of its tables, after the last migration

}  // namespace lares::app
