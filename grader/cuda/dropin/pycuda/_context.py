"""The device and its contexts: which is current, and whether it still lives."""

from __future__ import annotations

import threading

from . import _device
from ._enums import compute_mode, ctx_flags, device_attribute, func_cache, limit, shared_config
from ._errors import LaunchError, LogicError

TOTAL_MEMORY = 4 << 30  # bytes
COMPUTE_CAPABILITY = (8, 0)
STATIC_SHARED_LIMIT = 48 << 10  # bytes; more than that only where a kernel asks for it
DYNAMIC_SHARED_LIMIT = 163 << 10
_ATTRIBUTES = {
    device_attribute.MAX_THREADS_PER_BLOCK: 1024,
    device_attribute.MAX_BLOCK_DIM_X: 1024,
    device_attribute.MAX_BLOCK_DIM_Y: 1024,
    device_attribute.MAX_BLOCK_DIM_Z: 64,
    device_attribute.MAX_GRID_DIM_X: 2**31 - 1,
    device_attribute.MAX_GRID_DIM_Y: 65535,
    device_attribute.MAX_GRID_DIM_Z: 65535,
    device_attribute.MAX_SHARED_MEMORY_PER_BLOCK: STATIC_SHARED_LIMIT,
    device_attribute.MAX_SHARED_MEMORY_PER_BLOCK_OPTIN: DYNAMIC_SHARED_LIMIT,
    device_attribute.MAX_SHARED_MEMORY_PER_MULTIPROCESSOR: 164 << 10,
    device_attribute.RESERVED_SHARED_MEMORY_PER_BLOCK: 1024,
    device_attribute.TOTAL_CONSTANT_MEMORY: 64 << 10,
    device_attribute.WARP_SIZE: 32,
    device_attribute.MAX_PITCH: 2**31 - 1,
    device_attribute.MAX_REGISTERS_PER_BLOCK: 65536,
    device_attribute.MAX_REGISTERS_PER_MULTIPROCESSOR: 65536,
    device_attribute.CLOCK_RATE: 1_000_000,
    device_attribute.MEMORY_CLOCK_RATE: 1_000_000,
    device_attribute.GLOBAL_MEMORY_BUS_WIDTH: 64,
    device_attribute.TEXTURE_ALIGNMENT: 512,
    device_attribute.GPU_OVERLAP: 1,
    # The same on every machine, so that a grid that is chosen by it is too; few, as the CPU runs every thread in turn.
    device_attribute.MULTIPROCESSOR_COUNT: 8,
    device_attribute.CAN_MAP_HOST_MEMORY: 1,
    device_attribute.COMPUTE_MODE: compute_mode.DEFAULT,
    device_attribute.CONCURRENT_KERNELS: 1,
    device_attribute.MAX_THREADS_PER_MULTIPROCESSOR: 2048,
    device_attribute.MAX_BLOCKS_PER_MULTIPROCESSOR: 32,
    device_attribute.ASYNC_ENGINE_COUNT: 1,
    device_attribute.UNIFIED_ADDRESSING: 1,
    device_attribute.MANAGED_MEMORY: 1,
    device_attribute.CONCURRENT_MANAGED_ACCESS: 1,
    device_attribute.COMPUTE_CAPABILITY_MAJOR: COMPUTE_CAPABILITY[0],
    device_attribute.COMPUTE_CAPABILITY_MINOR: COMPUTE_CAPABILITY[1],
    device_attribute.STREAM_PRIORITIES_SUPPORTED: 1,
    device_attribute.GLOBAL_L1_CACHE_SUPPORTED: 1,
    device_attribute.LOCAL_L1_CACHE_SUPPORTED: 1,
    device_attribute.SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO: 2,
    device_attribute.COMPUTE_PREEMPTION_SUPPORTED: 1,
}


class _Driver:
    """Of this process: whether the driver was initialised."""

    initialised = False


class _Contexts(threading.local):
    """Of each thread: its contexts, the current one last."""

    def __init__(self) -> None:
        self.stack: list[Context] = []


_contexts = _Contexts()


def init(flags: int = 0) -> None:
    """Makes the driver ready. Raises what the engine does where there is no compiler."""
    if flags:
        raise LogicError("cuInit failed: invalid argument (flags are to be 0)")
    _device.engine()
    _Driver.initialised = True


def current_engine(call: str) -> _device.Engine:
    """The device's engine, for a call of the driver that needs a context. Raises LogicError or LaunchError."""
    if not _contexts.stack:
        raise LogicError(
            f"{call} failed: invalid device context: no context is current in this thread. "
            "`import pycuda.autoinit` makes one, and a thread other than its own begins with its push()"
        )
    cause = _contexts.stack[-1].cause_of_death
    if cause:
        raise LaunchError(f"{call} failed: the context ended with an earlier launch ({cause})")
    return _device.engine()


