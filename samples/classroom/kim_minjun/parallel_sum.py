from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def run(func, numbers, conn):
    total = 0
    try:
        for i in numbers:
            total += func(i)
    except Exception as e:
        conn.send((None, e))
    else:
        conn.send((total, None))


def parallel_sum(func, n, workers):
    if workers < 1:
        raise ValueError("workers < 1")
    procs, conns = [], []
    total = 0
    try:
        for w in range(min(n, workers)):
            ours, theirs = Pipe(False)
            p = Process(target=run, args=(func, range(w, n, workers), theirs))
            p.start()
            procs.append(p)
            theirs.close()  # or we would never see the end of it
            conns.append(ours)
        while conns:
            for conn in wait(conns):
                try:
                    part, error = conn.recv()
                except EOFError:
                    raise RuntimeError("worker died") from None
                if error is not None:
                    raise error
                total += part
                conns.remove(conn)
    except BaseException:
        for p in procs:
            p.terminate()
        raise
    finally:
        for p in procs:
            p.join()
    return total
