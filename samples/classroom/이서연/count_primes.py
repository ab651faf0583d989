"""소수 세기: 여러 프로세스로 나누기 (과제 4)"""
from concurrent.futures import ProcessPoolExecutor, as_completed


def is_prime(n: int) -> bool:
    """Whether `n` is a prime number, by trying every smaller divisor. Given: keep it as it is, and use it."""
    return n >= 2 and all(n % divisor for divisor in range(2, n))


def 구간세기(구간):
    """range 하나를 받아서 그 안의 소수 개수를 센다. (프로세스로 보내야 하므로 모듈 최상위에 둔다)"""
    개수 = 0
    for n in 구간:
        if is_prime(n):
            개수 += 1
    return 개수


def count_primes(limit, workers):
    if workers < 1:
        raise ValueError("workers는 1 이상이어야 합니다")
    if limit <= 2:
        return 0

    # 큰 수일수록 오래 걸린다. 큰 구간부터 나눠 주면 마지막에는 작은 일만 남아서 골고루 끝난다.
    크기 = max(1, limit // (workers * 40))
    구간들 = [range(max(0, 끝 - 크기), 끝) for 끝 in range(limit, 0, -크기)]

    with ProcessPoolExecutor(max_workers=workers) as pool:
        작업들 = [pool.submit(구간세기, 구간) for 구간 in 구간들]
        return sum(작업.result() for 작업 in as_completed(작업들))
