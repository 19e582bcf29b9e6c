#!/usr/bin/env python3
"""Makes Lares-VERSION-ARCH.AppImage of a release build: `./dev package appimage`.

    make_appimage.py BUILD OUTPUT

An AppImage of type 2 is a program (runtime.cpp) with a squashfs behind it. In that lie Lares as `cmake --install`
copies it, Qt and every other library that is not on all desktops (system_libraries.py), the fonts of the window, and
the licences of what is bundled. Needs Debian or Ubuntu: it asks dpkg whose file a library is.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from libraries import bundle_of, newest_glibc
from system_libraries import SYSTEM_LIBRARIES

HERE = pathlib.Path(__file__).resolve().parent

# X11, Wayland, and pictures without a screen; dead keys and ibus; the frame that Wayland asks the window to draw itself.
PLUGINS = """
    platforms/libqxcb.so platforms/libqwayland-generic.so platforms/libqoffscreen.so
    platforminputcontexts/libcomposeplatforminputcontextplugin.so
    platforminputcontexts/libibusplatforminputcontextplugin.so
    wayland-shell-integration/libxdg-shell.so wayland-decoration-client/libbradient.so""".split()

# TLS for lares-download; it loads OpenSSL when it runs, so nothing names these two.
TLS_PLUGIN = "tls/libqopensslbackend.so"
OPENSSL = "libssl.so.3 libcrypto.so.3".split()

# What the window writes with: four weights of Inter and its slanted one, and DejaVu for code and for what Inter lacks.
FONTS = {
    "fonts-inter": """Inter-Regular.otf Inter-Medium.otf Inter-SemiBold.otf Inter-Bold.otf Inter-Italic.otf
        Inter-BoldItalic.otf""".split(),
    "fonts-dejavu-core": "DejaVuSans.ttf DejaVuSansMono.ttf DejaVuSansMono-Bold.ttf".split(),
}

# Of an AppImage of type 2, at the eighth byte of its ELF header.
MAGIC = b"AI\x02"


class PackageError(Exception):
    pass


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def qt_plugin_folder():
    for tool in ("qmake6", "qtpaths6"):
        if shutil.which(tool):
            option = "-query" if tool == "qmake6" else "--query"
            return pathlib.Path(run(tool, option, "QT_INSTALL_PLUGINS").strip())
    raise PackageError("there is no qmake6: apt-get install qt6-base-dev")


def package_of(file):
    """The Debian package whose file this is."""
    # Where / and /usr are one, dpkg may know a file under its older path.
    for name in (str(file), re.sub(r"^/usr/lib", "/lib", str(file))):
        found = subprocess.run(["dpkg-query", "-S", name], text=True, capture_output=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    raise PackageError(f"no Debian package has {file}: its licence cannot be put beside it")


def font_files():
    for package, names in FONTS.items():
        listed = {pathlib.Path(line).name: line for line in run("dpkg-query", "-L", package).splitlines()}
        for name in names:
            if name not in listed:
                raise PackageError(f"the package {package} has no {name}")
            yield pathlib.Path(listed[name])


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_program(source, target, rpath):
    """Stripped, and finding its libraries from where it lies itself: no variable that its children would inherit."""
    copy(source, target)
    run("strip", "--strip-unneeded", target)
    run("patchelf", "--set-rpath", rpath, target)
    target.chmod(0o755)


def copy_licences(folder, sources):
    for package in sorted({package_of(source) for source in sources}):
        licence = pathlib.Path("/usr/share/doc", package, "copyright")
        if not licence.exists():
            raise PackageError(f"{licence} is missing; install {package} again")
        copy(licence, folder / "usr/share/doc" / package / "copyright")


def library_path(name):
    """Where the loader finds a library of this machine's own architecture."""
    found = re.search(rf"{re.escape(name)} \(libc6,x86-64[^)]*\) => (\S+)", run("ldconfig", "-p"))
    if not found:
        raise PackageError(f"{name} is missing: apt-get install libssl3")
    return pathlib.Path(found.group(1)).resolve()


