"""Programs that each of the rules is about, whatever else is drawn. What somebody does stands behind the name.

`main!` is what `main` does in trouble, one thing each time: see `Puppets` in scenarios.py.
"""

TINY, SHORT = 2**-20, 2**-11  # what adds up to the same in any order, and is less than clocks may tell apart
SECONDS = {"-1": -1, "tiny": TINY, "short": SHORT, "1.tiny": 1 + TINY, "1.short": 1 + SHORT}
FAR = {"hours": 10_000, "days": 1_000_000, "years": 100_000_000}
AGES = 10_000_000_000
WORDS = {"None": None, "False": False, **SECONDS, **FAR, "ages": AGES}

SITUATIONS = {
    "futures": [
        "main: watch f; watch f; watch f; sleep 1; set f 1; soon k; sleep 0; watch f; sleep 0",
        "main: fail f FalsyError; look at f; watch f; sleep 0; await f; look at f | main!: go on",
        "main: set f 1; set f 2; look at f; cancel f; fail f LookupError; watch f; sleep 0; watch f; sleep 0; await f",
        "main: look at f; set f None; look at f; await f; set f 1; look at f",
        "main: watch f; cancel f; look at f; cancel f; set f 1; sleep 0; watch f; sleep 0; await f | main!: go on",
        "main: fail f LookupError; look at f; set f 2; watch f; sleep 0; await f; look at f | main!: go on",
        "main: watch f; watch g; set g 0; set f False; look at f; sleep 0; cancel g; look at g",
    ],
    "exceptions": [
        "main: watch f; watch f; spawn a; sleep 1; soon k; set f 1; soon l; sleep 1; look at a | a: await f; return 2"
        " | who watches f: raise LookupError; raise ValueError",
        "main: spawn a; sleep 0; watch a; watch a; soon k; soon l; sleep 1; await a | a: sleep 1; return 2"
        " | who watches a: raise LookupError | k: raise FalsyError",
        "main: spawn a; spawn b; sleep 1; look at a; await b | a: raise FalsyError | b: await a; return 1",
        "main: spawn a; spawn b; spawn c; sleep 1; await c; await a; look at b | main!: go on; go on"
        " | a: raise LookupError | b: await a | b!: raise ValueError | c: await b",
        "main: soon k; soon l; soon m; sleep 0; await f | k: raise LookupError | l: set f 1 | m: raise ValueError",
        "main: fail f ValueError; await f; await f; look at f | main!: go on; go on",
        "main: spawn a; sleep 2; look at a | a: raise LookupError",
        "main: sleep 1; raise ValueError",
        "main: spawn a; spawn b; soon k; sleep 1; look at a; await b; look at b | main!: go on"
        " | a: raise OutsideError | b: await a; return 1",
        "main: spawn a; await a; look at a; raise OutsideError | main!: go on | a: sleep 1; raise GeneratorExit",
        "main: spawn a; sleep 1; fail f OutsideError; sleep 0; await f | a: await f; return 2 | a!: go on",
    ],
    "the end": [
        "main: spawn a; sleep 1; return 5 | a: sleep 2; sleep 2; return 6 > main a a",
        "main: await f | b: set f 3; sleep 1 > main f b f",
        "main: later 3 k; later 5 l; call off l; await f | k: soon m > main",
        "main: set f 1; spawn a; later 2 k; soon l | a: sleep 5; return 7 > main f f a",
        "main: spawn a; spawn b; sleep 0; soon k; later 1 l; return 1 | a: sleep 0; sleep 0; sleep 0 | b: sleep 3"
        " > main b a",
    ],
    "turns": [
        "main: soon k; soon l; soon m; call off l; sleep 0; sleep 0; sleep 0; sleep 0 | k: soon l | m: soon k",
        "main: soon k; sleep 0; sleep 0; sleep 0 | k: soon l; soon m; call off m | l: soon m",
        "main: soon k; soon l; sleep 0; soon m; sleep 0; sleep 0 | k: call off l; soon l",
        "main: later 1 k; work 2; soon l; sleep 0; sleep 0; sleep 0 | l: soon m",
        "main: spawn a; spawn b; soon k; sleep 0; sleep 0; sleep 0 | a: soon l; sleep 0; soon m; sleep 0 | b: sleep 0",
    ],
    "timers": [
        "main: later short k; later 1 l; sleep 1.short; later tiny m; sleep 1",
        "main: later 1.short k; later 1.tiny l; later 1 m; sleep 3",
        "main: sleep tiny; soon k; sleep short; sleep 2 > main, early",
        "main: later -1 k; soon l; sleep -1; sleep 0; sleep 0",
        "main: later 2 k; later 2 l; later 2 m; sleep 2; sleep 2",
        "main: later 3 k; later 1 l; later 2 m; call off m; sleep 5",
        "main: sleep 3; later 2 k; later 4 l; sleep 5 | k: later 1 m > main, early",
        "main: later 2 k; later 1 l; work 3; soon m; sleep 0; sleep 0; sleep 0",
        "main: later 1 k; later 2 l; work 4; sleep 5",
        "main: later 5 k; later 6 l; call off k; call off l; await f",
        "main: later 0 k; soon l; sleep 0; sleep 0; later 0 m; sleep 0; sleep 0",
        "main: later 1 k; spawn a; work 2; sleep 0; sleep 0; sleep 0; sleep 0 | a: sleep 0; sleep 0; sleep 0",
        "main: later 1 k; later 2 l; later 3 m; sleep 1; sleep 4 | k: soon k > main, late",
        "main: later 2 k; later 2 l; sleep 4 | k: call off l; later 1 m; work 1",
        "main: later days k; sleep hours; later years l; sleep 1; sleep years; sleep ages",
        "main: later days k; later ages l; sleep hours; sleep years > main, early",
    ],
    "tasks": [
        "main: spawn a; spawn b; await a; await b | a: sleep 2; return 1 | b: sleep 1; return 2",
        "main: spawn a; look at a; sleep 0; look at a; sleep 0; look at b | a: spawn b; sleep 0 | b: return 0",
        "main: spawn a; spawn b; spawn c; await a; await b; await c | a: return False | b: return 0 | c: sleep 1",
        "main: spawn a; spawn b; sleep 0; sleep 1; sleep 1 | a: work 1; sleep 0; sleep 1 | b: sleep 1; sleep 0",
        "main: spawn a; spawn b; spawn c; sleep 9 | a: sleep 1; sleep 1; sleep 1 | b: sleep 2; sleep 1 | c: sleep 3",
    ],
    "waking up": [
        "main: watch f; watch f; spawn a; sleep 1; set f 1; sleep 1 | a: await f; look at g"
        " | who watches f: set g 2; watch f; soon k",
        "main: spawn a; spawn b; spawn c; sleep 1; set f 5; soon k; sleep 1"
        " | a: await f | b: await f | c: await f; await f",
        "main: set f 1; spawn a; spawn b; soon k; await f; await f; sleep 0; sleep 0"
        " | a: await f; await f | b: sleep 0; await f",
        "main: watch f; spawn a; sleep 0; watch f; set f 2; watch f; soon k; sleep 0; sleep 0 | a: await f; watch f",
        "main: spawn a; spawn b; sleep 1; fail f LookupError; sleep 0; await f"
        " | a: await f; sleep 1 | a!: go on | b: await f",
        "main: spawn a; sleep 1; soon k; await a; await a; sleep 0 | a: return 3",
        "main: spawn a; spawn b; spawn c; sleep 1; sleep 0; sleep 0; sleep 0"
        " | a: await b; sleep 0 | b: await c; sleep 0 | c: sleep 1; return 1",
    ],
    "cancellation": [
        "main: watch a; watch f; spawn a; watch a; watch a; spawn b; sleep 1; set f 1; sleep 2; look at a; look at b"
        " | a: await f; sleep 1; return 1 | b: await f; await a; return 2 | b!: go on | who watches a: cancel b",
        "main: spawn a; sleep 1; cancel a; look at a; await a; look at a | main!: go on | a: sleep 9 | a!: sleep 2",
        "main: spawn a; sleep 1; cancel a; await a; look at a | a: sleep 9; sleep 2; return 4 | a!: go on",
        "main: spawn a; cancel a; look at a; await a; look at a | main!: go on | a: return 1",
        "main: spawn a; spawn b; spawn c; sleep 1; cancel b; sleep 1; look at f; look at a; look at b"
        " | a: await f | b: await f | c: await f; sleep 1 | c!: go on",
        "main: spawn a; sleep 1; set f 1; cancel a; cancel a; await a; look at a"
        " | a: await f; sleep 3; return 2 | a!: go on",
        "main: spawn a; sleep 1; cancel a; cancel a; sleep 1; cancel a; await a; look at a"
        " | a: sleep 9; sleep 8; sleep 7; return 1 | a!: go on; go on",
        "main: spawn a; spawn b; spawn c; spawn d; sleep 2; look at a; look at b; look at c; look at d; look at f"
        " | a: cancel a; sleep 0; sleep 1 | b: cancel b; await f | c: cancel c; return 3 | d: cancel d; sleep 1",
        "main: spawn a; spawn b; spawn c; sleep 1; cancel c; sleep 1; look at a; look at b; look at c"
        " | a: sleep 9 | b: await a | c: await b",
        "main: spawn a; sleep 1; cancel a; look at a; await a | a: return 1",
        "main: spawn a; sleep 1; cancel a; await f | a: sleep 9",
        "main: spawn a; sleep 1; cancel a; await a | a: sleep 9 | a!: raise ValueError",
        "main: spawn a; sleep 1; cancel a; sleep 1; cancel a; await a | a: sleep 9; sleep 9 | a!: sleep 5",
        "main: spawn b; spawn a; sleep 2; look at a; look at b | a: cancel a; await b; return 1 | b: sleep 9",
        "main: spawn b; spawn a; sleep 1; cancel a; sleep 2; look at a; look at b"
        " | a: await b; return 1 | b: sleep 9; return 2 | b!: go on",
    ],
}


def programs(rule):
    """As they are drawn: see `programs` in test_mini_loop.py."""
    return [program(text) for text in SITUATIONS[rule]]


def program(text):
    text, _, runs = text.partition(" > ")
    runs, _, how = (runs or "main").partition(", ")
    parts = dict(part.split(": ", 1) for part in text.split(" | "))
    gives = {name.replace("!", " in trouble"): list(map(step, does.split("; "))) for name, does in parts.items()}
    return {
        "gives": gives,
        "runs": runs.split(),
        "futures": ["f", "g"],
        "early": how == "early",
        "late": 2 if how == "late" else 0,
    }


def step(text):
    """`look at f` has two words for what is done, and one for with what."""
    for action in ("look at", "call off", "go on"):
        if text.startswith(action):
            return [action, *text[len(action) :].split()]
    action, *of = text.split()
    return [action, *map(value, of)]


def value(word):
    return WORDS.get(word, int(word) if word.isdigit() else word)
