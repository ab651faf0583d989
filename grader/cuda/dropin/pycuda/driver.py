"""The driver: devices and contexts, memory, copies, streams and events, modules and kernels."""

from __future__ import annotations

from typing import Any, NoReturn

from ._arguments import ArgumentHandler, In, InOut, Out
from ._context import Context, Device, get_driver_version, get_version, init
from ._copies import (
    Memcpy2D,
    Memcpy3D,
    Memcpy3DPeer,
    from_device,
    from_device_like,
    memcpy_dtod,
    memcpy_dtod_async,
    memcpy_dtoh,
    memcpy_dtoh_async,
    memcpy_htod,
    memcpy_htod_async,
    memcpy_peer,
    memcpy_peer_async,
    memset_d2d8,
    memset_d2d8_async,
    memset_d2d16,
    memset_d2d16_async,
    memset_d2d32,
    memset_d2d32_async,
    memset_d8,
    memset_d8_async,
    memset_d16,
    memset_d16_async,
    memset_d32,
    memset_d32_async,
    to_device,
)
from ._enums import (
    address_mode,
    array_format,
    compute_mode,
    ctx_flags,
    device_attribute,
    event_flags,
    filter_mode,
    func_cache,
    function_attribute,
    host_alloc_flags,
    jit_input_type,
    limit,
    mem_attach_flags,
    mem_host_register_flags,
    memory_type,
    shared_config,
)
from ._errors import CompileError, Error, LaunchError, LogicError, MemoryError, RuntimeError
from ._host import (
    HostAllocation,
    ManagedAllocation,
    RegisteredHostMemory,
    aligned_empty,
    aligned_empty_like,
    aligned_zeros,
    aligned_zeros_like,
    managed_empty,
    managed_empty_like,
    managed_zeros,
    managed_zeros_like,
    pagelocked_empty,
    pagelocked_empty_like,
    pagelocked_zeros,
    pagelocked_zeros_like,
    register_host_memory,
)
from ._launch import Function
from ._memory import (
    DeviceAllocation,
    PointerHolderBase,
    mem_alloc,
    mem_alloc_like,
    mem_alloc_pitch,
    mem_get_address_range,
    mem_get_info,
)
from ._module import Module, module_from_buffer, module_from_file
from ._pools import PooledDeviceAllocation
from ._streams import Event, Stream

__all__ = [
    "CUDA_DEBUGGING",
    "ArgumentHandler",
    "Array",
    "ArrayDescriptor",
    "ArrayDescriptor3D",
    "CompileError",
    "Context",
    "Device",
    "DeviceAllocation",
    "Error",
    "Event",
    "Function",
    "HostAllocation",
    "In",
    "InOut",
    "LaunchError",
    "LogicError",
    "ManagedAllocation",
    "ManagedAllocationOrStub",
    "Memcpy2D",
    "Memcpy3D",
    "Memcpy3DPeer",
    "MemoryError",
    "Module",
    "Out",
    "PagelockedHostAllocation",
    "PointerHolderBase",
    "PooledDeviceAllocation",
    "RegisteredHostMemory",
    "RuntimeError",
    "Stream",
    "SurfaceReference",
    "TextureReference",
    "address_mode",
    "aligned_empty",
    "aligned_empty_like",
    "aligned_zeros",
    "aligned_zeros_like",
    "array_format",
    "bind_array_to_texref",
    "compute_mode",
    "ctx_flags",
    "device_attribute",
    "dtype_to_array_format",
    "event_flags",
    "filter_mode",
    "from_device",
    "from_device_like",
    "func_cache",
    "function_attribute",
    "get_driver_version",
    "get_version",
    "gpuarray_to_array",
    "host_alloc_flags",
    "init",
    "initialize_profiler",
    "jit_input_type",
    "limit",
    "make_multichannel_2d_array",
    "managed_empty",
    "managed_empty_like",
    "managed_zeros",
    "managed_zeros_like",
    "matrix_to_array",
    "matrix_to_texref",
    "mem_alloc",
    "mem_alloc_like",
    "mem_alloc_pitch",
    "mem_attach_flags",
    "mem_get_address_range",
    "mem_get_info",
    "mem_host_register_flags",
    "memcpy_dtod",
    "memcpy_dtod_async",
    "memcpy_dtoh",
    "memcpy_dtoh_async",
    "memcpy_htod",
    "memcpy_htod_async",
    "memcpy_peer",
    "memcpy_peer_async",
    "memory_type",
    "memset_d2d8",
    "memset_d2d8_async",
    "memset_d2d16",
    "memset_d2d16_async",
    "memset_d2d32",
    "memset_d2d32_async",
    "memset_d8",
    "memset_d8_async",
    "memset_d16",
    "memset_d16_async",
    "memset_d32",
    "memset_d32_async",
    "module_from_buffer",
    "module_from_file",
    "np_to_array",
    "pagelocked_empty",
    "pagelocked_empty_like",
    "pagelocked_zeros",
    "pagelocked_zeros_like",
    "register_host_memory",
    "shared_config",
    "start_profiler",
    "stop_profiler",
    "to_device",
]

PagelockedHostAllocation = HostAllocation
ManagedAllocationOrStub = ManagedAllocation
CUDA_DEBUGGING = False


def initialize_profiler(config_file: str, output_file: str, output_mode: Any) -> None:
    """There is no profiler here; nothing happens."""


def start_profiler() -> None:
    """There is no profiler here; nothing happens."""


def stop_profiler() -> None:
    """There is no profiler here; nothing happens."""


class _NoTextures:
    """What textures need cannot be made. Raises LogicError."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise LogicError("textures and surfaces are not available on the CPU")


class Array(_NoTextures):
    """Not available here."""


class ArrayDescriptor(_NoTextures):
    """Not available here."""


class ArrayDescriptor3D(_NoTextures):
    """Not available here."""


class TextureReference(_NoTextures):
    """Not available here."""


class SurfaceReference(_NoTextures):
    """Not available here."""


def matrix_to_array(*args: Any, **kwargs: Any) -> NoReturn:
    """Raises LogicError."""
    raise LogicError("textures and surfaces are not available on the CPU")


matrix_to_texref = bind_array_to_texref = make_multichannel_2d_array = matrix_to_array
np_to_array = gpuarray_to_array = dtype_to_array_format = matrix_to_array
