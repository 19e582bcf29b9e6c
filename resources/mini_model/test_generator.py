"""The dialogue generator: held-out forms stay held out, results have the documented form, every topic renders."""
import collections
import json
import pathlib
import random
import re
import unittest

from generate import chains, dialogue, grammar, results, sums, words
from generate.context import TOOLS, Context
import prompt_format

HERE = pathlib.Path(__file__).parent



class Forms(unittest.TestCase):
    def test_nouns_go_before_slots_that_the_topic_has(self):
        for topic, holds in grammar.HOLDS.items():
            slots = set(re.findall(r"\{(\w+)\}", " ".join(grammar.TOPICS[topic]["train"])))
            self.assertLessEqual(set(holds), slots, topic)
        rng = random.Random(1)
        said = {grammar.name_slots("move", "put {path} into {folder}", rng) for _ in range(400)}
        self.assertIn("put the file {path} into {folder}", said)
        self.assertIn("put {path} into my folder {folder}", said)
        self.assertEqual({grammar.name_slots("move", "put the file {path}", rng) for _ in range(400)}, {"put the file {path}"})

    def test_every_topic_has_forms_for_training_and_for_evaluation(self):
        for topic, forms in grammar.TOPICS.items():
            self.assertTrue(forms["train"], topic)
            self.assertTrue(forms["held"], topic)

    def test_training_never_says_a_held_out_sentence(self):
        rng = random.Random(1)
        for topic, forms in grammar.TOPICS.items():
            if topic == "nonsense":                    # nothing but random letters
                continue
            slots = {name: "{" + name + "}" for f in forms["train"] for name in re.findall(r"\{(\w+)\}", f)}
            said = {grammar.plain(grammar.say(topic, rng, **slots)) for _ in range(300)}
            held = {grammar.plain(r) for f in forms["held"] for r in grammar.readings(f)}
            self.assertFalse(said & held, topic)

    def test_every_held_out_word_is_known_to_its_topic(self):
        """A word of a held-out form stands in two training forms of the topic, or is one of the common words of most topics."""
        words_of = lambda form: set(re.findall(r"[a-z']+", re.sub(r"\{\w+\}", " ", form.lower())))
        topics = collections.defaultdict(set)
        for topic, forms in grammar.TOPICS.items():
            for word in set().union(*map(words_of, forms["train"])):
                topics[word].add(topic)
        for topic, forms in grammar.TOPICS.items():
            train = [words_of(f) for f in forms["train"]]
            for form in forms["held"]:
                for word in words_of(form):
                    self.assertTrue(sum(word in t for t in train) >= 2 or len(topics[word]) >= 20, (topic, form, word))

    def test_expand_reads_nested_choices(self):
        rng = random.Random(1)
        self.assertEqual({grammar.expand("a[b[c|d]|]", rng) for _ in range(60)}, {"a", "abc", "abd"})

    def test_dress_keeps_slots_whole(self):
        rng = random.Random(1)
        for _ in range(300):
            self.assertIn("{path}", grammar.dress("Please show the content of {path} again.", rng))


