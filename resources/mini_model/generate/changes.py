"""Doing: make_folder, move, write_file."""
from . import results, words
from .context import Step, Turn
from .files import missing


def make_step(ctx, path, result, thought="I use make_folder."):
    return Step("make_folder", {"path": path}, result, thought)


def make_folder(ctx, path=None, user=None):
    path = path or ctx.folder()
    user = user or ctx.say("make_folder", path=ctx.quoted(path))
    ctx.folders.append(path)
    if ctx.chance(0.18):
        result, answer, facts = results.failure(ctx, ["already exists"] * 3 + ["permission denied"] * 2 + ["refused by the user", "disk full"], path)
        return Turn("make_folder", user, answer, "That failed. I say why.", [make_step(ctx, path, result)], facts)
    return Turn("make_folder", user, f"I made the folder {path}.", "It worked. I say so.", [make_step(ctx, path, f"created folder {path}")], [path])


def move_turn(ctx, form, user, source, destination, final=None, thought="I use move."):
    final = final or destination
    arguments = {"source": source, "destination": destination}
    if ctx.chance(0.15):
        kind = ctx.rng.choice(["no such file"] * 3 + ["already exists", "permission denied", "refused by the user", "no such folder"])
        result, answer, facts = results.failure(ctx, [kind], source if kind in ("no such file", "permission denied") else final)
        return Turn(form, user, answer, "That failed. I say why.", [Step("move", arguments, result, thought)], facts)
    ctx.files.append(final)
    return Turn(form, user, f"I moved {source} to {final}.", "It worked. I say so.", [Step("move", arguments, f"moved {source} to {final}", thought)], [source, final])


def move(ctx):
    source = ctx.file() if ctx.chance(0.9) else ctx.folder()
    folder = ctx.folder()
    final = words.join(folder, words.leaf(source)) if ctx.chance(0.7) else folder
    return move_turn(ctx, "move", ctx.say("move", path=ctx.quoted(source), folder=ctx.quoted(folder)), source, folder, final)


def move_to(ctx):
    source, target = ctx.file(), words.join(ctx.folder(), words.file_name(ctx.rng, ctx.held))
    if ctx.chance(0.4) and words.parent(source):
        target = words.join(words.parent(source), words.file_name(ctx.rng, ctx.held))
    return move_turn(ctx, "move_to", ctx.say("move_to", path=ctx.quoted(source), target=ctx.quoted(target)), source, target)


def rename(ctx):
    source = words.join(ctx.folder(), words.file_name(ctx.rng, ctx.held))
    name = words.file_name(ctx.rng, ctx.held)
    user = ctx.say("rename", path=ctx.quoted(source), name=ctx.quoted(name))
    return move_turn(ctx, "rename", user, source, words.join(words.parent(source), name), thought="A new name. I use move.")


def write_turn(ctx, form, user, path, content, steps=(), thought="I use write_file."):
    arguments = {"path": path, "content": content}
    if ctx.chance(0.12):
        result, answer, facts = results.failure(ctx, ["permission denied"] * 2 + ["no such folder"] * 2 + ["refused by the user", "disk full"], path)
        return Turn(form, user, answer, "That failed. I say why.", [*steps, Step("write_file", arguments, result, thought)], facts)
    ctx.files.append(path)
    result = f"wrote {len(content.encode())} bytes to {path}"
    return Turn(form, user, f"I saved the text in {path}.", "It worked. I say so.", [*steps, Step("write_file", arguments, result, thought)], [path])


def write_file(ctx):
    rng, path = ctx.rng, ctx.file(text=True)
    content = words.phrase(rng, ctx.held, 1, 6)
    form, slot = ctx.say, content
    q = rng.choice(["\"", "\"", "\"", "'", "'", ""])
    if q:
        slot = q + content + q
    else:
        content = slot = content.rstrip(".!?")
    return write_turn(ctx, "write_file", form("write_file", path=ctx.quoted(path), text=slot), path, content)


move_missing = missing("move_missing", "Which file, and where should it go? Please tell me both paths.", "The paths are missing. I ask for them.")
make_missing = missing("make_missing", "Where should the folder be? Please tell me its path.", "The path is missing. I ask for it.")
write_missing = missing("write_missing", "Which file, and what should be in it?", "The path and the text are missing. I ask for them.")
