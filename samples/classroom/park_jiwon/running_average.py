# 컴퓨터공학과 박지원


class Reset(Exception):
    """초기화"""


def running_average():
    n = 0
    avg = 0.0
    result = None  # 처음에는 보낼 값이 없음
    while True:
        try:
            x = yield result
        except Reset:
            # 다 잊어버린다
            n = 0
            avg = 0.0
            result = None
            continue

        # None을 보내면 끝
        if x is None:
            if n == 0:
                return (0, None)
            return (n, avg)

        n += 1
        # 새 평균 = 옛 평균 + (차이 / 개수)
        avg += (x - avg) / n
        result = avg
