"""생산자와 소비자 (과제 2)

queue.Queue를 쓰지 않고 Condition으로 직접 만들어 보았습니다.
"""
import threading
from collections import deque


class 창고:
    """capacity개까지만 쌓아 두는 창고. 닫을 수 있고, 사고가 나면 비상 정지한다."""

    def __init__(self, capacity, 생산자수):
        self.capacity = capacity
        self.물건 = deque()
        self.남은_생산자 = 생산자수
        self.사고 = None  # 첫 번째 예외
        락 = threading.Lock()
        self.빈자리 = threading.Condition(락)  # 생산자가 기다리는 곳
        self.물건있음 = threading.Condition(락)  # 소비자가 기다리는 곳

    def 넣기(self, item):
        """넣었으면 True, 비상 정지면 False."""
        with self.빈자리:
            while len(self.물건) >= self.capacity and not self.사고:
                self.빈자리.wait()
            if self.사고:
                return False
            self.물건.append(item)
            self.물건있음.notify()
            return True

    def 꺼내기(self):
        """(있음?, 물건). 더 올 것이 없거나 비상 정지면 (False, None)."""
        with self.물건있음:
            while not self.물건 and self.남은_생산자 and not self.사고:
                self.물건있음.wait()
            if self.사고 or not self.물건:
                return False, None
            item = self.물건.popleft()
            self.빈자리.notify()
            return True, item

    def 생산자_퇴근(self):
        with self.물건있음:
            self.남은_생산자 -= 1
            if self.남은_생산자 == 0:
                self.물건있음.notify_all()  # 모두에게! 한 명만 깨우면 나머지는 영원히 기다린다

    def 비상정지(self, error):
        with self.물건있음:
            if self.사고 is None:
                self.사고 = error
            self.물건있음.notify_all()
            self.빈자리.notify_all()


def produce_consume(producers, consume, capacity, consumers=1):
    if capacity < 1 or consumers < 1:
        raise ValueError("capacity와 consumers는 1 이상이어야 합니다")

    producers = list(producers)
    store = 창고(capacity, len(producers))

    def 생산(items):
        try:
            for item in items:
                if not store.넣기(item):
                    break
        except BaseException as error:
            store.비상정지(error)
        finally:
            store.생산자_퇴근()

    def 소비():
        try:
            while True:
                있음, item = store.꺼내기()
                if not 있음:
                    break
                consume(item)
        except BaseException as error:
            store.비상정지(error)

    threads = [threading.Thread(target=생산, args=(p,)) for p in producers]
    threads += [threading.Thread(target=소비) for _ in range(consumers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

    if store.사고 is not None:
        raise store.사고
