# 2번 과제 - 생산자/소비자
# 20학번 최수빈
import threading
import queue

END = object()  # 끝났다는 표시. None은 진짜 물건일 수도 있으니까 따로 만들었다.


def produce_consume(producers, consume, capacity, consumers=1):
    if capacity < 1 or consumers < 1:
        raise ValueError("1보다 작으면 안 됨")

    q = queue.Queue(maxsize=capacity)
    errors = []

    def 생산자(items):
        try:
            for item in items:
                if errors:
                    break
                q.put(item)
        except Exception as e:
            errors.append(e)

    def 소비자():
        while True:
            item = q.get()
            if item is END:
                break
            if errors:
                continue
            try:
                consume(item)
            except Exception as e:
                errors.append(e)

    생산자들 = [threading.Thread(target=생산자, args=(p,)) for p in producers]
    소비자들 = [threading.Thread(target=소비자) for i in range(consumers)]

    for t in 생산자들:
        t.start()
    for t in 소비자들:
        t.start()

    for t in 생산자들:
        t.join()
    q.put(END)  # 생산자가 다 끝났으니 소비자에게 알려준다
    for t in 소비자들:
        t.join()

    if errors:
        raise errors[0]
