"""The judge's end of the wire against a peer that sends anything: a message, or a ProtocolError, at a bounded price."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.evidence.compare import difference, same, shown
from grader.player import wire

from .effort import effort
from .mutations import mutated

pytestmark = pytest.mark.slow

SHOWN_LIMIT = 120 * len("\\U0010ffff") + 60  # every character of the 120 escaped, and how many were left out
TAGS = st.sampled_from(["tuple", "set", "frozenset", "dict", "float", "bytes", "opaque", "exception", "list", "", 0])
TEXTS = st.text(max_size=8) | st.sampled_from(["nan", "inf", "-inf", "00ff", "0", "ValueError", "\ud800", "x" * 300])
NUMBERS = st.integers() | st.integers(10**990, 10**1000) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
EXCEPTIONS = st.fixed_dictionaries(
    {"type": SCALARS, "message": SCALARS},
    optional={
        "bases": st.lists(SCALARS, max_size=3) | SCALARS,
        "places": st.lists(st.lists(SCALARS, max_size=4) | st.tuples(TEXTS, st.integers(), TEXTS).map(list)) | SCALARS,
    },
)


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=5)
    pairs = st.lists(st.lists(inner, min_size=2, max_size=2), max_size=4)
    tagged = st.fixed_dictionaries({"$": TAGS, "v": lists | pairs | EXCEPTIONS | inner})
    nested = st.builds(_nest, inner, st.integers(1, 100), st.sampled_from(["tuple", "frozenset", None]))
    return lists | tagged | nested | st.dictionaries(TEXTS, inner, max_size=3)


def _nest(data: Any, levels: int, tag: str | None) -> Any:
    for _ in range(levels):
        data = {"$": tag, "v": [data]} if tag else [data]
    return data


JSON_DATA = st.recursive(SCALARS, _deeper, max_leaves=25)


def decoded(data: Any) -> Any:
    """What the judge makes of the data; an Opaque stands for what it refuses."""
    try:
        return wire.decode(data)
    except wire.ProtocolError:
        return wire.Opaque("refused")


# ------------------------------------------------------------------ only ProtocolError


def feed_all(stream: bytes, piece: int, limit: int) -> list[dict[str, Any]]:
    """Every message of the stream, read in pieces as the judge does."""
    reader, messages = wire.FrameReader(limit), []
    while stream:
        size = min(piece, reader.wanted())
        assert 0 < size <= limit + 4, "what is wanted is bounded, and never nothing"
        message = reader.feed(stream[:size])
        stream = stream[size:]
        messages += [] if message is None else [message]
    return messages


VALUES = JSON_DATA.map(decoded).filter(lambda value: not isinstance(value, wire.Opaque))
FRAMES = st.builds(lambda data: wire.frame({"id": "x", "value": data}), JSON_DATA)


@effort(400)
@given(st.one_of(st.binary(max_size=300), mutated(FRAMES), mutated(st.tuples(FRAMES, FRAMES).map(b"".join))), st.data())
def test_any_stream_is_messages_or_a_protocol_error(stream: bytes, data: st.DataObject) -> None:
    piece = data.draw(st.integers(1, 100) | st.just(65536))
    with contextlib.suppress(wire.ProtocolError):
        assert all(type(message) is dict for message in feed_all(stream, piece, wire.MAX_FRAME))


@effort(300)
@given(mutated(JSON_DATA.map(lambda data: json.dumps({"value": data}).encode())))
def test_a_body_with_the_right_length_is_a_message_or_a_protocol_error(body: bytes) -> None:
    with contextlib.suppress(wire.ProtocolError):
        message = wire.loads(body)
        wire.decode(message.get("value"))


@effort(100)
@given(st.binary(max_size=100) | mutated(FRAMES))
def test_receiving_anything_ends_in_a_message_an_end_or_a_protocol_error(stream: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(stream[:60_000])  # what a socket holds without anybody reading
        theirs.shutdown(socket.SHUT_WR)
        with contextlib.suppress(EOFError, wire.ProtocolError):
            assert type(wire.receive(ours)) is dict


@pytest.mark.parametrize("length", [0, 1 << 20 | 1, 1 << 31, (1 << 32) - 1])
def test_a_lying_length_is_refused_before_anything_is_read(length: int) -> None:
    with pytest.raises(wire.ProtocolError):
        wire.FrameReader().feed(struct.pack(">I", length))


@effort(300)
@given(EXCEPTIONS | JSON_DATA)
def test_a_remote_exception_is_parsed_or_a_protocol_error(data: Any) -> None:
    with contextlib.suppress(wire.ProtocolError):
        error = wire.RemoteException.parse(data)
        assert len(shown(error)) <= SHOWN_LIMIT
        assert same(error, wire.RemoteException.parse(data))
        assert error.is_a(error.type_name)


# ------------------------------------------------------------------ what arrives can be judged


@effort(400)
@given(JSON_DATA.map(decoded), JSON_DATA.map(decoded))
def test_whatever_arrives_can_be_compared_and_shown(left: Any, right: Any) -> None:
    assert same(left, right) == same(right, left)
    assert len(shown(left)) <= SHOWN_LIMIT
    assert "\n" not in shown(left)


@effort(300)
@given(JSON_DATA)
def test_what_arrives_twice_is_the_same_unless_it_is_opaque(data: Any) -> None:
    one, other = decoded(data), decoded(data)
    assert same(one, other) == is_comparable(one)


def is_comparable(value: Any, hashed: bool = False) -> bool:
    """Whether it holds no Opaque, and no NaN where only identity would find it again (see test_finds.py)."""
    if isinstance(value, dict):
        return all(is_comparable(key, True) and is_comparable(item, hashed) for key, item in value.items())
    if isinstance(value, set | frozenset):
        return all(is_comparable(item, True) for item in value)
    if isinstance(value, list | tuple):
        return all(is_comparable(item, hashed) for item in value)
    return not isinstance(value, wire.Opaque) and not (hashed and value != value)  # noqa: PLR0124


@effort(200)
@given(VALUES, VALUES)
def test_a_difference_is_told_in_a_few_words(got: Any, wanted: Any) -> None:
    if not same(got, wanted):
        assert len(difference(got, wanted)) <= SHOWN_LIMIT + 100


# ------------------------------------------------------------------ there and back


class Thing:
    """Of a type that cannot cross the wire."""


# No bool and no float: `{1}` and `{True}` are told apart in test_finds.py.
KEYS = (
    st.none()
    | st.integers()
    | st.integers(0, 990).map(lambda digits: 10**digits)
    | st.text(max_size=5)
    | st.binary(max_size=5)
)
HASHABLE = st.recursive(KEYS, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3))
THINGS = st.builds(Thing) | st.builds(ValueError, st.text(max_size=5)) | st.just(Thing) | st.just(len)
ENCODABLE = st.recursive(
    st.booleans() | st.floats() | HASHABLE | THINGS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(HASHABLE, max_size=4),
        st.dictionaries(HASHABLE, inner, max_size=4),
    ),
    max_leaves=20,
)


@effort(400)
@given(ENCODABLE, st.integers(1, 64))
def test_what_is_encoded_arrives_as_it_was(value: Any, piece: int) -> None:
    (message,) = feed_all(wire.frame({"value": wire.encode(value)}), piece, wire.MAX_FRAME)
    assert arrived_as(wire.decode(message["value"]), value)


def arrived_as(arrived: Any, sent: Any) -> bool:
    """Whether this is what the judge should see of what was sent."""
    if isinstance(sent, list | tuple):
        items = zip(arrived, sent, strict=True)
        return type(arrived) is type(sent) and all(arrived_as(one, other) for one, other in items)
    if isinstance(sent, dict):
        return arrived.keys() == sent.keys() and all(arrived_as(arrived[key], sent[key]) for key in sent)
    if isinstance(sent, BaseException):
        return (arrived.type_name, arrived.message) == (type(sent).__name__, str(sent))
    if type(sent).__module__ != "builtins" or callable(sent):
        return isinstance(arrived, wire.Opaque) and arrived.type_name == type(sent).__name__
    return same(arrived, sent)


# ------------------------------------------------------------------ at what price

UNITS = st.one_of(
    JSON_DATA.map(lambda data: json.dumps(data, separators=(",", ":"))).filter(lambda text: len(text) < 500),
    st.sampled_from(["[]", "{}", "1e1", "-1", '"\u0101"', "[[[]]]", '{"$":"set","v":[]}', '{"$":"dict","v":[]}', "0"]),
    st.sampled_from(['{"$":"tuple","v":[[]]}', '{"$":"bytes","v":""}', '{"$":"opaque","v":""}', "[" * 70 + "]" * 70]),
)


def read_message(body: bytes) -> None:
    with contextlib.suppress(wire.ProtocolError):
        wire.decode(wire.loads(body)["value"])


def calls_made(action: Callable[[], object]) -> int:
    """How many functions, of Python or C, are called by the action: its price, on any machine."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


