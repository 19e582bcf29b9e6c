"""Tasks of two steps, where the second call depends on the first result."""
from . import changes, files, results, sums, words
from .context import Step, Turn


def find_then_move(ctx):
    folder, target, file = ctx.folder(), ctx.folder(), words.file_name(ctx.rng, ctx.held)
    user = ctx.say("find_then_move", file=ctx.quoted(file), folder=ctx.quoted(folder), target=ctx.quoted(target))
    thought = "First find_files, then move."
    if ctx.chance(0.15):
        return Turn("find_then_move", user, "I found no such files.", "Nothing was found.", [files.find_step(ctx, folder, file, "(no files found)", thought)], ["no such files"])
    path = files.found_paths(ctx, folder, [file])[0]
    turn = changes.move_turn(ctx, "find_then_move", user, path, target, words.join(target, file), "Now I use move.")
    turn.steps.insert(0, files.find_step(ctx, folder, file, path, thought))
    return turn


def find_then_read(ctx):
    folder, file = ctx.folder(), words.file_name(ctx.rng, ctx.held, True)
    user = ctx.say("find_then_read", file=ctx.quoted(file), folder=ctx.quoted(folder))
    thought = "First find_files, then read_file."
    if ctx.chance(0.15):
        return Turn("find_then_read", user, "I found no such files.", "Nothing was found.", [files.find_step(ctx, folder, file, "(no files found)", thought)], ["no such files"])
    path = files.found_paths(ctx, folder, [file])[0]
    result, answer, facts, last = files.read_result(ctx, path)
    return Turn("find_then_read", user, answer, last, [files.find_step(ctx, folder, file, path, thought), files.read_step(ctx, path, result, "Now I use read_file.")], facts)


def nth(ctx, count):
    """(word, index) for one of `count` files."""
    k = ctx.rng.randrange(min(count, 3))
    if count > 1 and ctx.chance(0.2):
        return "last", count - 1
    return ctx.rng.choice(files.ORDINAL[k]), k


def list_then_read(ctx):
    folder = ctx.folder()
    found = results.entries(ctx, 0, 5, words.file_name(ctx.rng, ctx.held, True), True)
    names = [n for n, s in found if s is not None]
    word, k = nth(ctx, len(names))
    user = ctx.say("list_then_read", folder=ctx.quoted(folder), nth=word)
    path = words.join(folder, names[k])
    result, answer, facts, last = files.read_result(ctx, path)
    return Turn("list_then_read", user, answer, last, [files.list_step(ctx, folder, results.listing(found), "First list_folder, then read_file."),
                                                      files.read_step(ctx, path, result, "Now I use read_file.")], facts)


def make_then_move(ctx):
    folder, source = ctx.folder(), ctx.file()
    user = ctx.say("make_then_move", folder=ctx.quoted(folder), path=ctx.quoted(source))
    turn = changes.move_turn(ctx, "make_then_move", user, source, folder, words.join(folder, words.leaf(source)), "Now I use move.")
    turn.steps.insert(0, changes.make_step(ctx, folder, f"created folder {folder}", "First make_folder, then move."))
    return turn


def read_then_sum(ctx):
    rng, path = ctx.rng, ctx.file(text=True)
    lines, numbers = [], []
    for key in rng.sample(words.KEYS[ctx.held and rng.random() < 0.5] + words.COMMON, rng.randint(2, 4)):
        numbers.append(str(rng.randint(1, 999)) if rng.random() < 0.85 else f"{rng.randint(1, 99)}.{rng.randint(1, 99)}")
        lines.append(key + rng.choice([": ", " "]) + numbers[-1])
    user = ctx.say("read_then_sum", path=ctx.quoted(path))
    turn = sums.sum_turn(ctx, "read_then_sum", user, " + ".join(numbers), [files.read_step(ctx, path, "\n".join(lines), "First read_file, then calculate.")])
    turn.steps[1].thought = "Now I use calculate."
    return turn


