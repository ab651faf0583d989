"""여러 페이지를 동시에 가져오기 (과제 4)

작성자: 이서연
"""
import threading


class 작업목록:
    """여러 스레드가 나누어 가져가는 url 목록."""

    def __init__(self, urls):
        self._lock = threading.Lock()
        self._urls = iter(urls)

    def 다음(self):
        # 반복자(iterator)는 스레드 안전하지 않으므로 락을 잡고 꺼낸다
        with self._lock:
            return next(self._urls, None)


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError(f"max_workers는 1 이상이어야 합니다: {max_workers}")

    # 미리 자리를 만들어 두면 먼저 도착한 순서와 상관없이 순서가 유지된다. 중복도 여기서 사라진다.
    결과 = {url: None for url in urls}
    목록 = 작업목록(list(결과))
    치명적 = []  # Exception이 아닌 것 (SystemExit 등)

    def 일하기():
        while not 치명적:
            url = 목록.다음()
            if url is None:
                return
            try:
                결과[url] = fetch(url)
            except Exception as error:
                결과[url] = error
            except BaseException as error:
                치명적.append(error)

    스레드들 = [threading.Thread(target=일하기) for _ in range(min(max_workers, len(결과)))]
    for 스레드 in 스레드들:
        스레드.start()
    for 스레드 in 스레드들:
        스레드.join()  # 다 끝날 때까지 기다린다

    if 치명적:
        raise 치명적[0]
    return 결과
