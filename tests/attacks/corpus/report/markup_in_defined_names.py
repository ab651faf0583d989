"""Defines a name that is nearly the right one, with markup in it, for the message that quotes it.

verdict: error
says: does not define parallel_map; it defines
"""

for attack in ("<script>attack", "<img src=x", "\x1b[2J", "\u202e\u2066", "\ud800"):
    globals()[f"parallel_map{attack}"] = attack