class Dialogues(unittest.TestCase):
    def test_every_topic_makes_turns_that_use_only_known_tools_and_arguments(self):
        for maker, _ in dialogue.WEIGHTS:
            for held in (False, True):
                for i in range(12):
                    ctx = Context(f"test {i}", held)
                    ctx.tools = list(TOOLS)
                    made = maker(ctx)
                    for turn in made if isinstance(made, list) else [made]:
                        for step in turn.steps:
                            self.assertEqual(sorted(step.arguments), sorted(TOOLS[step.name]["function"]["parameters"].get("required", [])))
                        for fact in turn.facts:
                            self.assertIn(fact, turn.answer, turn.topic)
                        for word in turn.absent:
                            self.assertNotIn(word, turn.answer, turn.topic)

    def test_a_missing_tool_is_never_called(self):
        for i in range(300):
            made = dialogue.conversation(f"granted {i}", 900, lambda t: len(t) // 4)
            if made is None:
                continue
            messages, tools = made
            names = {t["function"]["name"] for t in tools}
            for m in messages:
                for call in m.get("tool_calls", []):
                    self.assertIn(call["function"]["name"], names)

    def test_the_same_seed_gives_the_same_dialogue(self):
        count = lambda t: len(t) // 4
        self.assertEqual(dialogue.conversation("x", 900, count), dialogue.conversation("x", 900, count))

    def test_small_talk_and_refusals_are_a_good_quarter(self):
        first = sum(w for m, w in dialogue.WEIGHTS if m in (dialogue.talk.small_talk, dialogue.talk.refusal))
        self.assertTrue(0.2 < first / sum(w for _, w in dialogue.WEIGHTS) < 0.32)


class Results(unittest.TestCase):
    def test_listing(self):
        self.assertEqual(results.listing([("Taxes", None), ("a.txt", "4.1 kB")], 3), "Taxes/\na.txt (4.1 kB)\n... 3 more")
        self.assertEqual(results.listing([]), "(empty folder)")

    def test_numbers(self):
        for text, want in [("17 * 23", "391"), ("1 / 3", "0.333333"), ("2 ^ 10", "1024"), ("sqrt(81)", "9"), ("5 / 2", "2.5"), ("1 / 0", "error: division by zero")]:
            self.assertEqual(sums.value(text), want)

    def test_a_dialogue_of_few_names_repeats_them(self):
        dice = words.Dice("few")
        many = {words.dir_name(dice) for _ in range(200)}
        dice.keep_few()
        few = {dice.name_from(words.DIRS[False]) for _ in range(200)}
        self.assertLessEqual(len(few), 6)
        self.assertGreater(len(many), 60)
        made = [words.pseudo(dice) for _ in range(200)]
        self.assertLess(len(set(made)), 150)

    def test_what_is_held_out_draws_names_freely(self):
        self.assertTrue(all(Context(i, True).rng.few is None for i in range(50)))
        self.assertTrue(any(Context(i).rng.few is not None for i in range(50)))

    def test_a_name_alike_differs(self):
        ctx = Context("alike")
        for file in ("notes.txt", "Taxes"):
            for _ in range(50):
                found = results.with_alike(ctx, [], file)
                self.assertNotIn(file, dict(found))

    def test_paths(self):
        self.assertEqual(words.join("C:\\a", "b"), "C:\\a\\b")
        self.assertEqual(words.join("/a", "b"), "/a/b")
        self.assertEqual(words.leaf("/a/b c.txt"), "b c.txt")
        self.assertEqual(words.parent("/a/b"), "/a")


class Vocabulary(unittest.TestCase):
    WORDS = set(map(json.loads, (HERE / "vocabulary.txt").read_text().splitlines()))

    def test_names_are_spelt(self):
        """One name is the same tokens after a slash, a quote and a line break: only then can it be copied letter by letter."""
        of_the_forms = {"list", "List", "pdf", "photo", "Catalogue", "Sketch"}
        lists = (words.FIRST, words.DIRS, words.STEMS, words.EXT)
        names = {w for both in lists for names in both.values() for w in names} | set(words.COMMON)
        self.assertEqual({v for w in names for v in (w, w.capitalize()) if v in self.WORDS} - of_the_forms, set())

    def test_the_text_of_a_user_is_whole_after_a_space_only(self):
        alone = {w for w in words.TEXT_WORDS if w in self.WORDS}
        self.assertLess(len(alone), 80)                                          # those that sentences begin with
        self.assertGreater(sum(" " + w in self.WORDS for w in words.TEXT_WORDS), 120)


class HeldOut(unittest.TestCase):
    def test_the_committed_dialogues_are_those_of_the_generator(self):
        import heldout
        lines = heldout.FILE.read_text().splitlines()
        self.assertGreaterEqual(len(lines), 500)
        for line, made in zip(lines, heldout.dialogues(40)):
            self.assertEqual(json.loads(line), json.loads(json.dumps(made)))

    def test_they_render(self):
        for line in (HERE / "heldout.jsonl").read_text().splitlines()[:50]:
            d = json.loads(line)
            self.assertIn("<|im_start|>user\n", prompt_format.render([{"role": "user", "content": d["turns"][0]["user"]}], [TOOLS[n] for n in d["tools"]]))


if __name__ == "__main__":
    unittest.main()
