"""Small talk, questions about Lares, and plain refusals."""
from . import grammar, words
from .context import ABILITY, Turn

CITIES = {False: "London Paris Berlin Rome Madrid Vienna Oslo Prague Hamburg Zurich Lisbon Dublin Tokyo Boston Munich Cairo Athens".split(), True: "Valparaiso Tbilisi Ottawa Nagoya Bergen".split()}
THINGS = {False: "chess gold coffee guitars tomatoes dinosaurs the moon cars bicycles cats dogs bread football history physics the sun tea computers music Rome Caesar the telephone penicillin Hamlet Faust shoes laptops milk apples volcanoes rain trees gardens maths ants".replace("the ", "the_").split(),
          True: "calligraphy turmeric harmonicas icebergs the_steam_engine Moby_Dick otters marbles".split()}
SITES = ["example.com", "wikipedia.org", "news.com", "google.com", "www.test.org"]
LARES = "a private assistant on this computer"
OPINION = "A question about facts. I do not know it."
KIND = {"hello": "A greeting. I greet back.", "how": "Small talk. I answer kindly.", "thanks": "The user thanks me.", "bye": "The user leaves. I say goodbye."}
SMALL_TALK = [t for t, v in grammar.TOPICS.items() if v["answers"] and not t.startswith("no ")]
REFUSALS = [t for t, v in grammar.TOPICS.items() if t.startswith("no ")]


def joined(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def slots(ctx):
    rng, held = ctx.rng, ctx.held
    city = rng.choice(CITIES[held]) if rng.random() < 0.75 else words.pseudo(rng, held).capitalize()
    person = rng.choice(words.FIRST[held]).capitalize() if rng.random() < 0.7 else words.pseudo(rng, held).capitalize()
    thing = rng.choice(THINGS[held]).replace("_", " ") if rng.random() < 0.8 else words.pseudo(rng, held)
    gibberish = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 10)))
    return dict(city=city, person=person, thing=thing, site=rng.choice(SITES) if rng.random() < 0.6 else words.pseudo(rng, held) + ".com",
                hour=f"{rng.randint(1, 12)}" + rng.choice([":30", " pm", " am", " o'clock", ":15"]), gibberish=gibberish,
                path=ctx.quoted(ctx.file() if rng.random() < 0.7 else ctx.folder()))


def small_talk(ctx, topic=None):
    topic = topic or ctx.rng.choices(SMALL_TALK, [TALK_WEIGHT.get(t, 1.0) for t in SMALL_TALK])[0]
    user = ctx.say(topic, topic not in ("hello", "bye", "thanks", "nonsense", "ok", "yes"), **slots(ctx))
    abilities = [ABILITY[t] for t in ctx.tools]
    files = [t for t in ctx.tools if t not in ("get_time", "calculate")]
    answer = grammar.TOPICS[topic]["answers"][0].format(
        name=ctx.name, kind=ctx.kind, skills=f"I can {joined(abilities)}." if abilities else "I can only chat a little, because I have no tools here.",
        files="Yes, where you allow it. Tell me the path." if files else "No, because I have no tool for that.")
    thought = KIND.get(topic) or (OPINION if topic == "know" else "I answer without a tool.")
    return Turn("talk " + topic, user, answer, thought, [], [answer])


TALK_WEIGHT = {"hello": 2.0, "thanks": 3.0, "who": 2.0, "skills": 2.5, "know": 3.0, "mini": 1.3, "private": 1.3, "files_can": 1.3, "poem": 0.6, "nonsense": 0.8, "yes": 0.6}


def refusal_text(verb):
    return f"I cannot {verb}, because I have no tool for that."


def refusal(ctx):
    topic = ctx.rng.choice(REFUSALS)
    answer = refusal_text(grammar.TOPICS[topic]["answers"][0])
    return Turn(topic, ctx.say(topic, **slots(ctx)), answer, "No tool does this. I say so.", [], [answer])
