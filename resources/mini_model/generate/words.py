"""Names, paths and texts, drawn fresh for every dialogue. `held` draws from other lists and other letters."""
import random
import string

FIRST = {False: "anna ben clara david emma felix greta hugo ines jonas karl lena mia nora oscar paul rosa sam tom ute vera will yara zoe alice bob carol dan eve frank grace heidi ivan judy maria john peter".split(),
         True: "agatha leonard priscilla ferdinand dolores winston theodora magnus estelle rashid noriko anil gudrun matteo".split()}
DIRS = {False: "Documents Downloads Pictures Music Videos Desktop Projects Work Private School Taxes Invoices Letters Photos Recipes Books Travel Backup Archive Notes Scans Receipts Bank Health Garden House Car Family Kids Study Thesis Slides Code src docs data tmp old new misc inbox shared build assets images reports drafts finance contracts clients".split(),
        True: "Astronomy Carpentry Choir Dentist Embroidery Fishing Hiking Insurance Knitting Mortgage Pension Woodwork chemistry laboratory theatre".split()}
STEMS = {False: "notes report todo readme letter invoice budget list plan draft summary photo scan recipe contract cv resume essay diary song poem log index main test config data table backup ideas shopping passwords contacts tickets menu map book chapter thesis slides agenda meeting protocol receipt offer order bill tax rent travel packing birthday homework questions answers results measurements addresses".split(),
         True: "waltz guarantee sketch ancestry register memoir transcript schedule catalogue ledger bibliography dictionary souvenir".split()}
EXT = {False: "txt md pdf jpg png docx xlsx csv json mp3 mp4 zip odt html py cpp log ini toml tex epub svg".split(), True: "avif wav bmp rb rs tsv bak tgz wma".split()}
TEXT_EXT = {False: "txt md txt md txt csv log ini".split(), True: "tsv txt md bak".split()}
COMMON = "apple river stone green table window garden morning winter yellow paper bread water silver mountain cloud letter music school doctor train coffee summer bridge flower kitchen lamp paint story bottle market farmer island button candle basket ladder pencil rocket tiger violin".split()
CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"
HELD_CONSONANTS = ["dr", "pr", "sk", "gl", "cr", "fl", "j", "w", "p", "s", "b", "ch", "tr"]


class Dice(random.Random):
    """The random numbers of one dialogue. After keep_few() its names are made of a few words, so that several names in it begin
    or end alike and the same part stands twice in a path: a copy that looks back at a few letters only loses its place there."""

    few = None

    def keep_few(self):
        self.few = {}

    def name_from(self, names):
        """One of a list of names: of the few that this dialogue uses, where it uses few."""
        if self.few is None:
            return self.choice(names)
        if id(names) not in self.few:
            self.few[id(names)] = self.sample(names, min(len(names), self.randint(2, 6)))
        return self.choice(self.few[id(names)])

    def made_up(self, make):
        """A made-up word: often one of before, or one with its beginning or end."""
        if self.few is None:
            return make()
        old = self.few.setdefault("made up", [])
        roll = self.random()
        if old and roll < 0.4:
            return self.choice(old)
        word = make()
        if old and roll < 0.6:
            other = self.choice(old)
            word = other + word[-2:] if roll < 0.5 else word[:2] + other
        if len(word) < 14:
            old.append(word)
        return word


def pseudo(rng, held=False, short=False):
    """A made-up word: syllables, or plain random letters."""
    return rng.made_up(lambda: new_word(rng, held, short))


def new_word(rng, held, short):
    if not held and rng.random() < 0.3:
        return "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(2, 5 if short else 7)))
    out = ""
    for _ in range(rng.randint(1, 2) if short else rng.choice([1, 2, 2, 2, 3])):
        out += (rng.choice(HELD_CONSONANTS) if held else rng.choice(CONSONANTS)) + rng.choice(VOWELS)
        if rng.random() < 0.4:
            out += rng.choice(CONSONANTS)
    return out if len(out) > 1 else out + "n"


def style(word, rng):
    r = rng.random()
    return word.capitalize() if r < 0.25 else word.upper() if r < 0.29 else word


def name(rng, held=False, lists=STEMS):
    """A file's or folder's name without its extension."""
    r = rng.random()
    if r < 0.38:
        word = rng.name_from(lists[held])
    elif r < 0.46 and not held:
        word = rng.name_from(COMMON)
    else:
        word = style(pseudo(rng, held), rng)
    r = rng.random()
    if r < 0.07:
        word += rng.choice(["-", "_", ""]) + str(rng.randint(1, 99))
    elif r < 0.13:
        word += rng.choice(["-", "_"]) + str(rng.randint(1990, 2030))
    elif r < 0.19:
        word += rng.choice(["-", "_"]) + pseudo(rng, held, True)
    elif r < 0.24:
        word += " " + rng.choice([pseudo(rng, held, True), style(rng.name_from(STEMS[held]), rng), str(rng.randint(1, 2030))])
    elif r < 0.255:
        word += f"-{rng.randint(2015, 2027)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    elif r < 0.27:
        word = word[0] + rng.choice("äöüéèñçåøß") + word[1:]
    return word


def dir_name(rng, held=False):
    r = rng.random()
    return rng.name_from(DIRS[held]) if r < 0.45 else name(rng, held, DIRS)


def file_name(rng, held=False, text=False):
    ext = rng.name_from((TEXT_EXT if text else EXT)[held])
    if rng.random() < 0.04:
        ext = ext.upper()
    return name(rng, held) + "." + ext


