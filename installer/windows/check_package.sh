#!/usr/bin/env bash
# Installs the Windows installer under Wine as a new user would, asks the demo model a question, takes pictures
# of the window, installs once more over it, removes it, and looks at what is left.
#   check_package.sh INSTALLER VERSION [PICTURES]      PICTURES: where to keep the pictures
set -euo pipefail

installer=$(realpath "$1")
version=$2
work=$(mktemp -d)
trap 'WINEPREFIX=$work/wine wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
wine=$(command -v wine64 || printf '/usr/lib/wine/wine64')
# Wine reads its words in the locale.
export LC_ALL=C.UTF-8 WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" HOME=$work
PATH=$PATH:/usr/lib/wine

say() { printf '==> %s\n' "$*" >&2; }
fail() {
    printf 'check_package.sh: %s\n' "$*" >&2
    exit 1
}
in_wine() { (cd "$work" && timeout 300 "$wine" "$@"); }
# The user's folder for programs and data; its name holds what no old code page can write.
local_data() { find "$WINEPREFIX/drive_c/users" -maxdepth 3 -type d -path '*/AppData/Local' | head -n 1; }

say "a new Windows"
in_wine wineboot --init >/dev/null 2>&1 || fail "Wine did not start"

say "installing"
in_wine "$installer" /S || fail "the installer ended with $?"
data=$(local_data)
program=$data/Programs/Lares
[[ -e $program/bin/lares.exe ]] || fail "there is no lares.exe in $program"
[[ -e $(find "$WINEPREFIX/drive_c/users" -name Lares.lnk | head -n 1) ]] || fail "there is nothing in the start menu"

say "the terminal program"
[[ $(in_wine "$program/bin/lares-cli.exe" --version) == "lares-cli $version" ]] || fail "lares-cli --version says something else"
answer=$(in_wine "$program/bin/lares-cli.exe" run "What can you do?" | tr -d '\r')
[[ $answer == *[a-z]* ]] || fail "the demo model said nothing: '$answer'"
printf '%s\n' "$answer"
# An old code page would make question marks of it.
mkdir "$WINEPREFIX/drive_c/Ünïcode 漢字"
cp "$program/share/lares/mini_model/lares-mini.gguf" "$WINEPREFIX/drive_c/Ünïcode 漢字/model 🔥.gguf"
in_wine "$program/bin/lares-cli.exe" inspect --model 'C:\Ünïcode 漢字\model 🔥.gguf' >/dev/null ||
    fail "a path that no old code page can write does not work"

say "the window"
in_wine "$program/bin/lares.exe" -platform offscreen --screenshots 'C:\pictures' || fail "lares ended with $?"
pictures=$WINEPREFIX/drive_c/pictures
n_pictures=$(find "$pictures" -name '*.png' | wc -l)
((n_pictures > 5)) || fail "only $n_pictures pictures of the window"
[[ -z ${3:-} ]] || cp -r "$pictures/." "$3/"
printf '%s pictures\n' "$n_pictures"

say "installing while it runs"
in_wine "$program/bin/lares.exe" -platform offscreen &
running=$!
until [[ -e $data/lares/lares.db ]]; do
    kill -0 "$running" 2>/dev/null || fail "the window ended by itself"
    sleep 0.2
done
before=$(stat -c %Y "$program/bin/lares-cli.exe")
status=0
in_wine "$installer" /S || status=$?
((status == 2)) || fail "the installer ended with $status while Lares ran, not with 2"
[[ $(stat -c %Y "$program/bin/lares-cli.exe") == "$before" ]] || fail "the installer changed files while Lares ran"
wineserver -k
wait "$running" || true

say "installing once more, over it"
: >"$program/bin/mine.txt"
in_wine "$installer" /S || fail "the second time the installer ended with $?"

say "removing it"
in_wine "$program/uninstall.exe" /S || fail "the uninstaller ended with $?"
wineserver -w # it goes on from a copy of itself, or it could not remove itself
left=$(cd "$program" && find . -type f ! -name mine.txt)
[[ -z $left ]] || fail "the uninstaller left: $left"
[[ -e $program/bin/mine.txt ]] || fail "the uninstaller removed a file that is not ours"
[[ -e $data/lares/lares.db ]] || fail "the uninstaller removed the conversations"
[[ -z $(find "$WINEPREFIX/drive_c/users" -name Lares.lnk) ]] || fail "the start menu still names Lares"
! grep -q 'Uninstall\\\\Lares' "$WINEPREFIX/user.reg" || fail "the registry still names Lares"
say "the Windows installer works"
