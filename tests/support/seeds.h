#pragma once

#include <QTest>

#include <vector>

namespace lares::test {

/// The seeds of a test that plays any order: from 0 on, or with LARES_SEED=N from N on.
inline std::vector<unsigned> seeds(unsigned n) {
    const auto first = static_cast<unsigned>(qEnvironmentVariableIntValue("LARES_SEED"));
    std::vector<unsigned> all;
    for (unsigned seed = first; seed < first + n; ++seed) all.push_back(seed);
    return all;
}

/// A column of them, one a row.
inline void addSeedRows(unsigned n) {
    QTest::addColumn<unsigned>("seed");
    for (const unsigned seed : seeds(n)) QTest::addRow("%u", seed) << seed;
}

}  // namespace lares::test