def read_then_write(ctx):
    source, target = ctx.file(text=True), ctx.file(text=True)
    user = ctx.say("read_then_write", path=ctx.quoted(source), target=ctx.quoted(target))
    if ctx.chance(0.12):
        result, answer, facts = results.failure(ctx, ["no such file", "permission denied", "not a text file"], source)
        return Turn("read_then_write", user, answer, "That failed. I say why.", [files.read_step(ctx, source, result, "First read_file, then write_file.")], facts)
    text = results.file_text(ctx)[0]
    return changes.write_turn(ctx, "read_then_write", user, target, text, [files.read_step(ctx, source, text, "First read_file, then write_file.")], "Now I use write_file.")


def time_then_write(ctx):
    path, now = ctx.file(text=True), sums.clock(ctx)
    step = sums.time_step(now, "First get_time, then write_file.")
    return changes.write_turn(ctx, "time_then_write", ctx.say("time_then_write", path=ctx.quoted(path)), path, step.result, [step], "Now I use write_file.")


def sum_then_write(ctx):
    path, expr = ctx.file(text=True), sums.expression(ctx)
    while sums.value(expr).startswith("error"):
        expr = sums.expression(ctx)
    step = Step("calculate", {"expression": expr}, sums.value(expr), "First calculate, then write_file.")
    return changes.write_turn(ctx, "sum_then_write", ctx.say("sum_then_write", path=ctx.quoted(path), expr=expr), path, step.result, [step], "Now I use write_file.")


# Follow-ups: several turns that belong together.

def follow_same(ctx):
    """What is in A? ... And B?"""
    make = ctx.rng.choice([files.list_folder, files.list_folder, files.read_file, changes.make_folder])
    turns = [make(ctx)]
    for _ in range(ctx.rng.choice([1, 1, 2])):
        x = ctx.file(text=True) if make is files.read_file else ctx.folder()
        turn = make(ctx, path=x, user=ctx.say("follow_same", False, x=ctx.quoted(x)))
        turn.topic = "follow_same"
        turns.append(turn)
    return turns


def follow_listed(ctx):
    """What is in A? ... Read the first one. / Read notes.txt. / What is in Taxes?"""
    folder = ctx.folder()
    found = results.entries(ctx, 0, 5, words.file_name(ctx.rng, ctx.held, True), True)
    first = Turn("list_folder", ctx.say("list_folder", path=ctx.quoted(folder)), files.list_answer(folder, found), "I have the list. I show it.",
                 [files.list_step(ctx, folder, results.listing(found))], [n for n, _ in found])
    turns, names, dirs = [first], [n for n, s in found if s is not None], [n for n, s in found if s is None]
    for _ in range(ctx.rng.choice([1, 1, 2])):
        r = ctx.rng.random()
        if r < 0.25 and dirs:
            x = ctx.rng.choice(dirs)
            turn = files.list_folder(ctx, path=words.join(folder, x), user=ctx.say("follow_into", False, x=ctx.quoted(x)))
            turn.topic = "follow_into"
            turns.append(turn)
            break
        if r < 0.6:
            word, k = nth(ctx, len(names))
            turn = files.read_file(ctx, path=words.join(folder, names[k]), user=ctx.say("follow_nth", False, nth=word))
            turn.topic = "follow_nth"
        else:
            x = ctx.rng.choice(names)
            turn = files.read_file(ctx, path=words.join(folder, x), user=ctx.say("follow_named", False, x=ctx.quoted(x)))
            turn.topic = "follow_named"
        turns.append(turn)
    return turns


def follow_found(ctx):
    """Find X ... Read it."""
    folder, file = ctx.folder(), words.file_name(ctx.rng, ctx.held, True)
    path = files.found_paths(ctx, folder, [file])[0]
    first = Turn("find_name", ctx.say("find_name", file=ctx.quoted(file), folder=ctx.quoted(folder)), "I found:\n" + path, "I have the paths. I show them.",
                 [files.find_step(ctx, folder, file, path)], [path])
    second = files.read_file(ctx, path=path, user=ctx.say("follow_it", False))
    second.topic = "follow_it"
    return [first, second]
