#pragma once

#include <sqlite3.h>

#include <memory>

namespace lares::app {

template <auto Close>
struct HandleDeleter {
    template <class T>
    void operator()(T* handle) const noexcept {
        Close(handle);
    }
};

/// Statements of a connection are finalized before it is closed: declare them after it.
using UniqueConnection = std::unique_ptr<sqlite3, HandleDeleter<sqlite3_close>>;
using UniqueStatement = std::unique_ptr<sqlite3_stmt, HandleDeleter<sqlite3_finalize>>;

}  // namespace lares::app
