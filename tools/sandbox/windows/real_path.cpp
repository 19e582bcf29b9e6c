#include "tools/sandbox/real_path.h"

#include "tools/sandbox/windows/named_path.h"

namespace lares {

Result<std::string> real_path(const std::string& path) {
    ASSIGN_OR_RETURN(const UniqueNativeHandle opened, open_named(path, FILE_READ_ATTRIBUTES));
    return path_of(opened.get(), path);
}

}  // namespace lares