def end_current(cause: str) -> None:
    """From now on the current context refuses every call, as a GPU's does after a failed launch."""
    _contexts.stack[-1].cause_of_death = cause


def get_version() -> tuple[int, int, int]:
    """Of the CUDA that this behaves like."""
    return 13, 0, 0


def get_driver_version() -> int:
    """Of the CUDA that this behaves like, as the driver counts."""
    return 13000


class Device:
    """The CPU, described as a GPU of compute capability 8.0."""

    def __init__(self, number: int | str = 0) -> None:
        if not _Driver.initialised:
            raise LogicError("cuDeviceGet failed: initialization error: call pycuda.driver.init() first")
        if number not in (0, self.pci_bus_id()):
            raise LogicError(f"cuDeviceGet failed: invalid device ordinal: there is no device {number}")

    @staticmethod
    def count() -> int:
        if not _Driver.initialised:
            raise LogicError("cuDeviceGetCount failed: initialization error: call pycuda.driver.init() first")
        return 1

    @staticmethod
    def pci_bus_id() -> str:
        return "0000:00:00.0"

    def name(self) -> str:
        return "CPU of this machine, as a CUDA device"

    def compute_capability(self) -> tuple[int, int]:
        return COMPUTE_CAPABILITY

    def total_memory(self) -> int:
        """In bytes."""
        return TOTAL_MEMORY

    def get_attribute(self, attribute: device_attribute) -> int:
        return int(_ATTRIBUTES.get(attribute, 0))

    def get_attributes(self) -> dict[device_attribute, int]:
        return {attribute: self.get_attribute(attribute) for attribute in device_attribute}

    @property
    def attributes(self) -> dict[device_attribute, int]:
        return self.get_attributes()

    def __getattr__(self, name: str) -> int:
        try:
            return self.get_attribute(device_attribute[name.upper()])
        except KeyError:
            raise AttributeError(f"a device has no attribute {name!r}") from None

    def make_context(self, flags: int = ctx_flags.SCHED_AUTO) -> Context:
        """A new context, which becomes the current one."""
        context = Context()
        context.push()
        return context

    def retain_primary_context(self) -> Context:
        """The context that all who ask for it share; it becomes current when it is pushed."""
        return _primary()

    def can_access_peer(self, other: Device) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device)

    def __hash__(self) -> int:
        return hash(Device)


class Context:
    """What calls of the driver happen in. `cause_of_death` tells of the launch that ended it, if one did."""

    def __init__(self) -> None:
        self.cause_of_death = ""

    def push(self) -> None:
        _contexts.stack.append(self)

    @staticmethod
    def pop() -> None:
        """The context before becomes current."""
        if not _contexts.stack:
            raise LogicError("cuCtxPopCurrent failed: invalid device context: no context is current")
        _contexts.stack.pop()

    def detach(self) -> None:
        """Ends it. Memory that was allocated in it can still be freed."""
        if self in _contexts.stack:
            _contexts.stack.remove(self)

    def attach(self, flags: int = 0) -> None:
        """One more user."""

    @staticmethod
    def get_current() -> Context | None:
        return _contexts.stack[-1] if _contexts.stack else None

    @staticmethod
    def get_device() -> Device:
        if not _contexts.stack:
            raise LogicError("cuCtxGetDevice failed: invalid device context: no context is current")
        return Device(0)

    @staticmethod
    def synchronize() -> None:
        """All that was launched has ended already: every call here waits for its end."""
        current_engine("cuCtxSynchronize")

    @staticmethod
    def get_cache_config() -> func_cache:
        return func_cache.PREFER_NONE

    @staticmethod
    def set_cache_config(config: func_cache) -> None:
        """Makes no difference here."""

    @staticmethod
    def get_shared_config() -> shared_config:
        return shared_config.FOUR_BYTE_BANK_SIZE

    @staticmethod
    def set_shared_config(config: shared_config) -> None:
        """Makes no difference here."""

    @staticmethod
    def get_limit(which: limit) -> int:
        return {limit.STACK_SIZE: 1024, limit.PRINTF_FIFO_SIZE: 1 << 20, limit.MALLOC_HEAP_SIZE: 8 << 20}[which]

    @staticmethod
    def set_limit(which: limit, value: int) -> None:
        """Makes no difference here."""

    @staticmethod
    def get_api_version() -> int:
        return 3020

    def enable_peer_access(self, other: Context, flags: int = 0) -> None:
        raise LogicError("cuCtxEnablePeerAccess failed: there is one device only")

    disable_peer_access = enable_peer_access


class _Primary:
    context: Context | None = None


def _primary() -> Context:
    if _Primary.context is None or _Primary.context.cause_of_death:
        _Primary.context = Context()
    return _Primary.context
