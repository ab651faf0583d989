#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""
fetch_all: 여러 개의 URL을 스레드 풀로 내려받는다.

    python3 fetch_all.py      # 간단히 실행해 보기
"""
from concurrent import futures


def fetch_all(urls, fetch, max_workers):
    pool = futures.ThreadPoolExecutor(max_workers)  # 1보다 작으면 여기서 ValueError
    try:
        jobs = {}
        for url in urls:
            if url not in jobs:
                jobs[url] = pool.submit(fetch, url)
        return {url: _result(job) for url, job in jobs.items()}
    finally:
        pool.shutdown(wait=True)


def _result(job):
    try:
        return job.result()
    except Exception as e:
        return e


if __name__ == "__main__":
    import time

    def slow(url):
        time.sleep(1)
        return url.encode()

    begin = time.time()
    print(fetch_all(["a", "b", "c", "d"], slow, 2))
    print(time.time() - begin, "초 걸림")  # 2초쯤 나와야 한다
