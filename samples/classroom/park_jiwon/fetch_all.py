# 컴퓨터공학과 박지원
from threading import Thread


def fetch_all(urls, fetch, max_workers):
    # 예외 처리
    if max_workers <= 0:
        raise ValueError("max_workers error")

    # 중복 제거 (순서 유지)
    url_list = []
    for u in urls:
        if u not in url_list:
            url_list.append(u)

    result = [None] * len(url_list)
    bad = []

    # i번째 url을 가져오는 함수
    def download(i):
        try:
            result[i] = fetch(url_list[i])
        except Exception as e:
            result[i] = e
        except BaseException as e:
            bad.append(e)

    # url마다 스레드를 하나씩 만들어서 동시에 실행한다. 제일 빠르다!
    threads = []
    for i in range(len(url_list)):
        t = Thread(target=download, args=(i,))
        t.start()
        threads.append(t)

    for t in threads:
        t.join()

    if len(bad) > 0:
        raise bad[0]

    # dict로 바꾸기
    answer = {}
    for i in range(len(url_list)):
        answer[url_list[i]] = result[i]
    return answer
