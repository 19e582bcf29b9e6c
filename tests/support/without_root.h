#pragma once

namespace lares::test {

/// Root may write everywhere: for this scope the process is somebody else.
class WithoutRoot {
public:
    WithoutRoot();
    ~WithoutRoot();
    WithoutRoot(const WithoutRoot&) = delete;
    WithoutRoot& operator=(const WithoutRoot&) = delete;
    /// It worked, or the process was not root anyway.
    [[nodiscard]] bool holds() const { return m_holds; }

private:
    bool m_was_root;
    bool m_holds;
};

}  // namespace lares::test