def folder(rng, held=False, depth=None):
    """An absolute folder path of one of several systems; now and then a bare name."""
    r = rng.random()
    depth = rng.choice([0, 1, 1, 1, 1, 2, 2, 3]) if depth is None else depth
    user = rng.name_from(FIRST[held]) if rng.random() < 0.6 else pseudo(rng, held)
    parts = [dir_name(rng, held) for _ in range(depth)]
    if depth > 1 and rng.random() < 0.2:   # the same name twice in one path: a copy must not lose its place
        parts[rng.randrange(1, depth)] = parts[0]
    if r < 0.05:                            # what programs make in /tmp
        made = pseudo(rng, held) + rng.choice(["-", "_", ".", ""]) + rng.choice(["", pseudo(rng, held, True) + "-"]) + "".join(rng.choice(string.ascii_letters) for _ in range(6))
        root = ["/tmp", made]
    elif r < 0.48:
        root = ["/home", user]
    elif r < 0.64:
        root = ["~"]
        parts = parts or [dir_name(rng, held)]
    elif r < 0.78:
        root = [rng.choice(["/srv", "/mnt", "/media", "/opt", "/tmp", "/var", "/data", "/usr", "/etc"])]
        parts = parts or [dir_name(rng, held)]
    elif r < 0.80:
        return "/" + "/".join(parts) if parts else "/" + dir_name(rng, held)
    elif r < 0.93:
        root = ["C:", "Users", user] if rng.random() < 0.6 else [rng.choice("CDEF") + ":"]
        return "\\".join(root + (parts if len(root) > 1 or parts else [dir_name(rng, held)]))
    else:
        return "/".join(parts) if parts else dir_name(rng, held)
    return "/".join(root + parts)


def join(path, leaf):
    return path + ("\\" if "\\" in path or path[1:2] == ":" else "/") + leaf


def parent(path):
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[:cut] if cut > 0 else ""


def leaf(path):
    return path[max(path.rfind("/"), path.rfind("\\")) + 1:]


def size(rng):
    r = rng.random()
    if r < 0.05:
        return "0 B"
    if r < 0.2:
        return f"{rng.randint(1, 999)} B"
    unit = rng.choice(["kB", "kB", "kB", "MB", "MB", "GB"] if r < 0.9 else ["kB"])
    return f"{rng.randint(10, 999)} {unit}" if rng.random() < 0.5 else f"{rng.randint(1, 9)}.{rng.randint(0, 9)} {unit}"


def quoted(path, rng):
    """A path as people write it in a sentence."""
    r = rng.random()
    if " " in path and r < 0.96 or r < 0.12:
        q = rng.choice(["\"", "\"", "\"", "'", "`"])
        return q + path + q
    return path


TEXT_WORDS = ("the a and of in on with for from my your our his her this that some two three many new old small big good red blue long short first last next "
              "man woman friend dog cat house tree road day week year time water food work room door book hand eye head door call buy bring send ask meet take "
              "make find see go come stay open close wait read write remember check clean pay fix plan walk run eat drink sleep play learn help need want like "
              "milk bread eggs butter cheese rice tea sugar salt apples Monday Tuesday Wednesday Thursday Friday Saturday Sunday January March May June July "
              "is are was has will can not very soon later today tomorrow again here there then but or if when after before under over near "
              "dentist garage key keys train ticket station office school party birthday present letter phone number street garden window kitchen").split()


def phrase(rng, held=False, low=2, high=7):
    """Free text. Every word of it is common in training, or spelt in letters."""
    words = []
    if not held and rng.random() < 0.3:           # words as they come, large and small: every one is a token that must be copied
        return " ".join(w[0].upper() + w[1:] if rng.random() < 0.4 else w for w in rng.choices(TEXT_WORDS, k=rng.randint(low, high)))
    for _ in range(rng.randint(low, high)):
        r = rng.random()
        words.append(rng.choice(TEXT_WORDS) if r < 0.68 else pseudo(rng, held) if r < 0.86 else str(rng.randint(1, 2999)) if r < 0.93 else rng.choice(FIRST[held]).capitalize())
    text = " ".join(words)
    r = rng.random()
    if r < 0.5:
        text = text[0].upper() + text[1:]
    if r < 0.3:
        text += rng.choice([".", ".", "!", "?"])
    return text


KEYS = {False: "phone date price total rent food code room street city name owner color weight height speed age score status version port user email due paid amount size model number title author year month level key gate flight hotel seat doctor time place rate balance".split(),
        True: "humidity longitude salary passport tariff odometer pin allergy branch diameter".split()}


def value(rng, held=False):
    r = rng.random()
    if r < 0.3:
        return str(rng.randint(1, 9999))
    if r < 0.4:
        return f"{rng.randint(1, 999)}.{rng.randint(0, 99):02d}"
    if r < 0.55:
        return rng.choice(FIRST[held]).capitalize() + ("" if rng.random() < 0.5 else " " + pseudo(rng, held).capitalize())
    if r < 0.65:
        return f"{rng.randint(1, 28)} {rng.choice('January March May June July'.split())} {rng.randint(1990, 2030)}"
    if r < 0.75:
        return f"0{rng.randint(100, 999)} {rng.randint(1000, 999999)}"
    return pseudo(rng, held) if r < 0.9 else phrase(rng, held, 2, 3).rstrip(".!?")
