"""Whatever a kernel stores and loads with is seen: a race through it is found, and it is no alarm where it is right."""

from __future__ import annotations

import numpy as np
import pytest

from grader.cuda.compiler import find_compiler
from grader.cuda.device import CopyIn, CopyOut
from grader.cuda.reports import FindingKind
from grader.cuda.source import DoesNotCompileError

from .bench import BenchDevice

KERNEL = """
struct B2 {{ char a[2]; }}; struct B3 {{ char a[3]; }}; struct B5 {{ char a[5]; }}; struct B7 {{ char a[7]; }};
struct B12 {{ int a[3]; }}; struct B16 {{ int a[4]; }}; struct B24 {{ int a[6]; }}; struct B32 {{ int a[8]; }};
struct In {{ int a, b, c; }}; struct Nested {{ char p; In in[2]; }}; struct Rows {{ int a[3][5]; }};
union Word {{ float f; int i; char c[4]; }}; struct Bits {{ unsigned a : 3, b : 5, c : 24; }};
template <class T> __device__ T made(int x) {{ T made; for (auto &a : made.a) a = x++; return made; }}
template <class T> __device__ T other(int x) {{ T made; for (auto &a : made.a) a = x--; return made; }}
template <class T> __device__ int used(T x, int n) {{ return n > 0 ? used(x, n - 1) + x.a[0] : x.a[1]; }}
template <class T> __device__ T deep(int n) {{ T x{{}}; if (n > 0) x = deep<T>(n - 1); x.a[0] += n; return x; }}
template <class T> __device__ void swapped(T &a, T &b) {{ T c = a; a = b; b = c; }}
inline __device__ void *operator new(size_t, void *at) {{ return at; }}
{declared}
extern "C" __global__ void k(int *out, {type} *outside, int waits)
{{
    __shared__ {type} inside[64];
    {type} *s = {where};
    int t = threadIdx.x;
    for (int i = t; i < sizeof *s * 64; i += 64) ((char *)s)[i] = 0;
    __syncthreads();
    {store}
    if (waits) __syncthreads();
    int sum = {load};
    out[t] = sum;
}}
"""
ODD = ("B2", "B3", "B5", "B7", "B12", "B16", "B24", "B32")
MEMBERS = "struct M { int x[5]; __device__ M next() const { M m = *this; m.x[2]++; return m; } };"
ASSIGNED = "struct M { int x[5]; __device__ M &operator=(const M &o) { x[2] = o.x[3]; return *this; } };"
BUILT = "struct M { int x; __device__ M() {} __device__ M(int y) : x(y) {} __device__ ~M() {} };"
SUM = "__device__ B24 operator+(B24 a, B24 b) { for (int i = 0; i < 6; i++) a.a[i] += b.a[i]; return a; }"
CONVERTED = "struct C { int x; __device__ operator B24() const { return made<B24>(x); } };"
VIRTUAL = (
    "struct V { virtual __device__ int f(int x) { return x; } }; struct W : V { __device__ int f(int) { return 1; } };"
)

