"""get_time and calculate."""
import math

from .context import Step, Turn
from .files import missing
from .results import PLAIN

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()


def clock(ctx):
    r = ctx.rng
    return r.choice(DAYS), str(r.randint(1, 28 + r.randint(0, 3))), r.choice(MONTHS), str(r.randint(2020, 2039)), f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"


def time_step(now, thought="I use get_time."):
    day, date, month, year, time = now
    return Step("get_time", {}, f"{day} {date} {month} {year}, {time}", thought)


def time_topic(form, answer, wanted):
    def make(ctx):
        now = clock(ctx)
        asked = ctx.rng.choice(DAYS)
        day, date, month, year, time = now
        user = ctx.say(form, weekday=asked)
        text = answer.format(day=day, date=date, month=month, year=year, time=time)
        return Turn(form, user, text, "I show the time.", [time_step(now)], [w.format(day=day, date=date, month=month, year=year, time=time) for w in wanted])
    return make


WHOLE = "It is now:\n{day} {date} {month} {year}, {time}"      # the result as it is: true to it, whatever was asked
time = time_topic("time", WHOLE, ["{time}"])
date = time_topic("date", WHOLE, ["{day}", "{date} {month} {year}"])
weekday = time_topic("weekday", WHOLE, ["{day}"])
year = time_topic("year", WHOLE, ["{year}"])
month = time_topic("month", WHOLE, ["{month}"])
when = time_topic("when", WHOLE, ["{time}", "{day}", "{date} {month} {year}"])


def show(x):
    """A number as the calculator prints it."""
    return str(int(x)) if x == int(x) and abs(x) < 1e15 else f"{x:.6f}".rstrip("0").rstrip(".")


def value(expression):
    try:
        return show(eval(expression.replace("^", "**"), {"__builtins__": {}}, {"sqrt": math.sqrt}))
    except ZeroDivisionError:
        return "error: division by zero"
    except (OverflowError, ValueError, SyntaxError, TypeError):
        return "error: not an expression: " + expression


def number(ctx, big=True):
    r, rng = ctx.rng.random(), ctx.rng
    if r < 0.3:
        return str(rng.randint(0, 20))
    if r < 0.6 or not big:
        return str(rng.randint(2, 99))
    if r < 0.82:
        return str(rng.randint(100, 9999))
    if r < 0.86:
        return str(rng.randint(10000, 9999999))
    return f"{rng.randint(0, 999)}.{rng.randint(1, 99)}"


def expression(ctx):
    rng = ctx.rng
    n = lambda: number(ctx)
    op = lambda: rng.choice(["+", "-", "*", "/", "+", "*"])
    r = rng.random()
    if r < 0.6:
        e = f"{n()} {op()} {n()}"
    elif r < 0.78:
        e = f"{n()} {op()} {n()} {op()} {n()}"
    elif r < 0.88:
        e = f"({n()} {op()} {n()}) {op()} {n()}"
    elif r < 0.95:
        e = f"{n()} {op()} ({n()} {op()} {n()})"
    else:
        e = f"{number(ctx, False)} ^ {rng.randint(2, 4)}"
    return e.replace(" ", "") if rng.random() < 0.25 else e


def sum_turn(ctx, form, user, expr, steps=(), last="I say the result."):
    result = value(expr)
    step = Step("calculate", {"expression": expr}, result, "I use calculate.")
    if result.startswith("error: division"):
        answer = PLAIN["division by zero"]
        return Turn(form, user, answer, "That failed. I say why.", [*steps, step], [answer])
    if result.startswith("error"):
        return Turn(form, user, "I cannot work that out.", "That failed. I say why.", [*steps, step], ["cannot"])
    return Turn(form, user, f"{expr} = {result}", last, [*steps, step], [result])


def sum_plain(ctx):
    expr = expression(ctx)
    return sum_turn(ctx, "sum_plain", ctx.say("sum_plain", expr=expr), expr)


def two_numbers(form, pattern):
    def make(ctx):
        a, b = number(ctx), number(ctx)
        if form == "sum_power":
            a, b = number(ctx, False), str(ctx.rng.randint(2, 6))
        return sum_turn(ctx, form, ctx.say(form, a=a, b=b), pattern.format(a=a, b=b))
    return make


sum_add = two_numbers("sum_add", "{a} + {b}")
sum_sub = two_numbers("sum_sub", "{a} - {b}")
sum_mul = two_numbers("sum_mul", "{a} * {b}")
sum_div = two_numbers("sum_div", "{a} / {b}")
sum_pct = two_numbers("sum_pct", "{b} * {a} / 100")
sum_sqrt = two_numbers("sum_sqrt", "sqrt({a})")
sum_square = two_numbers("sum_square", "{a} ^ 2")
sum_power = two_numbers("sum_power", "{a} ^ {b}")
sum_double = two_numbers("sum_double", "{a} * 2")
sum_half = two_numbers("sum_half", "{a} / 2")
sum_missing = missing("sum_missing", "What should I work out?", "The sum is missing. I ask for it.")
