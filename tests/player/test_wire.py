"""The plain-data protocol: everything allowed survives the trip, everything else is refused cheaply."""

from __future__ import annotations

import contextlib
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.evidence.compare import same
from grader.player import wire

SCALARS = st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_what_is_encoded_is_decoded_again(value: Any) -> None:
    carried = json.loads(json.dumps(wire.encode(value), allow_nan=False))
    assert same(wire.decode(carried), value)


@given(st.sets(st.integers()))
def test_sets_keep_their_type(value: set[int]) -> None:
    assert wire.decode(wire.encode(value)) == value
    assert type(wire.decode(wire.encode(frozenset(value)))) is frozenset


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_protocol_error(body: bytes) -> None:
    with contextlib.suppress(wire.ProtocolError):
        assert isinstance(wire.loads(body), dict)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["$", "v", "x"]), inner, max_size=3),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_any_json_is_decoded_or_a_protocol_error(data: Any) -> None:
    with contextlib.suppress(wire.ProtocolError):
        wire.decode(data)


class Hostile:
    def __eq__(self, other: object) -> bool:
        raise AssertionError("was compared")

    def __repr__(self) -> str:
        raise AssertionError("was shown")

    __hash__ = None  # type: ignore[assignment]


def test_other_types_arrive_opaque_and_equal_to_nothing() -> None:
    opaque = wire.decode(wire.encode([Hostile()]))[0]
    assert opaque != opaque  # noqa: PLR0124 - that is the point
    assert repr(opaque) == "<an object of type Hostile>"


class SilentError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def test_exceptions_arrive_as_data_even_with_a_hostile_str() -> None:
    arrived = wire.decode(wire.encode(SilentError()))
    assert (arrived.type_name, arrived.is_a("Exception")) == ("SilentError", True)
    assert "failed" in arrived.message


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(1 << 4000, id="huge integer"),
        pytest.param("x" * 300_000, id="long text"),
        pytest.param([0] * 200_000, id="many items"),
    ],
)
def test_too_much_is_refused_by_the_sender(value: Any) -> None:
    with pytest.raises(wire.TooBigError):
        wire.encode(value)


def test_endless_nesting_is_refused_by_the_sender() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(wire.TooBigError):
        wire.encode(loop)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"$": "dict", "v": [[n, 0] for n in range(3000)]}, id="many hashed keys"),
        pytest.param({"$": "set", "v": [[1]]}, id="unhashable member"),
        pytest.param({"$": "bytes", "v": "zz"}, id="not hexadecimal"),
        pytest.param({"$": "float", "v": "1e5"}, id="a float that needs no tag"),
        pytest.param({"a": 1}, id="no tag"),
        pytest.param({"$": "exception", "v": {"type": 1, "message": ""}}, id="malformed exception"),
    ],
)
def test_what_no_encoder_sends_is_refused(data: Any) -> None:
    with pytest.raises(wire.ProtocolError):
        wire.decode(data)


def test_a_frame_announcing_too_much_is_refused_before_it_is_read() -> None:
    reader = wire.FrameReader()
    with pytest.raises(wire.ProtocolError):
        reader.feed(struct.pack(">I", wire.MAX_FRAME + 1))


def test_frames_are_cut_from_a_stream_byte_by_byte() -> None:
    reader = wire.FrameReader()
    stream = wire.frame({"a": 1}) + wire.frame({"b": 2})
    messages = [message for n in range(len(stream)) if (message := reader.feed(stream[n : n + 1])) is not None]
    assert messages == [{"a": 1}, {"b": 2}]
