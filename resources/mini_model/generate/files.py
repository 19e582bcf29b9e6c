"""Looking: list_folder, read_file, find_files, and questions about what they give."""
from . import results, words
from .context import Step, Turn

ORDINAL = [["first", "1st"], ["second", "2nd"], ["third", "3rd"], ["fourth", "4th"]]


def list_answer(path, found, more=0):
    if not found:
        return "The folder is empty."
    return "It contains:\n" + results.listing(found, more)


def list_step(ctx, path, result, thought="I use list_folder."):
    ctx.folders.append(path)
    return Step("list_folder", {"path": path}, result, thought)


def list_folder(ctx, form="list_folder", path=None, user=None):
    path = path or ctx.folder()
    user = user or ctx.say(form, path=ctx.quoted(path))
    if ctx.chance(0.12):
        result, answer, facts = results.failure(ctx, ["no such folder"] * 3 + ["permission denied"] * 2 + ["not a folder", "refused by the user", "timed out"], path)
        return Turn(form, user, answer, "That failed. I say why.", [list_step(ctx, path, result)], facts)
    found = results.entries(ctx) if ctx.chance(0.88) else []
    more = ctx.rng.randint(2, 900) if len(found) > 3 and ctx.chance(0.06) else 0
    answer = list_answer(path, found, more)
    turn = Turn(form, user, answer, "I show the list.", [list_step(ctx, path, results.listing(found, more))],
                [n if s is None else f"{n} ({s})" for n, s in found] + ([f"{more} more"] if more else []) or ["empty"])
    turn.found = (path, found)
    return turn


def list_check(ctx):
    path, here = ctx.folder(), ctx.chance(0.5)
    file = words.file_name(ctx.rng, ctx.held) if ctx.chance(0.85) else words.dir_name(ctx.rng, ctx.held)
    found = [e for e in results.entries(ctx, 0, 6, file if here else None) if here or e[0] != file]
    if not here and not ctx.held and ctx.chance(0.5):
        found = results.with_alike(ctx, found, file)
    answer = f"{file} is there." if here else f"{file} is not there."       # the name first: what follows it in the list decides
    return Turn("list_check", ctx.say("list_check", path=ctx.quoted(path), file=ctx.quoted(file)), answer, "I look for the name.",
                [list_step(ctx, path, results.listing(found))], [answer])


def list_size(ctx):
    path, file = ctx.folder(), words.file_name(ctx.rng, ctx.held)
    user = ctx.say("list_size", path=ctx.quoted(path), file=ctx.quoted(file))
    found = results.entries(ctx, 0, 5, file)
    if not ctx.held and ctx.chance(0.3):
        found = results.with_alike(ctx, found, file)
    if ctx.chance(0.12 if ctx.held else 0.25):
        found = [e for e in found if e[0] != file]
        return Turn("list_size", user, f"{file} is not there.", "The name is not there.", [list_step(ctx, path, results.listing(found))], [file, "not"])
    size = dict(found)[file]
    return Turn("list_size", user, f"{file} is {size}.", "I look for the name.", [list_step(ctx, path, results.listing(found))], [file, size])


def list_folders_only(ctx):
    path = ctx.folder()
    user = ctx.say("list_folders_only", path=ctx.quoted(path))
    found = results.entries(ctx, 0, 6)
    folders = [n for n, s in found if s is None]
    answer = "It has these folders:\n" + "\n".join(n + "/" for n in folders) if folders else "It has no folders."
    return Turn("list_folders_only", user, answer, "I name the folders only.", [list_step(ctx, path, results.listing(found))],
                folders or ["no folders"], [n for n, s in found if s is not None])


def list_two(ctx):
    a, b = ctx.folder(), ctx.folder()
    if a == b:
        b = words.join(a, words.dir_name(ctx.rng, ctx.held))
    user = ctx.say("list_two", path=ctx.quoted(a), path2=ctx.quoted(b))
    fa, fb = results.entries(ctx, 0, 4), results.entries(ctx, 0, 4)
    steps = [list_step(ctx, a, results.listing(fa), "First list_folder, then list_folder again."), list_step(ctx, b, results.listing(fb), "Now the second list_folder.")]
    return Turn("list_two", user, f"The first:\n{results.listing(fa)}\nThe second:\n{results.listing(fb)}", "I show both lists.", steps,
                [n for n, _ in fa + fb] + (["(empty folder)"] if not fa or not fb else []))


def read_step(ctx, path, result, thought="I use read_file."):
    ctx.files.append(path)
    return Step("read_file", {"path": path}, result, thought)


def read_answer(path, text):
    if text == "(empty file)":
        return "The file is empty."
    return f"It says:\n{text}"


def read_result(ctx, path):
    """(result, answer, facts, thought) of reading path."""
    r = ctx.rng.random()
    if r < 0.13:
        return *results.failure(ctx, ["no such file"] * 3 + ["permission denied"] * 2 + ["not a text file"] * 2 + ["refused by the user", "timed out"], path), "That failed. I say why."
    if r < 0.18:
        return "(empty file)", "The file is empty.", ["empty"], "The file is empty."
    text, _ = results.file_text(ctx)
    if r < 0.22:
        text += f"\n[trimmed: 8000 of {ctx.rng.randint(8001, 99999)} characters shown]"
    return text, read_answer(path, text), text.split("\n"), "I show the text."


