"""The plain-data protocol between judge and player: 4 bytes of length, then JSON with tagged types.

Both ends use this module. The judge's end treats its peer as hostile: sizes, depth, item counts, digits and hashed keys
are capped, only exact built-in types exist, and anything else arrives as an `Opaque`, equal to nothing.
"""

from __future__ import annotations

import json
import math
import struct
import types
from json import encoder
from typing import Any, Protocol

MAX_FRAME = 1 << 20
MAX_DEPTH = 40
MAX_ITEMS = 100_000
MAX_TEXT = 200_000
MAX_INT_BITS = 3300
MAX_INT_DIGITS = 1000
_MOST_LINES = 10_000_000
_MAX_NAME = 80
# A peer can choose ints that collide in a dict: 45,000 of them cost 11.7 s of the judge's CPU (measured). Texts and
# bytes it cannot, as their hashes are salted. Counted with all they are made of.
MAX_HASHED = 2000

_HEADER = struct.Struct(">I")
# What `json.dumps` is made of, without the parts that student code could replace: no check for circles (there are none
# in what `encode` returns), compact, no NaN.
_write: Any = encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, None, encoder.encode_basestring_ascii, None, ":", ",", False, False, False
)


class ProtocolError(Exception):
    """The peer sent something the protocol does not allow."""


class TooBigError(ValueError):
    """A value is too large to be handed over."""


