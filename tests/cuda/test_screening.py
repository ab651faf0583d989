"""What lets a kernel out of sight of the checked build is refused by name and line, however it is spelled."""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.cuda.device import CopyOut
from grader.cuda.engine import KernelModule
from grader.cuda.reports import FindingKind
from grader.cuda.source import DoesNotCompileError

from .bench import BenchDevice

KERNEL = "__global__ void k(float *a) { a[threadIdx.x] = 1; }"


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        ('\n__attribute__((no_sanitize("thread"))) __device__ void f() {}', 2, "no_sanitize"),
        (
            "#define UNSEEN(x) __attribute__((no_##x))\n\nUNSEEN(sanitize_thread) __device__ void f() {}",
            3,
            "no_sanitize_thread",
        ),
        ("[[gnu::no_sanitize_thread]] __device__ void f() {}", 1, "[[gnu::…]]"),
        ("<:<:using gnu: constructor:>:> void f() {}", 1, "[[gnu::…]]"),
        ("[[x(a[0] ? b : c), gnu::noinline]] __device__ void f() {}", 1, "[[gnu::…]]"),
        (f"[[{'maybe_unused, ' * 99} gnu::noinline]] __device__ void f() {{}}", 1, "[[gnu::…]]"),
        ("__attribute__((aligned(16), __noipa__)) void f() {}", 1, "__noipa__"),
        ('\n#include "/proc/self/environ"', 2, '#include "/proc/self/environ"'),
        ("#define HEADER </dev/zero>\n#inclu\\\nde HEADER", 2, "#include HEADER"),
        ("%:include /* */ <a/../../device.h>", 1, "#include <a/../../device.h>"),
        ('extern "C" void _init() {}', 1, "_init"),
        ('#define C(a, b) a##b\nextern "C" void C(__ts, an_read4)(void *) {}', 2, "__tsan_read4"),
        ('\nregister void *r asm("rsp");', 2, "asm"),
        ('__device__ void f() { const char *s = u8R"x(")x"; asm("nop"); s = ""; }', 1, "asm"),
        ('#pragma GCC optimize("O0")', 1, '#pragma GCC optimize("O0")'),
        ('\n_Pragma("GCC push_options")', 2, "#pragma GCC push_options"),
        ("__device__ void f(int *p) { __atomic_fetch_add(p, 1, 0); }", 1, "__atomic_fetch_add"),
        ("__device__ void f(int *p) {\n__sync_fetch_and_add(p, 1); }", 2, "__sync_fetch_and_add"),
        ("__device__ void f(int *p) { __builtin_memset(p, 0, 12); }", 1, "__builtin_memset"),
        ('__device__ void f() { as\\\nm("nop"); }', 1, "asm"),
        ('#undef as\\\nm\n__device__ void f() { __as\\\nm__("nop"); }', 3, "__asm__"),
        ('extern "C" void __tsan_write4(void *) {}', 1, "__tsan_write4"),
        ("CK_QUIET __device__ void f() {}", 1, "CK_QUIET"),
        ("__device__ void f() {}\n#line 1", 2, "#line"),
        ('__device__ void f() {}\n%: 7 "kernel.cu"', 2, "#line"),
        ("thread_local int n;", 1, "thread_local"),
        ("__device__ void f(void *p) { goto *p; }", 1, "goto *"),
        ('extern "C" int memcmp(const void *, const void *, unsigned long);', 1, "memcmp"),
        ("\n__device__ int one() { return threadIdx.x; } __device__ int n = one();", 2, "a variable's initial value"),
        ("struct S { int n; __device__ S() : n(threadIdx.x) {} };\n__device__ S s;", 1, "a variable's initial value"),
    ],
)
def test_it_is_refused_by_name_and_line(source: str, line: int, name: str, checked: BenchDevice) -> None:
    with pytest.raises(DoesNotCompileError, match=re.escape(f"kernel.cu:{line}: error: '{name}'")):
        KernelModule(checked.engine, f"{source}\n{KERNEL}", extern_c=False)


@pytest.mark.parametrize(
    "harmless",
    [
        "struct __attribute__((aligned(16))) S { float x[4]; };",
        "[[maybe_unused]] __device__ int f() { return 0; }",
        '__device__ const char *text = "asm __builtin_trap [[gnu::x]]";  // asm',
        "#pragma unroll 4",
        "#define NEVER_USED asm",
        "#include <cstring>",
        "struct alignas(16) S { float x[4]; };",
        "__device__ int f() { static __shared__ int s[4]; return s[0]; }",
        "constexpr int f(int n) { for (int i = 0; i < 9; i++) n += i; return n; }\n__device__ int v[2] = {f(1), f(2)};",
        "__device__ int f(unsigned x) { return __popc(x) + (int)roundf(x) + (int)lroundf(x) + __popcll(x); }",
        "#ifdef __SANITIZE_THREAD__\n#error seen\n#endif\n#ifdef CK_CHECKED\n#error seen\n#endif",
    ],
)
def test_what_does_no_harm_is_left_alone(harmless: str, checked: BenchDevice) -> None:
    assert KernelModule(checked.engine, f"{harmless}\n{KERNEL}", extern_c=False).kernels == {"k": ["a"]}


STRUCTS = """
struct Pair {{ float x, y; }};
struct Wide {{ float x[7]; }};
__device__ float4 four(float x) {{ float4 v = {{x, x, x, x}}; for (int n = 0; n < 9; n++) v.x += x * v.y; return v; }}
__device__ Wide wide(float x) {{ Wide w; for (int n = 0; n < 7; n++) w.x[n] = x; return w; }}
__device__ Pair operator*(Pair a, float b) {{ for (int n = 0; n < 9; n++) a.x += b; return a; }}
__device__ float sum(Wide w) {{ float s = 0; for (int n = 0; n < 7; n++) s += w.x[n]; return s; }}
__global__ void k(float *out) {{
    __shared__ {type} s[64];
    int t = threadIdx.x;
    s[t] = {value};
    {barrier}
    {type} other = s[63 - t];
    out[t] = {use};
}}
"""