def read_file(ctx, form="read_file", path=None, user=None):
    path = path or ctx.file(text=ctx.chance(0.8))
    user = user or ctx.say(form, path=ctx.quoted(path))
    result, answer, facts, thought = read_result(ctx, path)
    return Turn(form, user, answer, thought, [read_step(ctx, path, result)], facts)


def read_key(ctx):
    path = ctx.file(text=True)
    text, pairs = results.file_text(ctx)
    while not pairs:
        text, pairs = results.file_text(ctx)
    key = ctx.rng.choice(list(pairs))
    asked, missing = key, ctx.chance(0.12)
    if missing:
        asked = ctx.rng.choice([k for k in words.KEYS[False] if k not in pairs])
    user = ctx.say("read_key", path=ctx.quoted(path), key=asked)
    steps = [read_step(ctx, path, text, "I use read_file.")]
    if missing:
        return Turn("read_key", user, f"The {asked} is not in the file.", f"I look for {asked}.", steps, [f"{asked} is not in"])
    return Turn("read_key", user, f"The {key} is {pairs[key]}.", f"I look for {key}.", steps, [pairs[key]])


def find_step(ctx, folder, pattern, result, thought="I use find_files."):
    return Step("find_files", {"folder": folder, "pattern": pattern}, result, thought)


def found_paths(ctx, folder, names):
    out = []
    for n in names:
        for _ in range(ctx.rng.choice([0, 0, 1, 1, 2])):
            n = words.dir_name(ctx.rng, ctx.held) + ("\\" if "\\" in folder or folder[1:2] == ":" else "/") + n
        out.append(words.join(folder, n))
    return sorted(set(out))


def find_turn(ctx, form, user, folder, pattern, names):
    if ctx.chance(0.1):
        result, answer, facts = results.failure(ctx, ["no such folder"] * 2 + ["permission denied"] * 2 + ["not a folder", "refused by the user", "timed out"], folder)
        return Turn(form, user, answer, "That failed. I say why.", [find_step(ctx, folder, pattern, result)], facts)
    paths = found_paths(ctx, folder, names)
    if not paths:
        return Turn(form, user, "I found no such files.", "Nothing was found.", [find_step(ctx, folder, pattern, "(no files found)")], ["no such files"])
    more = ctx.rng.randint(2, 400) if len(paths) > 2 and ctx.chance(0.06) else 0
    lines = "\n".join(paths) + (f"\n... {more} more" if more else "")
    turn = Turn(form, user, "I found:\n" + lines, "I show the paths.", [find_step(ctx, folder, pattern, lines)], paths)
    turn.paths = paths
    return turn


def find_ext(ctx):
    rng, folder = ctx.rng, ctx.folder()
    ext = rng.choice(words.EXT[ctx.held] + words.EXT[False]) if rng.random() < 0.9 else words.pseudo(rng, ctx.held, True)[:4]
    pattern = "*." + ext
    kind = rng.choice([ext, ext, "." + ext, pattern, ext.upper()])
    if kind == ext.upper():
        pattern = "*." + ext.upper()
    user = ctx.say("find_ext", kind=kind, pattern=pattern, folder=ctx.quoted(folder))
    names = [words.name(rng, ctx.held) + "." + ext for _ in range(rng.choice([0, 1, 1, 2, 3, 4]))]
    return find_turn(ctx, "find_ext", user, folder, pattern, names)


def find_name(ctx):
    folder, file = ctx.folder(), words.file_name(ctx.rng, ctx.held)
    user = ctx.say("find_name", file=ctx.quoted(file), folder=ctx.quoted(folder))
    return find_turn(ctx, "find_name", user, folder, file, [file] * ctx.rng.choice([0, 1, 1, 1, 2]))


def find_home(ctx):
    file = words.file_name(ctx.rng, ctx.held)
    return find_turn(ctx, "find_home", ctx.say("find_home", file=ctx.quoted(file)), "~", file, [file] * ctx.rng.choice([0, 1, 1, 1, 2]))


def find_part(ctx):
    rng, folder = ctx.rng, ctx.folder()
    part = words.name(rng, ctx.held)
    user = ctx.say("find_part", part=ctx.quoted(part), folder=ctx.quoted(folder))
    names = [rng.choice([part, part + "-" + words.pseudo(rng, ctx.held, True), words.pseudo(rng, ctx.held, True) + "_" + part]) + "." + rng.choice(words.EXT[ctx.held]) for _ in range(rng.choice([0, 1, 2, 3]))]
    return find_turn(ctx, "find_part", user, folder, f"*{part}*", names)


def missing(form, question, thought):
    def make(ctx):
        turn = Turn(form, ctx.say(form), question, thought, [], [question])
        turn.needs = {"read_missing": "read_file", "list_missing": "list_folder", "move_missing": "move", "make_missing": "make_folder", "write_missing": "write_file", "sum_missing": "calculate"}[form]
        return turn
    return make


read_missing = missing("read_missing", "Which file? Please tell me its path.", "The path is missing. I ask for it.")
list_missing = missing("list_missing", "Which folder? Please tell me its path.", "The path is missing. I ask for it.")
