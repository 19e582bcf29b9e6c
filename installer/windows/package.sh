#!/usr/bin/env bash
# Makes the Windows installer of a build for Windows: package.sh BUILD VERSION, ./dev package windows calls it.
# Writes BUILD/Lares-VERSION-x64.exe; BUILD/stage holds what is in it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
version=$2
stage=$build/stage
installer=$build/Lares-$version-x64.exe

fail() {
    printf 'package.sh: %s\n' "$*" >&2
    exit 1
}

# Every DLL that a program or library of the package names must be in it, or be Windows' own.
check_imports() {
    local system='^(kernel32|user32|gdi32|advapi32|shell32|ole32|oleaut32|msvcrt|version|winmm|ws2_32|userenv|netapi32|mpr|authz|imm32|uxtheme|dwmapi|comdlg32|shlwapi|setupapi|rpcrt4|crypt32|bcrypt|ntdll|shcore|d3d9|d3d11|dxgi|dwrite|d2d1|d3d12|wtsapi32|api-ms-.*|runtimeobject|combase|uiautomationcore)\.dll$'
    local file name missing=()
    while read -r file; do
        while read -r name; do
            name=${name,,}
            [[ $name =~ $system ]] && continue
            find "$stage/bin" -maxdepth 1 -iname "$name" | grep -q . || missing+=("$(basename "$file") needs $name")
        done < <(x86_64-w64-mingw32-objdump -p "$file" | sed -n 's/^\s*DLL Name: //p')
    done < <(find "$stage" -name '*.exe' -o -name '*.dll')
    ((${#missing[@]} == 0)) || fail "$(printf '%s\n' "${missing[@]}") (add it in installer/windows/CMakeLists.txt)"
}

# What the uninstaller removes: exactly what was installed, folders where nothing else is in them.
# shellcheck disable=SC2016  # $INSTDIR is the installer's own
write_removals() {
    (cd "$stage" && find . -type f -printf '%P\n' | sort) | sed 's|/|\\|g; s|.*|Delete "$INSTDIR\\&"|'
    (cd "$stage" && find . -mindepth 1 -depth -type d -printf '%P\n') | sed 's|/|\\|g; s|.*|RMDir "$INSTDIR\\&"|'
}

rm -rf "$stage"
cmake --install "$build" --prefix "$stage" --strip >"$build/install.log"
check_imports
write_removals >"$build/removals.nsh"
makensis -V2 -WX -NOCD "-DVERSION=$version" "-DSTAGE=$stage" "-DICON=$build/app/lares.ico" "-DFILES=$build/removals.nsh" \
    "-DOUTPUT=$installer" "$here/lares.nsi" || fail "makensis could not make the installer"
printf '%s\n' "$installer"