SEEN = [
    *(("", size, f"s[t] = made<{size}>(t);", "s[63 - t].a[0]") for size in ODD),
    *(("", size, f"s[t] = t % 2 ? made<{size}>(t) : other<{size}>(t);", "s[63 - t].a[0]") for size in ODD),
    *(("", size, f"s[t] = deep<{size}>(3);", "s[63 - t].a[0]") for size in ODD),
    *(("", size, "s[t].a[0] = t;", "used(s[63 - t], 3)") for size in ODD),
    *(("", size, f"{size} x = made<{size}>(t); s[t] = x;", f"0; {size} y = s[63 - t]; sum += y.a[1]") for size in ODD),
    *(("", size, "memset(&s[t], 1, sizeof *s);", f"0; {size} y; memcpy(&y, &s[63 - t], sizeof y)") for size in ODD),
    ("", "B5", "B5 x{}; memmove(&s[t], &x, sizeof x);", "s[63 - t].a[4]"),
    ("", "Nested", "s[t].in[1] = {t, t, t};", "s[63 - t].in[1].c"),
    ("", "Nested", "s[t] = {1, {{t, t, t}, {t, t, t}}};", "s[63 - t].in[0].a"),
    ("", "Rows", "s[t] = Rows{};", "s[63 - t].a[2][4]"),
    ("", "B24", "auto f = [=](int x) { return made<B24>(x + t); }; s[t] = f(t);", "s[63 - t].a[5]"),
    (SUM, "B24", "s[t] = made<B24>(1) + other<B24>(t);", "s[63 - t].a[5]"),
    (CONVERTED, "B24", "s[t] = C{t};", "s[63 - t].a[5]"),
    (MEMBERS, "M", "M m{}; s[t] = m.next();", "s[63 - t].x[2]"),
    (ASSIGNED, "M", "M m{}; s[t] = m;", "s[63 - t].x[2]"),
    (BUILT, "M", "s[t] = M(t);", "s[63 - t].x"),
    (BUILT, "M", "new (&s[t]) M(t);", "s[63 - t].x"),
    ("", "B24", "B24 x{}; swapped(s[t], x);", "s[63 - t].a[0]"),
    ("", "Word", "s[t].c[1] = t;", "s[63 - t].i"),
    ("", "Bits", "s[t].b = t;", "s[63 - t].b"),
    ("", "B16", "for (auto &a : s[t].a) a = t;", "0; auto [x, y, z, w] = s[63 - t].a; sum += w"),
    ("", "In", "int In::*m = out[t] ? &In::a : &In::b; s[t].*m = t;", "s[63 - t].*m"),
    ("", "int", "((volatile int *)s)[t] = t;", "((volatile int *)s)[63 - t]"),
    ("__device__ void put(int *__restrict__ p, int t) { p[t] = t; }", "int", "put(s, t);", "s[63 - t]"),
    ("", "int", "int &r = s[t]; r++;", "0; const int &r2 = s[63 - t]; sum += r2"),
    ("", "bool", "s[t] = t % 2;", "s[63 - t]"),
    ("", "__int128", "s[t] = t;", "(int)s[63 - t]"),
    *(("", kind, f"s[t] = make_{kind}({given});", "s[63 - t].x") for kind, given in (
        ("uchar3", "t, t, t"), ("short3", "t, t, t"), ("float2", "t, t"), ("float3", "t, t, t"),
        ("float4", "t, t, t, t"), ("double3", "t, t, t"), ("double4", "t, t, t, t"), ("char4", "t, t, t, t"))),
    (VIRTUAL, "int", "V v; W w; V *one = out[t] ? &v : &w; s[t] = one->f(t);", "s[63 - t]"),
    ("__constant__ int c[2] = {1, 2}; __device__ const int d[2] = {1, 2};", "int",
     "const int *p = t % 2 ? c : d; s[t] = p[t % 2];", "s[63 - t]"),
    ("", "int", 's[t] = (t % 2 ? "ab" : "cd")[t % 3];', "s[63 - t]"),
]  # fmt: skip


def _findings(case: tuple[str, str, str, str], where: str, waits: bool, checked: BenchDevice) -> set[FindingKind]:
    declared, type, store, load = case
    text = KERNEL.format(declared=declared, type=type, store=store, load=load, where=where)
    arguments: list[CopyIn | CopyOut | np.generic] = [
        CopyOut(np.zeros(64, np.int32), filled=True),
        CopyOut(np.zeros(64 * 64, np.uint8)),
        np.int32(waits),
    ]
    report = super(BenchDevice, checked).run(text, "k", arguments, (64, 1, 1)).report
    assert report is not None
    assert report.failure is None
    return {finding.kind for finding in report.findings}


@pytest.mark.parametrize("where", ["inside", "outside"])
@pytest.mark.parametrize("case", SEEN, ids=lambda case: f"{case[1]}: {case[2]} {case[3]}")
def test_a_store_and_a_load_are_seen(case: tuple[str, str, str, str], where: str, checked: BenchDevice) -> None:
    assert _findings(case, where, True, checked) == set()
    assert FindingKind.RACE_IN_BLOCK in _findings(case, where, False, checked)


@pytest.mark.parametrize(
    ("store", "load"),
    [
        ("B24 (*f)(int) = out[t] ? made<B24> : other<B24>; s[t] = f(t);", "s[63 - t].a[0]"),
        (
            "int (*f)(B24, int) = used<B24>; if (out[t]) f = [](B24 x, int) { return x.a[2]; }; s[t].a[0] = t;",
            "f(s[63 - t], 1)",
        ),
    ],
)
def test_where_gcc_sees_no_struct_pass_by_it_says_what_to_do(store: str, load: str, checked: BenchDevice) -> None:
    if find_compiler().is_clang:
        pytest.skip("with clang, it is seen")
    with pytest.raises(
        DoesNotCompileError, match=r"kernel\.cu:\d+: error: 'a call through a pointer': the engine does"
    ):
        _findings(("", "B24", store, load), "inside", True, checked)
