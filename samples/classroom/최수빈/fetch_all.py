# 4번 과제 - 페이지 여러 개 가져오기
# 20학번 최수빈
import threading
import queue


def fetch_all(urls, fetch, max_workers):
    if max_workers < 1:
        raise ValueError("1보다 작으면 안 됨")

    할일 = queue.Queue()
    답 = {}
    for url in urls:
        if url not in 답:
            답[url] = None
            할일.put(url)

    fatal = []

    def worker():
        while True:
            try:
                url = 할일.get(block=False)
            except queue.Empty:
                return  # 할 일이 없으면 퇴근. 나중에 추가되는 일은 없으니까 괜찮다.
            try:
                답[url] = fetch(url)
            except Exception as e:
                답[url] = e
            except BaseException as e:
                fatal.append(e)
                return

    threads = [threading.Thread(target=worker) for i in range(max_workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if fatal:
        raise fatal[0]
    return 답
