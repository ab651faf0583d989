"""The same, with the frame taken from a traceback.

exercise: safe_counter
verdict: error fail
"""


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self, n=1):
        try:
            1 / 0
        except ZeroDivisionError as error:
            frame = error.__traceback__.tb_frame
        frame.f_trace = None
        self._value += n

    def decrement(self, n=1):
        self.increment(-n)

    @property
    def value(self):
        return self._value
