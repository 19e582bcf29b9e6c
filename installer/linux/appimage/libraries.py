"""Which shared libraries a set of programs and plugins needs, and where the system keeps them."""
import pathlib
import re
import subprocess


def needed_names(file):
    """The names in the file's own DT_NEEDED entries."""
    text = subprocess.run(["readelf", "-d", "-W", file], check=True, capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", text)


def _places_of(file):
    """Name and path of all that the loader would load for the file."""
    text = subprocess.run(["ldd", file], check=True, capture_output=True, text=True).stdout
    missing = re.findall(r"(\S+) => not found", text)
    if missing:
        raise LookupError(f"{file} needs {', '.join(missing)}, which this system does not have")
    return dict(re.findall(r"(\S+) => (/\S+) ", text))


def bundle_of(files, left_to_system):
    """Path by name of every library that `files` need, one through the other, without those in `left_to_system` and
    what only they need."""
    found = {}
    waiting = [pathlib.Path(file) for file in files]
    while waiting:
        file = waiting.pop()
        places = None
        for name in needed_names(file):
            if name in left_to_system or name in found:
                continue
            places = places or _places_of(file)
            found[name] = pathlib.Path(places[name]).resolve()
            waiting.append(found[name])
    return found


def newest_glibc(files):
    """The newest version of the C library that any of `files` asks for: "2.36"."""
    newest = (0,)
    for file in files:
        text = subprocess.run(["readelf", "-V", "-W", file], check=True, capture_output=True, text=True).stdout
        for version in re.findall(r"Name: GLIBC_([0-9.]+)", text):
            newest = max(newest, tuple(int(part) for part in version.split(".")))
    return ".".join(str(part) for part in newest)