class Opaque:
    """Stands for an object whose type cannot cross the wire. Equal to nothing, not even itself."""

    __slots__ = ("type_name",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<an object of type {self.type_name}>"


# ------------------------------------------------------------------ values to JSON


class _Quota:
    """Counts what one message may still hold."""

    def __init__(self) -> None:
        self.items = MAX_ITEMS
        self.hashed = MAX_HASHED

    def item(self, depth: int) -> None:
        self.items -= 1
        if depth > MAX_DEPTH:
            raise TooBigError(f"it is nested deeper than {MAX_DEPTH} levels")
        if self.items < 0:
            raise TooBigError(f"it has more than {MAX_ITEMS:,} elements")

    def key(self, weight: int) -> None:
        self.hashed -= weight
        if self.hashed < 0:
            raise TooBigError(f"it has more than {MAX_HASHED:,} keys or set members that are not texts")


def _weight(key: Any) -> int | None:
    """How much of a budget's `hashed` a key takes; None if it is, or holds, what cannot be a key at the other end."""
    kind = id(type(key))
    if kind in _SALTED:
        return 0
    if kind in _SCALARS:
        return 1
    if kind not in _FROZEN:
        return None
    weights = [_weight(item) for item in iter(key)]
    return None if None in weights else 1 + sum(weight or 0 for weight in weights) + len(weights)


def _identities(*kinds: type) -> frozenset[int]:
    """Types told apart by what they are: a metaclass's own __eq__ and __hash__ have no say."""
    return frozenset(map(id, kinds))


_SCALARS = _identities(type(None), bool, int, float, str, bytes)
_SALTED = _identities(str, bytes)
_FROZEN = _identities(tuple, frozenset)
_SYNTAX_ERRORS = _identities(SyntaxError, IndentationError, TabError)
_TAGGED = _identities(tuple, set, frozenset, dict)


def encode(value: object) -> Any:
    """`value` as JSON types. Raises TooBigError. Never calls a method of a class that student code defined."""
    return _encode(value, 0, _Quota())


def _encode(value: Any, depth: int, budget: _Quota) -> Any:
    budget.item(depth)
    kind = type(value)
    if id(kind) in _SCALARS:
        return _encode_scalar(value)
    if kind is list:
        return [_encode(item, depth + 1, budget) for item in list.__iter__(value)]
    if id(kind) in _TAGGED:
        return _encode_container(value, kind, depth, budget)
    if issubclass(kind, BaseException):
        return {"$": "exception", "v": describe_exception(value)}
    return {"$": "opaque", "v": _type_name(kind)}


def _encode_container(value: Any, kind: type, depth: int, budget: _Quota) -> Any:
    if kind is not tuple and not _can_be_hashed(value, budget):
        return {"$": "opaque", "v": kind.__name__}
    if kind is dict:
        pairs = [[_encode(k, depth + 1, budget), _encode(v, depth + 1, budget)] for k, v in dict.items(value)]
        return {"$": "dict", "v": pairs}
    return {"$": kind.__name__, "v": [_encode(item, depth + 1, budget) for item in iter(value)]}


def _can_be_hashed(container: Any, budget: _Quota) -> bool:
    """Whether all keys or members can be such at the other end. Raises TooBigError."""
    for key in iter(container):
        weight = _weight(key)
        if weight is None:
            return False
        budget.key(weight)
    return True


def _encode_scalar(value: Any) -> Any:
    if type(value) is int and int.bit_length(value) > MAX_INT_BITS:
        raise TooBigError(f"it holds an integer of {int.bit_length(value):,} bits")
    if type(value) in (str, bytes) and len(value) > MAX_TEXT:
        raise TooBigError(f"it holds a text of {len(value):,} characters")
    if type(value) is bytes:
        return {"$": "bytes", "v": value.hex()}
    if type(value) is float and not math.isfinite(value):
        return {"$": "float", "v": repr(value)}
    return value


def _type_name(kind: type) -> str:
    # Through `type` itself: a metaclass may define a hostile __name__.
    return str(type.__dict__["__name__"].__get__(kind))[:_MAX_NAME]


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Type, message and the innermost places of an exception, surviving a hostile __str__."""
    try:
        message = str(error)
    except BaseException:
        message = "<the exception's own __str__ failed>"
    places: list[list[str | int]] = []
    # Through BaseException itself: a subclass may define a hostile __traceback__.
    trace: types.TracebackType | None = BaseException.__dict__["__traceback__"].__get__(error)
    while trace is not None and len(places) < 200:
        code = trace.tb_frame.f_code
        places.append([code.co_filename.rpartition("/")[2][:80], trace.tb_lineno or 0, code.co_name[:80]])
        trace = trace.tb_next
    if id(type(error)) in _SYNTAX_ERRORS:  # not raised in the file that it is about
        file, line = error.filename, error.lineno  # type: ignore[attr-defined]
        if type(file) is str and type(line) is int and 0 <= line < _MOST_LINES:
            places.append([file.rpartition("/")[2][:80], line, "<module>"])
    bases = [_type_name(c) for c in type.mro(type(error))][:8] if type(type(error)) is type else []
    return {
        "type": _type_name(type(error)),
        "bases": bases,
        "message": str.__str__(message)[:4000],
        "places": places[-8:],
    }


# ------------------------------------------------------------------ JSON to values


def decode(data: Any) -> Any:
    """The value that `encode` was given. Raises ProtocolError for anything `encode` cannot produce."""
    return _decode(data, 0, _Quota())


def _decode(data: Any, depth: int, budget: _Quota) -> Any:
    try:
        budget.item(depth)
    except TooBigError as e:
        raise ProtocolError(str(e)) from e
    if data is None or type(data) in (bool, int, float, str):
        return _checked_scalar(data)
    if type(data) is list:
        return [_decode(item, depth + 1, budget) for item in data]
    if type(data) is not dict or len(data) != 2:
        raise ProtocolError("malformed value")
    tag, body = data.get("$"), data.get("v")
    if type(body) is list:
        return _decode_container(tag, body, depth, budget)
    return _decode_tagged(tag, body)


def _checked_scalar(data: Any) -> Any:
    too_big = (type(data) is str and len(data) > MAX_TEXT) or (type(data) is int and data.bit_length() > MAX_INT_BITS)
    if too_big or (type(data) is float and not math.isfinite(data)):
        raise ProtocolError("a value that cannot have been encoded so")
    return data


def _decode_tagged(tag: Any, body: Any) -> Any:
    if tag == "float" and body in ("nan", "inf", "-inf"):
        return float(body)
    if tag == "opaque" and type(body) is str and len(body) <= _MAX_NAME:
        return Opaque(body)
    if tag == "exception":
        return RemoteException.parse(body)
    if tag == "bytes" and type(body) is str and len(body) <= 2 * MAX_TEXT:
        try:
            return bytes.fromhex(body)
        except ValueError:
            pass
    raise ProtocolError("malformed value")


def _decode_container(tag: Any, body: list[Any], depth: int, budget: _Quota) -> Any:
    try:
        if tag == "dict":
            keys = _hashable([_decode(key, depth + 1, budget) for key, _ in body], budget)
            return dict(zip(keys, [_decode(value, depth + 1, budget) for _, value in body], strict=True))
        items = [_decode(item, depth + 1, budget) for item in body]
        if tag == "tuple":
            return tuple(items)
        if tag in ("set", "frozenset"):
            return {"set": set, "frozenset": frozenset}[tag](_hashable(items, budget))
    except (TypeError, ValueError):
        pass
    raise ProtocolError("malformed container")


def _hashable(items: list[Any], budget: _Quota) -> list[Any]:
    for item in items:
        weight = _weight(item)
        if weight is None:
            raise ProtocolError("a key or member that cannot be one")
        try:
            budget.key(weight)
        except TooBigError as e:
            raise ProtocolError(str(e)) from e
    return items


class RemoteException:
    """An exception of the student's side, as data: names of its type and bases, message, where it came from."""

    __slots__ = ("bases", "message", "places", "type_name")

    def __init__(self, type_name: str, message: str, bases: list[str], places: list[tuple[str, int, str]]) -> None:
        self.type_name, self.message, self.bases, self.places = type_name, message, bases, places

    @classmethod
    def parse(cls, data: Any) -> RemoteException:
        """Raises ProtocolError unless `data` is exactly what `describe_exception` makes."""
        if type(data) is not dict or {type(data.get("type")), type(data.get("message"))} != {str}:
            raise ProtocolError("malformed exception")
        bases, places = data.get("bases"), data.get("places")
        if type(bases) is not list or any(type(b) is not str for b in bases):
            raise ProtocolError("malformed exception")
        if type(places) is not list or any(
            type(p) is not list or [type(x) for x in p] != [str, int, str] for p in places
        ):
            raise ProtocolError("malformed exception")
        return cls(data["type"], data["message"], bases, [(p[0], p[1], p[2]) for p in places])

    def is_a(self, name: str) -> bool:
        """Whether the exception's class, or one it inherits from, has this name."""
        return name == self.type_name or name in self.bases

    def __eq__(self, other: object) -> bool:
        """Same type and message; where it was raised does not matter."""
        if not isinstance(other, RemoteException):
            return NotImplemented
        return (self.type_name, self.message) == (other.type_name, other.message)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.type_name}: {self.message}" if self.message else self.type_name


