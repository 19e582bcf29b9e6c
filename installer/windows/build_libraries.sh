#!/usr/bin/env bash
# Builds what Lares needs on Windows and what Debian has as source only: Qt (without its network code),
# SQLite and md4c, with Debian's MinGW-w64 compiler. Takes half an hour of four cores once; after that it
# sees that everything is there. ./dev installs the packages it needs and calls it.
#   build_libraries.sh FOLDER      FOLDER/prefix is what cmake/x86_64-w64-mingw32.cmake looks into
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd -P) # Qt takes no path with links in it
prefix=$folder/prefix
sources=$folder/sources
toolchain=$(cd "$(dirname "$0")/../../cmake" && pwd)/x86_64-w64-mingw32.cmake

say() { printf '==> %s\n' "$*" >&2; }
fail() {
    printf 'build_libraries.sh: %s\n' "$*" >&2
    exit 1
}

# apt with lists of its own: the machine's need not name sources, and stay as they are.
apt_sources() {
    local site release component origin keyring
    mkdir -p "$folder/apt/lists/partial"
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' | sort -u |
        while read -r site release component origin; do
            keyring=/usr/share/keyrings/${origin,,}-archive-keyring.gpg
            [[ -e $keyring ]] && printf 'deb-src [signed-by=%s] %s %s %s\n' "$keyring" "$site" "$release" "$component"
        done >"$folder/apt/sources.list"
    [[ -s $folder/apt/sources.list ]] || fail "apt knows no package lists of Debian or Ubuntu: run apt-get update first"
}

apt_private() {
    apt-get -q -o Dir::State::Lists="$folder/apt/lists" -o Dir::Etc::SourceList="$folder/apt/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root "$@"
}

# fetch PACKAGE VERSION: the source with Debian's corrections, in sources/PACKAGE.
fetch() {
    local package=$1 version=$2
    [[ -e $sources/$package ]] && return
    say "fetching the source of $package $version"
    if [[ ! -e $folder/apt/sources.list ]]; then
        apt_sources
        apt_private update
    fi
    rm -rf "$sources/$package.new"
    mkdir -p "$sources/$package.new"
    (cd "$sources/$package.new" && apt_private source "$package=$version") ||
        fail "apt has no source of $package $version, the version of what is installed: run apt-get update, then apt-get upgrade"
    mv "$sources/$package.new/$package"-*/ "$sources/$package"
    rm -rf "$sources/$package.new"
}

installed_version() { dpkg-query -W -f '${source:Version}' "$1"; }

# Without what Lares does not use; tablets' drivers are not in Debian's source at all.
# Qt's own tools run here while it is built, so it must be the version that is installed here.
# Regular expressions are interpreted: compiled, each thread that used one crashes when it ends, because MinGW's runtime frees a
# thread's variables before it destroys what is in them (Qt keeps a stack in one).
build_qt() {
    local file=$prefix/lib/cmake/Qt6Widgets/Qt6WidgetsConfig.cmake
    local off=(network sql dbus printsupport xml vulkan tabletevent jpeg gif glib icu system_zlib pkg_config) feature options=()
    [[ -e $file ]] && return
    fetch qt6-base "$(installed_version qt6-base-dev)"
    say "building Qt for Windows"
    for feature in "${off[@]}"; do options+=("-DFEATURE_$feature=OFF"); done
    cmake -S "$sources/qt6-base" -B "$folder/qt6-base" -G Ninja --log-level=NOTICE \
        -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DLARES_WINDOWS_LIBRARIES="$prefix" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DBUILD_SHARED_LIBS=ON \
        -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
        -DCMAKE_C_FLAGS=-DPCRE2_DISABLE_JIT \
        -DQT_BUILD_EXAMPLES=OFF -DQT_BUILD_TESTS=OFF -DQT_BUILD_TOOLS_WHEN_CROSSCOMPILING=OFF \
        -DINPUT_opengl=no "${options[@]}" >"$folder/qt6-base.log" 2>&1 ||
        fail "configuring Qt failed, see $folder/qt6-base.log"
    cmake --build "$folder/qt6-base"
    cmake --install "$folder/qt6-base" --strip >"$folder/qt6-base.install.log"
    mkdir -p "$prefix/licences"
    cp "$sources/qt6-base/LICENSES/LGPL-3.0-only.txt" "$prefix/licences/Qt-LGPL-3.0.txt"
    cp "$sources/qt6-base/debian/copyright" "$prefix/licences/qt6-base.txt" # with what Qt itself bundles
}

# install_library NAME SOURCE HEADER VERSION FLAG…: one C file as a static library.
install_library() {
    local name=$1 source=$2 header=$3 version=$4
    shift 4
    mkdir -p "$prefix/lib/pkgconfig" "$prefix/include"
    x86_64-w64-mingw32-gcc-posix -O2 -DNDEBUG "$@" -c "$source" -o "$folder/$name.o"
    cp "$header" "$prefix/include/"
    # shellcheck disable=SC2016  # pkg-config fills ${…} in, so that the folder may be moved
    printf 'prefix=${pcfiledir}/../..\nName: %s\nDescription: %s for Windows\nVersion: %s\nLibs: -L${prefix}/lib -l%s\nCflags: -I${prefix}/include\n' \
        "$name" "$name" "$version" "$name" >"$prefix/lib/pkgconfig/$name.pc"
    x86_64-w64-mingw32-ar rcs "$prefix/lib/lib$name.a" "$folder/$name.o"
}

build_sqlite() {
    [[ -e $prefix/lib/libsqlite3.a ]] && return
    fetch sqlite3 "$(installed_version libsqlite3-dev)"
    say "building SQLite for Windows"
    # One C file out of many: its own build does that, for this machine's compiler.
    (cd "$sources/sqlite3" && ./configure --disable-tcl && make sqlite3.c) >"$folder/sqlite3.log" 2>&1 ||
        fail "SQLite could not be put into one file, see $folder/sqlite3.log"
    install_library sqlite3 "$sources/sqlite3/sqlite3.c" "$sources/sqlite3/sqlite3.h" "$(<"$sources/sqlite3/VERSION")" \
        -DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION
}

# Qt's source holds md4c as it is.
build_md4c() {
    [[ -e $prefix/lib/libmd4c.a ]] && return
    fetch qt6-base "$(installed_version qt6-base-dev)"
    say "building md4c for Windows"
    local md4c=$sources/qt6-base/src/3rdparty/md4c
    install_library md4c "$md4c/md4c.c" "$md4c/md4c.h" \
        "$(sed -n 's/.*"Version": "\([0-9.]*\)".*/\1/p' "$md4c/qt_attribution.json")" -DMD4C_USE_UTF8
    mkdir -p "$prefix/licences"
    cp "$md4c/LICENSE.md" "$prefix/licences/md4c-MIT.txt"
}

build_md4c
build_sqlite
build_qt
