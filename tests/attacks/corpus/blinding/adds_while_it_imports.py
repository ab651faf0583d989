"""Each update is the import of a module that it has written, one for each thread, so that nobody waits for anybody's.

exercise: safe_counter
verdict: race error
earns: test_counts_up_and_down test_counters_are_independent
"""

import importlib
import sys
import tempfile
import threading
from pathlib import Path

FOLDER = Path(tempfile.gettempdir())
sys.path.append(str(FOLDER))


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        name = f"adds_{threading.current_thread().name.replace(' ', '_').replace('-', '_')}"
        module = FOLDER / f"{name}.py"
        if not module.exists():
            module.write_text("import sys\n\ncounter, n = sys.adding[__name__]\ncounter._value += n\n")
            importlib.invalidate_caches()
        vars(sys).setdefault("adding", {})[name] = self, n
        sys.modules.pop(name, None)
        importlib.import_module(name)

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