# ------------------------------------------------------------------ frames


def _refuse_constant(text: str) -> float:
    raise ProtocolError("a non-finite number")


def _bounded_int(text: str) -> int:
    if len(text) > MAX_INT_DIGITS:
        raise ProtocolError("a huge integer")
    return int(text)


def loads(body: bytes) -> dict[str, Any]:
    """The message in one frame's body: always a JSON object. Raises ProtocolError."""
    try:
        message = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_bounded_int)
    except (ValueError, RecursionError) as e:
        raise ProtocolError(f"an undecodable frame ({type(e).__name__})") from e
    if type(message) is not dict:
        raise ProtocolError("a frame that is not an object")
    return message


def frame(message: dict[str, Any], limit: int = MAX_FRAME) -> bytes:
    """`message` with its length in front. Raises TooBigError."""
    body = "".join(_write(message, 0)).encode()
    if len(body) > limit:
        raise TooBigError(f"it takes {len(body):,} bytes")
    return _HEADER.pack(len(body)) + body


class FrameReader:
    """Cuts a byte stream into messages, holding at most one frame."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def wanted(self) -> int:
        """How many bytes complete the header or the frame under way."""
        if len(self._buffer) < _HEADER.size:
            return _HEADER.size - len(self._buffer)
        return _HEADER.size + self._length() - len(self._buffer)

    def feed(self, data: bytes) -> dict[str, Any] | None:
        """Adds bytes (no more than `wanted`); returns the message when it is complete. Raises ProtocolError."""
        self._buffer += data
        if len(self._buffer) < _HEADER.size or self.wanted() > 0:
            return None
        message = loads(bytes(self._buffer[_HEADER.size :]))
        self._buffer.clear()
        return message

    def _length(self) -> int:
        length = int(_HEADER.unpack_from(self._buffer)[0])
        if not 0 < length <= self._limit:
            raise ProtocolError(f"a frame of {length} bytes")
        return length


class Receiver(Protocol):
    """What `receive` asks of a socket."""

    def recv(self, most: int, /) -> bytes: ...


def receive(sock: Receiver, limit: int = MAX_FRAME) -> dict[str, Any]:
    """Blocks for one message. Raises EOFError when the peer is gone, ProtocolError."""
    reader = FrameReader(limit)
    while True:
        data = sock.recv(min(65536, reader.wanted()))
        if not data:
            raise EOFError
        message = reader.feed(data)
        if message is not None:
            return message
