"""race: the room is looked at, and taken later."""

from grader.player.schedules import together


class Shelf:
    def __init__(self, room):
        self.room = room
        self.books = []

    def put(self, book):
        if len(self.books) < self.room:
            self.books.append(book)


def scenario():
    shelf = Shelf(1)
    together(lambda: shelf.put("a"), lambda: shelf.put("b"))
    assert len(shelf.books) <= 1
