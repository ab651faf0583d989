#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""gevent로 여러 페이지를 한 스레드에서 가져온다."""
import gevent
from gevent import socket
from gevent.pool import Pool


def _request(address, timeout):
    try:
        with gevent.Timeout(timeout, TimeoutError("시간 초과")):
            with socket.socket() as s:
                s.connect(address)
                s.sendall(b"GET\n")
                page = bytearray()
                while True:
                    data = s.recv(4096)
                    if not data:
                        return bytes(page)
                    page.extend(data)
    except OSError as e:  # TimeoutError도 OSError이다
        return e


def fetch_all(addresses, limit, timeout=None):
    if limit < 1:
        raise ValueError("limit은 1 이상")
    # map이 순서를 지켜 준다
    return Pool(limit).map(lambda address: _request(address, timeout), addresses)
