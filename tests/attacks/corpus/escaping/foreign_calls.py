"""Runs machine code that makes system calls by the numbers of other ABIs (32 bits, x32), which a filter may not know.

verdict: crash
needs: isolation
"""

import ctypes
import mmap
import os

INT_80 = b"\xb8\x27\x00\x00\x00\xcd\x80\xc3"  # mov eax, 39 (mkdir, there); int 0x80; ret
X32 = b"\xb8\x27\x00\x00\x40\x0f\x05\xc3"  # mov eax, 0x40000000 | 39 (getpid); syscall; ret
children = []


def run(code):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


def parallel_map(function, items, workers):
    for code in (INT_80, X32):
        child = os.fork()
        if child == 0:
            os._exit(0 if run(code) >= 0 else 1)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) >= 0:
            raise RuntimeError("the kernel took a call of another ABI")
    return run(INT_80)
