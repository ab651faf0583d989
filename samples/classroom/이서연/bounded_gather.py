"""asyncio.gather인데 한 번에 limit개까지만 (과제 8)"""
import asyncio


async def bounded_gather(factories, limit):
    if limit < 1:
        raise ValueError("limit은 1 이상이어야 합니다")

    대기 = list(enumerate(factories))
    대기.reverse()  # pop()이 맨 앞 것을 꺼내도록
    진행중 = {}
    결과 = [None] * len(대기)

    try:
        while 대기 or 진행중:
            # 자리가 있는 만큼만 시작한다. factory를 부르는 것 자체가 시작이다!
            while 대기 and len(진행중) < limit:
                번호, factory = 대기.pop()
                진행중[asyncio.ensure_future(factory())] = 번호

            끝난것, _ = await asyncio.wait(진행중, return_when=asyncio.FIRST_COMPLETED)
            for 작업 in 끝난것:
                결과[진행중.pop(작업)] = 작업.result()  # 에러면 여기서 올라간다
    except BaseException:
        # 에러든 취소든 남은 것을 한 번만 취소하고, 정리가 끝날 때까지 기다린다
        for 작업 in 진행중:
            작업.cancel()
        if 진행중:
            await asyncio.wait(진행중)
        for 작업 in 진행중:
            if not 작업.cancelled():
                작업.exception()  # 정리하다 난 에러는 무시 (경고 메시지 방지)
        raise

    return 결과
