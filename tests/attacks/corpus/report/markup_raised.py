"""Raises an exception whose class, text, notes and arguments are HTML, terminal commands, formulas and Markdown.

verdict: error
says: Your code raised
"""

TEXT = (
    "<script>attack()</script><img src=x onerror=attack()>{{ 7 * 7 }}{% raw %}</pre></dd><!--"
    "\x1b[2J\x1b]0;attack\x07\x9b31m\u202epass\u2066\u200b\0\r\n=HYPERLINK(1)\n|---|\n# 5/5 [x](javascript:1)\n"
    '"}],"verdict":"pass","score":5,"x":[{"'
)


def parallel_map(function, items, workers):
    error = type(TEXT.replace("\0", ""), (ValueError,), {})(TEXT)
    error.add_note(TEXT)
    raise error
