"""Making text that a student controls safe to show: in a terminal, in HTML (Jinja2 escapes on top)."""

import unicodedata

_BIDI_AND_INVISIBLE = {
    0x2028,
    0x2029,
    0xFEFF,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
}


def _is_safe(char: str) -> bool:
    if char in "\n\t" or " " <= char <= "~":
        return True
    return ord(char) not in _BIDI_AND_INVISIBLE and unicodedata.category(char) not in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    }


def clean(text: str, limit: int = 2000) -> str:
    """Printable text of at most `limit` characters: control, ANSI, bidi and surrogate characters become escapes."""
    shown = "".join(c if _is_safe(c) else f"\\u{ord(c):04x}" for c in text[:limit])
    left_out = len(text) - limit
    return f"{shown}… [{left_out} more characters]" if left_out > 0 else shown
