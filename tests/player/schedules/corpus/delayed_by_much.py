"""race: shows only if one thread is held up for long at one place."""

from grader.player.schedules import together


class Journal:
    def __init__(self):
        self.lines = []
        self.closed = False

    def close(self):
        for line in range(4):
            self.lines.append(line)
        self.closed = True

    def write(self, number):
        for line in range(number):
            self.lines.append(line)
        return self.closed


def scenario():
    journal = Journal()
    _, was_closed = together(journal.close, lambda: journal.write(12))
    assert not was_closed or len(journal.lines) == 16 and journal.lines[0] == 0 and journal.lines[:4] == [0, 1, 2, 3]
