// What both runtimes are made of: device memory, the threads of a block as fibers, operations of a warp.
//
// All of a kernel runs on one thread of the operating system, block after block. A thread of a block is a fiber, with
// a stack of its own; it runs until it waits for others (a barrier, an exchange in its warp) or ends.
// Free of the C++ library, so that any compiler builds it in a second.
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define EXPORT extern "C" __attribute__((visibility("default")))

enum { MOST_THREADS = 1024, MOST_WARPS = MOST_THREADS / 32, LANES = 32 };

struct Index {
    u32 x, y, z;
};

// ---------------------------------------------------------------- device memory (memory.inc)

enum Space { GLOBAL, SHARED, CONSTANT, LOCAL };
struct Cell;

struct Buffer {
    u64 begin, end;  // addresses
    bool live;
    Space space;
    char name[48];
    u8 *initialised;  // a byte for each byte, where the runtime is the checked one
    Cell *cells;      // who was here last, for each unit of 1 << grain bytes
    u64 cell_bytes;
    u32 grain;
    u64 bytes_read, bytes_written;
};

// ---------------------------------------------------------------- threads (fibers.inc)

enum State { UNUSED, READY, RUNNING, AT_BARRIER, IN_EXCHANGE, PAUSED, ENDED };

struct Fiber {
    void *stack_pointer;
    u32 number;  // within the block, x fastest
    Index index;
    State state;
    int line;       // of the barrier it waits at
    u64 path;       // the checked runtime's: its place in all the loops around it,
    u32 passed;     // how many barriers it has come to,
    u32 epoch;      // and of which of the block's epochs the last of them was the end
};

struct Exchange {
    Fiber *fiber;
    u32 mask;
    u64 value, result;
    int operation, lane, width, line;
};

struct Warp {
    u32 existing, ended, waiting;  // bits of lanes; waiting: in an exchange
    u32 epoch;                     // grows with each meeting of the warp's lanes
    Exchange lanes[LANES];
};

typedef void (*Kernel)(void **values);

// ---------------------------------------------------------------- a launch, as Python gives it

enum Status { DONE, FAILED };
enum Cause { NO_CAUSE, ILLEGAL_ADDRESS, STACK_OVERFLOW, DIVISION_BY_ZERO, DEADLOCK, ENDLESS, TRAP, ASSERTION };

struct Launch {
    Kernel kernel;
    void **values;
    Index grid, block;
    u32 shared_bytes;
    u32 backward;    // whether blocks run from the last to the first: their order is nobody's to rely on
    u64 most_turns;  // of all loops together, in the checked runtime; what follows is filled in
    u32 status, cause;
    int line;             // 0 if unknown
    u32 thread;  // number within the block
    u64 block_number;
    u64 address;          // that was accessed, and the buffer around or before it, if there is one
    u64 buffer_begin, buffer_bytes;
    char buffer[48];
    char text[160];
};
