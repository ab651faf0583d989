"""What is done to a student's source before it is compiled, and what the compiler says of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from grader.cuda.compiler import CHECKED, FAST
from grader.cuda.engine import KernelModule
from grader.cuda.screening import screened
from grader.cuda.source import DoesNotCompileError, translate

from .bench import BenchDevice


def marked(body: str) -> str:
    """A statement as the checked build compiles it."""
    found = re.search(
        r"__global__ void k\(\) \{ (.*) \}", screened(f"__global__ void k() {{ {body} }}", marks_loops=True)
    )
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("written", "compiled"),
    [
        ("while (a) b();", "ck_while (a) b();"),
        ("for (;;) break;", "ck_for (;;) break;"),
        ("do { a(); } while (b);", "ck_do { a(); } while (b);"),
        ("do a(); while (b);", "ck_do a(); while (b);"),
        ("do { while (a) b(); } while (c);", "ck_do { ck_while (a) b(); } while (c);"),
        ("do { do a(); while (b); } while (c); while (d);", "ck_do { ck_do a(); while (b); } while (c); ck_while (d);"),
        ('int whiles, dont; f("while (for)");', 'int whiles, dont; f("while (for)");'),
        ('f(R"(")"); while (a) b(R"(")");', 'f(R"(")"); ck_while (a) b(R"(")");'),
    ],
)
def test_loops_are_marked(written: str, compiled: str) -> None:
    assert marked(written) == compiled


def test_kernels_are_those_that_are_written() -> None:
    source = """
        // __global__ void in_a_comment() {}
        __global__ void plain(const int *__restrict__ a, unsigned int count) {}
        extern "C" __global__ __launch_bounds__(256) void bounded() {}
        __global__ void __launch_bounds__(64, 2) bounded_behind() {}
        template <int N> __global__ void of_a_template() {}
        __device__ const char *text = "__global__ void in_a_literal() {}";
    """
    assert translate(source).kernels == {
        "plain": ["a", "count"],
        "bounded": [""],
        "bounded_behind": [""],
    }


def test_the_size_of_dynamic_shared_memory_is_left_open() -> None:
    source = """
        __global__ void a() { extern __shared__ float s[]; }
        __global__ void b() { extern __shared__ __align__(16) volatile int t[]; }
    """
    translation = translate(source)
    assert translation.dynamic == ["s", "t"]
    assert "__shared__" not in translation.text


@pytest.mark.parametrize("build", [FAST, CHECKED])
def test_the_compilers_message_has_the_students_line(build: str, request: pytest.FixtureRequest) -> None:
    device: BenchDevice = request.getfixturevalue(build)
    with pytest.raises(DoesNotCompileError, match=r"kernel\.cu:3:.*undeclared_name"):
        KernelModule(device.engine, "__global__ void k(int *a) {\n  while (*a) --*a;\n  a[0] = undeclared_name;\n}")


@pytest.mark.parametrize("header", ["stdio.h", "math.h", "cuda_runtime.h", "cstdint"])
def test_headers_that_kernels_often_name_are_there(header: str, fast: BenchDevice) -> None:
    assert KernelModule(fast.engine, f"#include <{header}>\n__global__ void k() {{}}").kernels == {"k": [""]}


def test_headers_of_the_system_are_not(fast: BenchDevice) -> None:
    with pytest.raises(DoesNotCompileError, match=r"kernel\.cu:1:.*vector"):
        KernelModule(fast.engine, "#include <vector>\n__global__ void k() {}")


def test_it_is_compiled_once(fast: BenchDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "__global__ void only_once() {}"
    path = KernelModule(fast.engine, source).path
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("compiled again"))
    assert KernelModule(fast.engine, source).path == path
    assert not [file for file in Path(fast.engine.cache).iterdir() if file.suffix != ".so"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('extern "C" int system(const char *); __global__ void k() { system("true"); }', "no GPU has 'system'"),
        ("__global__ void k(int *a) { extern int environ; *a = environ; }", "no GPU has 'environ'"),
        ('__global__ void k() {\n asm volatile("nop"); }', "kernel.cu:2: error: 'asm': assembly"),
        ('#define JOIN(a, b) a##b\n__global__ void k() { JOIN(a, sm)("nop"); }', "kernel.cu:2: error: 'asm'"),
        ('__global__ void k() { JOIN(__as, m__)("nop"); }\n#define x', "JOIN"),
    ],
)
def test_what_no_gpu_has_is_refused(body: str, said: str, fast: BenchDevice) -> None:
    with pytest.raises(DoesNotCompileError, match=re.escape(said)):
        KernelModule(fast.engine, body, extern_c=False)


def test_what_kernels_print_is_seen(fast: BenchDevice, capfd: pytest.CaptureFixture[str]) -> None:
    module = KernelModule(fast.engine, '__global__ void k() { printf("thread %d\\n", threadIdx.x); }')
    module.function("k").launch([], (1, 1, 1), (3, 1, 1))
    assert capfd.readouterr().out == "thread 0\nthread 1\nthread 2\n"
