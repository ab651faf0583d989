"""Raises SyntaxErrors whose file and line are anything but a text and a number.

verdict: error
says: SyntaxError
"""


def parallel_map(function, items, workers):
    error = SyntaxError("invalid")
    error.filename, error.lineno = ["<script>attack"], {"line": 10**5000}
    raise error
