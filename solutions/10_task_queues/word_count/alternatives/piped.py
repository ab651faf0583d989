"""A group piped into the task that adds up, which makes a chord of it; each text is counted by hand."""

from celery import group


def word_counter(app, read):
    @app.task(name="library.count")
    def count(name):
        found = {}
        for word in read(name).split():
            found[word] = found.get(word, 0) + 1
        return found

    @app.task(name="library.add_up")
    def add_up(counts):
        words = {word for one in counts for word in one}
        return {word: sum(one.get(word, 0) for one in counts) for word in words}

    def start(names):
        counting = [count.si(name) for name in names]
        whole = group(counting) | add_up.s() if counting else add_up.si([])
        return whole.apply_async()

    return start