@pytest.mark.parametrize(
    ("type", "value", "use"),
    [
        ("float4", "four(t)", "other.x"),
        ("float4", "t % 2 ? four(t) : four(2)", "other.x"),
        ("Wide", "wide(t)", "sum(other)"),
        ("Wide", "wide(t)", "sum(s[63 - t])"),
        ("Pair", "Pair{1, (float)t} * 2", "other.x"),
        ("Pair", "Pair{(float)t, (float)t}", "other.y"),
        ("Pair", "[](float x) { return Pair{x, x} * x; }(t)", "other.x"),
    ],
)
def test_structs_by_value_are_seen(type: str, value: str, use: str, checked: BenchDevice) -> None:
    def findings(barrier: str) -> set[FindingKind]:
        text = STRUCTS.format(type=type, value=value, use=use, barrier=barrier)
        file = checked.module(text)
        assert file.kernels
        ran = super(BenchDevice, checked).run(text, "k", [CopyOut(np.zeros(64, np.float32))], (64, 1, 1))
        assert ran.report is not None
        return {finding.kind for finding in ran.report.findings}

    assert findings("__syncthreads();") == set()
    assert FindingKind.RACE_IN_BLOCK in findings("")


def test_numbers_through_pointers_are_stores_of_the_students_line(checked: BenchDevice) -> None:
    source = """__global__ void k(float *out) {
        __shared__ float c[64];
        sincosf(0.5f, &out[64 + threadIdx.x / 2], &c[threadIdx.x]);
        out[threadIdx.x] = modff(2.5f, &c[threadIdx.x]);
    }"""
    ran = super(BenchDevice, checked).run(source, "k", [CopyOut(np.zeros(128, np.float32))], (64, 1, 1))
    assert ran.report is not None
    assert (ran.outputs[0][:64] == 0.5).all()
    assert [finding.then.line for finding in ran.report.findings] == [3]


def test_structs_of_any_size_can_be_zeroed_and_copied(checked: BenchDevice) -> None:
    source = """struct Huge { float x[333]; };
    __global__ void k(Huge *out) {
        __shared__ Huge s[8];
        s[threadIdx.x] = Huge{};
        __syncthreads();
        out[threadIdx.x] = s[7 - threadIdx.x];
    }"""
    ran = super(BenchDevice, checked).run(source, "k", [CopyOut(np.ones(8 * 333, np.float32))], (8, 1, 1))
    assert ran.report is not None
    assert not ran.report.findings
    assert not ran.outputs[0].any()


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("int system(const char *)", "system"),
        ("long syscall(long, ...)", "syscall"),
        ("int puts(const char *)", "puts"),
    ],
)
def test_functions_of_the_host_are_refused_by_name_and_line(declared: str, name: str, checked: BenchDevice) -> None:
    source = f'\nextern "C" {declared};\nauto *volatile host = &{name};\n{KERNEL}'
    with pytest.raises(
        DoesNotCompileError, match=f"kernel.cu:2: error: no GPU has '{name}', or the engine does not know"
    ):
        KernelModule(checked.engine, source, extern_c=False)


@pytest.mark.parametrize(
    "loop", ["#define ck_for for\n#define LOOP for", "#define LOOP fo\\\nr", "#define LOOP F(fo, r)"]
)
def test_each_loop_is_marked_however_it_is_written(loop: str, checked: BenchDevice) -> None:
    source = f"#define F(a, b) a##b\n{loop}\n__global__ void k(int *out) {{ LOOP (int i = 0; i < 7; i++) out[i] = i; }}"
    report = super(BenchDevice, checked).run(source, "k", [CopyOut(np.zeros(7, np.int32))], (1, 1, 1)).report
    assert report is not None
    assert report.turns == 7


def test_a_static_variable_is_not_shared_memory(checked: BenchDevice) -> None:
    source = "__global__ void k(int *out) { static int n; if (threadIdx.x == 0) n = 1; __syncthreads(); out[0] = n; }"
    report = super(BenchDevice, checked).run(source, "k", [CopyOut(np.zeros(1, np.int32))], (1, 1, 1), (2, 1, 1)).report
    assert report is not None
    assert FindingKind.RACE_ACROSS_BLOCKS in {finding.kind for finding in report.findings}
    in_a_template = 'extern "C++" template <class T> __device__ void f(T x) {\n static T n; n = x; }\n'
    with pytest.raises(
        DoesNotCompileError, match=r"kernel\.cu:2: error: 'n': the engine does not know static variables"
    ):
        checked.module(f"{in_a_template}__global__ void k(int *a) {{ f(1); f(*a); }}").function("k")


def test_a_static_variable_has_no_computed_value(checked: BenchDevice) -> None:
    with pytest.raises(DoesNotCompileError, match=r"error: 'n': its value is computed before any kernel runs"):
        checked.module("__global__ void k(int *a) { static int n = threadIdx.x; a[n]++; }")


def test_printf_stores_nothing(checked: BenchDevice) -> None:
    source = (
        '__global__ void k(int *out) { out[0] = 0; printf("%n", out); printf("%1$n", out); printf("%%%hhn", out); }'
    )
    assert super(BenchDevice, checked).run(source, "k", [CopyOut(np.ones(1, np.int32))], (1, 1, 1)).outputs[0] == 0