def peak_bytes(action: Callable[[], object]) -> int:
    """The most memory the action held at once."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def full(unit: str, size: int) -> bytes:
    """A message of nearly `size` bytes that repeats the unit."""
    times = (size - 30) // (len(unit.encode()) + 1)
    return b'{"value":[' + ",".join([unit] * times).encode() + b"]}"


@effort(60)
@given(UNITS)
def test_the_work_grows_no_faster_than_the_message(unit: str) -> None:
    body = full(unit, 20_000)
    assert calls_made(lambda: read_message(body)) <= 8 * len(body) + 1000


@effort(4)
@example("[" * 70 + "]" * 70)  # the dearest found: 88 frames
@given(UNITS)
def test_no_message_takes_more_memory_than_a_hundred_frames(unit: str) -> None:
    body = full(unit, wire.MAX_FRAME)
    assert peak_bytes(lambda: read_message(body)) <= 100 * wire.MAX_FRAME


@effort(60)
@given(JSON_DATA.map(decoded), JSON_DATA.map(decoded))
def test_comparing_and_telling_take_no_more_steps_than_there_are_pairs(left: Any, right: Any) -> None:
    size = len(repr(left)) + len(repr(right))
    assert calls_made(lambda: same(left, right)) <= 10 * size + 100
    assert calls_made(lambda: shown(left)) <= 10 * size + 2000
