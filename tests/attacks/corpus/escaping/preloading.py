"""Sets what its children are started with: LD_PRELOAD, PYTHONSTARTUP, PYTHONPATH, for whoever starts one unaware.

verdict: pass
earns: test_results test_at_once test_leaves_nothing
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

os.environ.update(
    LD_PRELOAD="/tmp/attack.so", LD_LIBRARY_PATH="/tmp", PYTHONPATH="/tmp", PYTHONSTARTUP="/tmp/attack.py", PATH="/tmp"
)
sys.path.insert(0, "/tmp")
sys.executable = "/tmp/attack-python"


def parallel_map(function, items, workers):
    said = subprocess.run(["/bin/echo", "unharmed"], capture_output=True, text=True)
    assert said.stdout == "unharmed\n", said
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, items))
