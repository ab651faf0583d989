"""CUDA C on the CPU: kernels compiled by the machine's C++ compiler and run thread by thread, exactly.

Two builds of each kernel: `FAST` gives results, `CHECKED` sees every access and tells what is wrong and what memory
traffic costs. Everything here but the judge's evidence runs inside the sandbox, and needs the standard library only.
"""
