"""Hands in a git checkout whose hooks, filters, monitor, alternates and includes would run or read if git looked at it.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

from pathlib import Path

HONEST = """
from concurrent.futures import ThreadPoolExecutor

def parallel_map(function, items, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
"""
CONFIG = """[core]
	fsmonitor = touch /tmp/attack-monitor
	hooksPath = hooks
	pager = touch /tmp/attack-pager
[include]
	path = /etc/passwd
[filter "x"]
	smudge = touch /tmp/attack-smudge
	clean = touch /tmp/attack-clean
[safe]
	directory = *
"""


def build(folder: Path) -> None:
    (folder / "parallel_map.py").write_text(HONEST)
    (folder / ".gitattributes").write_text("* filter=x\n")
    (folder / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::touch /tmp/attack-submodule\n')
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "pre-commit", "post-index-change", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch /tmp/attack-{name}\n")
        (hooks / name).chmod(0o755)
    (folder / ".git" / "config").write_text(CONFIG)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    alternates = folder / ".git" / "objects" / "info"
    alternates.mkdir(parents=True)
    (alternates / "alternates").write_text("/\n")
    (folder / ".git" / "parallel_map.py").write_text("import os; os._exit(0)\n")
