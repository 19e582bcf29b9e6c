# For 64-bit Windows from another machine: Debian's MinGW-w64 compiler, libraries that
# installer/windows/build_libraries.sh makes, and Wine for what a build or a test runs. Used by the preset
# `windows`; ./dev installs the packages.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
# The one with std::thread; Debian's other one has Windows' threads and knows none.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# Given, so that try_compile and the build of the libraries themselves see the same.
set(LARES_WINDOWS_LIBRARIES ${CMAKE_CURRENT_LIST_DIR}/../build-windows-libraries/prefix CACHE PATH
    "Qt, SQLite and md4c for Windows")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES LARES_WINDOWS_LIBRARIES)
set(CMAKE_FIND_ROOT_PATH ${LARES_WINDOWS_LIBRARIES} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH) # nlohmann/json is headers only, and the same for all
# Qt's tools (moc) run here and not there, so they are this machine's own.
set(QT_HOST_PATH /usr)
set(QT_HOST_PATH_CMAKE_DIR /usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu/cmake)

set(ENV{PKG_CONFIG_LIBDIR} ${LARES_WINDOWS_LIBRARIES}/lib/pkgconfig)

# Debian has no `wine` command without 32-bit programs.
set(CMAKE_CROSSCOMPILING_EMULATOR /usr/lib/wine/wine64)
