#include "tests/support/without_root.h"

#include <cstdlib>
#include <unistd.h>

namespace lares::test {
namespace {

constexpr uid_t kNobody = 65534;

}  // namespace

WithoutRoot::WithoutRoot()
    : m_was_root(::geteuid() == 0), m_holds(!m_was_root || ::seteuid(kNobody) == 0) {}

WithoutRoot::~WithoutRoot() {
    if (m_was_root && m_holds && ::seteuid(0) != 0) std::abort();
}

}  // namespace lares::test
