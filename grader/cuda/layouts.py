"""What the native runtimes read and write, field by field as in engine.h, findings.inc, requests.inc, checked.cpp."""

from __future__ import annotations

from ctypes import Structure, c_char, c_char_p, c_int, c_long, c_uint32, c_uint64, c_void_p

LANES = 32
NAME_LENGTH, TEXT_LENGTH = 48, 160


class IndexLayout(Structure):
    _fields_ = (
        ("x", c_uint32),
        ("y", c_uint32),
        ("z", c_uint32),
    )


class LaunchLayout(Structure):
    _fields_ = (
        ("kernel", c_void_p),
        ("values", c_void_p),
        ("grid", IndexLayout),
        ("block", IndexLayout),
        ("shared_bytes", c_uint32),
        ("backward", c_uint32),
        ("most_turns", c_uint64),
        ("status", c_uint32),
        ("cause", c_uint32),
        ("line", c_int),
        ("thread", c_uint32),
        ("block_number", c_uint64),
        ("address", c_uint64),
        ("buffer_begin", c_uint64),
        ("buffer_bytes", c_uint64),
        ("buffer", c_char * NAME_LENGTH),
        ("text", c_char * TEXT_LENGTH),
    )


class SymbolLayout(Structure):
    _fields_ = (
        ("begin", c_uint64),
        ("bytes", c_uint64),
        ("space", c_uint32),
        ("dynamic", c_uint32),
        ("name", c_char_p),
    )


class PartyLayout(Structure):
    _fields_ = (
        ("pc", c_uint64),
        ("line", c_int),
        ("thread", c_uint32),
        ("block", c_uint64),
        ("writes", c_uint32),
        ("atomic", c_uint32),
    )


class FindingLayout(Structure):
    _fields_ = (
        ("kind", c_uint32),
        ("count", c_uint32),
        ("first", PartyLayout),
        ("then", PartyLayout),
        ("space", c_uint32),
        ("size", c_uint32),
        ("offset", c_long),
        ("buffer_size", c_uint64),
        ("buffer", c_char * NAME_LENGTH),
        ("others", c_uint32),
    )


class SiteLayout(Structure):
    _fields_ = (
        ("pc", c_uint64),
        ("line", c_int),
        ("writes", c_uint32),
        ("atomic", c_uint32),
        ("space", c_uint32),
        ("size", c_uint32),
        ("requests", c_uint64),
        ("lanes", c_uint64),
        ("bytes", c_uint64),
        ("sectors", c_uint64),
        ("least_sectors", c_uint64),
        ("wavefronts", c_uint64),
        ("least_wavefronts", c_uint64),
        ("same_address", c_uint64),
        ("shown_lanes", c_uint32),
        ("shown_cost", c_uint32),
        ("shown", c_long * LANES),
        ("buffer", c_char * NAME_LENGTH),
        ("place", c_uint64),
        ("resumption", c_uint64),
        ("times", c_uint32),
    )
