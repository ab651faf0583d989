"""이동 평균이 아니라 '지금까지의 평균' 코루틴 (과제 6)"""


class Reset(Exception):
    """처음부터 다시 시작하라는 신호"""


def _한_구간():
    """Reset이 오거나 끝날 때까지의 평균. 끝나면 (개수, 평균)을 돌려준다."""
    개수 = 0
    평균 = None
    while (수 := (yield 평균)) is not None:
        개수 += 1
        if 평균 is None:
            평균 = 0.0
        # 합계를 저장하면 백만 번 더하는 동안 오차가 쌓인다 -> 평균을 조금씩 옮긴다
        평균 += (수 - 평균) / 개수
    return 개수, 평균


def running_average():
    while True:
        try:
            return (yield from _한_구간())
        except Reset:
            pass  # 새 구간을 시작한다
