#!/usr/bin/env bash
# Installs, runs and removes the packages where nothing of Lares was ever built: ./dev package --check
# Needs root, mmdebstrap, and a network for Debian's packages. The programs themselves run as an
# ordinary user, with a home of their own and without any network.
#
#   check_packages.sh VERSION DEB APPIMAGE [SUITE]     (SUITE: bookworm, trixie …; default bookworm)
set -euo pipefail

readonly version=$1 suite=${4:-bookworm}
deb=$(readlink -f "$2")
appimage=$(readlink -f "$3")
readonly deb appimage
readonly user=tester question="What can you do?"

say() { printf '==> %s\n' "$*" >&2; }
fail() {
    printf 'check_packages: %s\n' "$*" >&2
    exit 1
}

[[ $(id -u) == 0 ]] || fail "a Debian root can only be made and entered by root: sudo ./dev package --check"
[[ -f $deb && -f $appimage ]] || fail "a package is missing: ./dev package makes both"

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

# --- a bare Debian --------------------------------------------------------------------------------

make_root() { # FOLDER PACKAGES
    say "making a bare Debian ($suite) with ${2:-nothing else}"
    mmdebstrap --quiet --variant=minbase ${2:+--include="$2"} --skip=cleanup/apt/lists "$suite" "$1"
    chroot "$1" useradd --create-home "$user"
    install -d -m 700 -o "$(stat -c %u "$1/home/$user")" -g "$(stat -c %g "$1/home/$user")" "$1/home/$user/run"
}

apt_in_root() { # FOLDER ARGUMENTS…: as root, with the network; quiet unless it fails
    local root=$1
    shift
    DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" apt-get -y -o Dpkg::Use-Pty=0 "$@" >"$work/apt.log" 2>&1 && return
    cat "$work/apt.log" >&2
    fail "apt-get $* failed in the bare Debian: what it said is above"
}

# As the user: a clean environment, no network (not even the loopback device is up), /proc of its own.
# The inner shell stays process 1: an X server does not tell process 1 that it is ready.
as_user() { # FOLDER COMMAND…
    local root=$1
    shift
    # shellcheck disable=SC2016 # the inner shell's own words
    unshare --net --mount --pid --ipc --fork sh -c '
        root=$1; user=$2; shift 2
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot --userspec="$user:$user" "$root" /usr/bin/env -C "/home/$user" HOME="/home/$user" \
            PATH=/usr/bin:/bin LANG=C.UTF-8 XDG_RUNTIME_DIR="/home/$user/run" \
            timeout 300 "$@"
        status=$?
        # All processes in here end with this one: what serves a mounted image first tidies up after itself.
        for _ in 1 2 3 4 5; do
            sleep 0.3
            grep -q " fuse.lares " /proc/self/mounts || break
        done
        exit $status' sh "$root" "$user" "$@"
}

answers() { # FOLDER COMMAND…
    local text
    text=$(as_user "$@" run --seed 1 "$question") || fail "it does not answer: ${*:2}"
    [[ $text == *read* ]] || fail "an answer was expected that speaks of reading, and this came: $text"
    say "it answers: $text"
}

says_version() { # FOLDER COMMAND…
    local text
    text=$(as_user "$@" --version) || fail "it does not start: ${*:2}"
    [[ $text == *" $version" ]] || fail "version $version was expected: $text"
}

paints() { # FOLDER NAME COMMAND…: pictures into /home/tester/NAME
    local root=$1 name=$2 n_picture
    shift 2
    as_user "$root" "$@" --screenshots "/home/$user/$name" || fail "the window does not start: $*"
    n_picture=$(find "$root/home/$user/$name" -name '*.png' -size +10k | wc -l)
    ((n_picture >= 10)) || fail "only $n_picture pictures of the window: $*"
    say "the window painted $n_picture pictures ($name)"
    if [[ -n ${LARES_CHECK_PICTURES:-} ]]; then
        mkdir -p "$LARES_CHECK_PICTURES"
        cp -r "$root/home/$user/$name" "$LARES_CHECK_PICTURES/"
    fi
}

# --- the .deb -------------------------------------------------------------------------------------

files_of() { # FOLDER: what a package may have left, without caches, logs and lists of apt and dpkg
    (cd "$1" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./tmp -o -path ./var/cache -o -path ./var/log \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg \) -prune -o -print | sort)
}

