"""Raises in functions whose names, and whose file's name, are made of markup, as the report tells where it happened.

verdict: error
says: Your code raised ValueError
"""

MARKUP = ("<img src=x onerror=attack()>", "\x1b[31m\u202e\u2066", "\ud800\0", "<script>attack</script>", "=1+1")


def fail():
    raise ValueError("here")


def renamed(function, name):
    code = function.__code__
    file = code.co_filename + ("" if name.startswith("<") else name)
    function.__code__ = code.replace(co_name=name, co_qualname=name, co_filename=file)
    return function


def parallel_map(function, items, workers):
    def chain(names):
        def step():
            chain(names[1:]) if names else fail()

        renamed(step, names[0] if names else "<module>")()

    renamed(fail, MARKUP[0])
    chain(MARKUP)