def runtime_archives():
    """The libraries of which the runtime contains a part."""
    for name in ("libsquashfuse_ll.a", "libfuse3.a", "libzstd.a", "libc.a", "libstdc++.a"):
        yield pathlib.Path(run("c++", f"-print-file-name={name}").strip()).resolve()


def fill(folder, build):
    """Everything that the squashfs holds; returns the programs and libraries in it."""
    run("cmake", "--install", build, "--prefix", folder / "usr")
    programs = [folder / "usr/bin" / name for name in ("lares", "lares-cli", "lares-download")]
    for program in programs:
        copy_program(program.rename(program.with_suffix(".built")), program, "$ORIGIN/../lib")
        program.with_suffix(".built").unlink()

    plugin_folder = qt_plugin_folder()
    names = [*PLUGINS, TLS_PLUGIN]
    plugins = [plugin_folder / name for name in names]
    missing = [str(plugin) for plugin in plugins if not plugin.exists()]
    if missing:
        raise PackageError(f"Qt's plugins are not complete: {', '.join(missing)}; apt-get install qt6-wayland")
    openssl = {name: library_path(name) for name in OPENSSL}
    libraries = {**bundle_of([*programs, *plugins, *openssl.values()], SYSTEM_LIBRARIES), **openssl}
    for name, plugin in zip(names, plugins):
        copy_program(plugin, folder / "usr/plugins" / name, "$ORIGIN/../../lib")
    for name, library in libraries.items():
        copy_program(library, folder / "usr/lib" / name, "$ORIGIN")
    (folder / "usr/bin/qt.conf").write_text("[Paths]\nPrefix=..\nPlugins=plugins\n")

    fonts = list(font_files())
    for font in fonts:
        copy(font, folder / "usr/share/lares/fonts" / font.name)
    copy_licences(folder, [*libraries.values(), *plugins, *fonts, *runtime_archives()])

    shutil.copy(HERE / "AppRun", folder / "AppRun")
    (folder / "lares.desktop").symlink_to("usr/share/applications/lares.desktop")
    copy(folder / "usr/share/icons/hicolor/256x256/apps/lares.png", folder / "lares.png")
    (folder / ".DirIcon").symlink_to("lares.png")
    return [*programs, *(folder / "usr/plugins" / name for name in names), *(folder / "usr/lib").iterdir()]


def level(folder):
    """What depends neither on the umask nor on when files were copied: programs and folders 755, all else 644, and the
    time that the environment asks for."""
    time = os.environ.get("SOURCE_DATE_EPOCH")
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        if time:
            os.utime(path, (int(time), int(time)), follow_symlinks=False)


def pack(folder, runtime, output):
    image = output.with_suffix(".squashfs")
    image.unlink(missing_ok=True)
    # It takes the image's own time from SOURCE_DATE_EPOCH too.
    run("mksquashfs", folder, image, "-comp", "zstd", "-Xcompression-level", "19", "-b", "128K", "-root-owned",
        "-no-xattrs", "-no-exports", "-quiet", "-no-progress")
    program = bytearray(runtime.read_bytes())
    program[8:8 + len(MAGIC)] = MAGIC
    with output.open("wb") as file:
        file.write(program)
        with image.open("rb") as squashfs:
            shutil.copyfileobj(squashfs, file)
    output.chmod(0o755)
    image.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="folder of a release build")
    parser.add_argument("output", type=pathlib.Path, help="the AppImage to write")
    options = parser.parse_args()
    built = options.build / "installer/appimage-runtime"
    if not built.exists():
        raise PackageError(f"{built} is missing: apt-get install libsquashfuse-dev libfuse3-dev libzstd-dev, "
                           "then build again")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary, "AppDir")
        (folder / "usr").mkdir(parents=True)
        glibc = newest_glibc(fill(folder, options.build))
        level(folder)
        runtime = pathlib.Path(temporary, "runtime")
        copy(built, runtime)
        run("strip", runtime)
        pack(folder, runtime, options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB, needs glibc {glibc} or newer")


if __name__ == "__main__":
    try:
        main()
    except (PackageError, LookupError) as error:
        sys.exit(f"make_appimage: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"make_appimage: {error.cmd[0]} failed with status {error.returncode}: what it says is above")