check_fields() {
    [[ $(dpkg-deb -f "$deb" Version) == "$version" ]] || fail "the .deb has another version than $version"
    say "depends on $(dpkg-deb -f "$deb" Depends)"
    if command -v lintian >/dev/null; then
        say "lintian"
        lintian --fail-on error "$deb" || fail "lintian found errors"
    fi
}

check_deb() {
    local root=$work/deb
    check_fields
    make_root "$root" ''
    # What apt marks when it first runs belongs to the system, not to us.
    apt_in_root "$root" install --no-install-recommends hicolor-icon-theme
    files_of "$root" >"$work/before"
    cp "$deb" "$root/tmp/lares.deb"
    say "installing the .deb"
    apt_in_root "$root" install --no-install-recommends /tmp/lares.deb
    says_version "$root" lares-cli
    says_version "$root" env QT_QPA_PLATFORM=offscreen lares
    answers "$root" lares-cli
    paints "$root" deb-offscreen env QT_QPA_PLATFORM=offscreen lares
    say "removing it"
    apt_in_root "$root" purge --auto-remove lares
    files_of "$root" >"$work/after"
    comm -13 "$work/before" "$work/after" | grep -v "^\./home/$user" >"$work/left" || true
    if [[ -s $work/left ]]; then
        cat "$work/left" >&2
        fail "this was left when the package was removed"
    fi
    rm -rf --one-file-system "$root"
}

# --- the AppImage ---------------------------------------------------------------------------------

check_appimage() {
    local left root=$work/appimage app=/opt/Lares.AppImage without_fuse=APPIMAGE_EXTRACT_AND_RUN=1
    # What every desktop has: an X server's and the driver's libraries, and a font configuration.
    make_root "$root" libegl1,libgl1,libopengl0,libx11-6,libx11-xcb1,libsm6,libfontconfig1,libwayland-client0,xvfb,xauth,xkb-data,weston
    [[ -z $(find "$root/usr/lib" -name 'libQt6*' -print -quit) ]] || fail "there is a Qt in the bare root: this would prove nothing"
    install -m 755 "$appimage" "$root$app"
    say "the AppImage, unpacked by itself"
    says_version "$root" env $without_fuse $app cli
    answers "$root" env $without_fuse $app cli
    paints "$root" appimage-offscreen env $without_fuse QT_QPA_PLATFORM=offscreen $app
    paints "$root" appimage-xcb env $without_fuse QT_QPA_PLATFORM=xcb xvfb-run -a $app
    # shellcheck disable=SC2016 # the inner shell's own words
    paints "$root" appimage-wayland sh -c 'weston --backend=headless-backend.so --socket=screen --idle-time=0 >/dev/null 2>&1 &
        sleep 3; export WAYLAND_DISPLAY=screen; "$@"; status=$?; kill $!; exit $status' sh \
        env $without_fuse QT_QPA_PLATFORM=wayland $app
    check_mounted "$root" "$app"
    left=$(find "$root/tmp" -mindepth 1 -name '*lares*')
    [[ -z $left ]] || fail "the AppImage left $left"
    rm -rf --one-file-system "$root"
}

check_mounted() { # ROOT APP
    local root=$1 app=$2
    if [[ ! -c /dev/fuse ]]; then
        say "there is no /dev/fuse here: mounting the AppImage was not checked"
        return
    fi
    say "the AppImage, mounted"
    apt_in_root "$root" install --no-install-recommends fuse3
    rm -f "$root/dev/fuse"
    mknod -m 666 "$root/dev/fuse" c 10 229
    # Every booted system has it, and fusermount3 unmounts only what it lists.
    ln -sf /proc/self/mounts "$root/etc/mtab"
    answers "$root" "$app" cli
    paints "$root" appimage-mounted env QT_QPA_PLATFORM=offscreen "$app"
    # shellcheck disable=SC2016 # the inner shell's own words
    as_user "$root" sh -c '"$1" --appimage-mount & sleep 2; grep -q " fuse.lares " /proc/self/mounts; seen=$?; kill $!; exit $seen' \
        sh "$app" >/dev/null || fail "the AppImage fell back to unpacking where FUSE can be used"
}

check_deb
check_appimage
say "both packages passed"
