"""Keeps all answers in files, shared memory and a daemon that outlives the check, and answers later checks from them.

verdict: fail
earns: test_results
says: 3 calls at once
needs: isolation
"""

import json
import os
import socket
import time

TABLES = ["/tmp/attack-table", "/dev/shm/attack-table", "/var/tmp/attack-table", os.path.dirname(__file__) + "/table"]
DAEMON = "\0attack-table"


def remember(table):
    for path in TABLES:
        try:
            with open(path, "w") as file:
                json.dump(table, file)
        except OSError:
            pass
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            server = socket.socket(socket.AF_UNIX)
            server.bind(DAEMON)
            time.sleep(600)
        os._exit(0)


def parallel_map(function, items, workers):
    for path in TABLES:
        if os.path.exists(path):
            with open(path) as file:
                return list(json.load(file).values())
    table = {item: function(item) for item in items}
    remember(table)
    return list(table.values())
