// The runtime for judgement: sees every access, one by one. Kernels are compiled with -fsanitize=thread and linked with
// what is here in place of the sanitizer's own library; nothing depends on the order in which threads run.
#include "engine.h"
static const u64 WANTED_BEGIN = 0x3000000000;
#include "memory.inc"
#include "fibers.inc"
#include "warps.inc"
#include "findings.inc"
#include "requests.inc"
#include "shadow.inc"

// ---------------------------------------------------------------- the module that is loaded

struct Symbol {  // a variable of the module
    u64 begin, bytes;
    u32 space, dynamic;  // dynamic: its size is the launch's
    const char *name;
};

static u64 code_begin, code_bytes;
static u16 *site_at;  // by place in the code
enum Told { UPDATES, LOADS, STORES, WAYS };  // what is known by its line, as it is told and not instrumented
static u16 site_of_line[WAYS][65536];
static Buffer **variables;
static u32 variable_count;
static Buffer *dynamic;
static const u64 MOST_SHARED = 228 * 1024;  // bytes, as in source.py

static Buffer *last_variable;  // most accesses are to the one before

static void forget_variables() {
    for (u32 n = 0; n < variable_count; n++) {
        forget(variables[n]);
        free(variables[n]);
    }
    variable_count = 0;
    dynamic = last_variable = nullptr;
}

static Symbol *guards;  // of variables that are never constructed: the compiler's, and no access of the kernel's
static u32 guard_count;

static bool is_guard(u64 address) {
    for (u32 n = 0; n < guard_count; n++)
        if (address - guards[n].begin < guards[n].bytes) return true;
    return false;
}

static void add_variable(const Symbol &symbol) {
    if (symbol.space == LOCAL) {
        guards[guard_count++] = symbol;
        return;
    }
    Buffer *buffer = new_buffer(symbol.begin, symbol.bytes, (Space)symbol.space, symbol.name);
    watch(buffer);
    if (buffer->space != SHARED) written_by_host(buffer, buffer->begin, symbol.bytes);
    variables[variable_count++] = buffer;
    if (symbol.dynamic) dynamic = buffer;
}

// The code and the variables of the module whose kernels are launched from now on.
EXPORT void ck_module(u64 begin, u64 bytes, const Symbol *symbols, u32 count) {
    if (!sites) sites = (Site *)reserve((MOST_SITES + 1) * sizeof *sites, PROT_READ | PROT_WRITE);
    if (!requests) requests = (Request *)reserve(REQUEST_ROOM * sizeof *requests, PROT_READ | PROT_WRITE);
    code_begin = begin;
    code_bytes = bytes;
    free(site_at);
    site_at = (u16 *)calloc(bytes + 1, sizeof *site_at);
    memset(site_of_line, 0, sizeof site_of_line);
    memset(sites, 0, site_count * sizeof *sites);
    memset(feeds_exchange, 0, sizeof feeds_exchange);
    site_count = 1;
    forget_variables();
    guard_count = 0;
    guards = (Symbol *)realloc(guards, (count + 1) * sizeof *guards);
    variables = (Buffer **)realloc(variables, (count + 1) * sizeof *variables);
    for (u32 n = 0; n < count; n++) add_variable(symbols[n]);
}

static Site *new_site(u16 *place, u64 pc, int line) {
    if (site_count > MOST_SITES) return &sites[MOST_SITES];
    *place = (u16)site_count;
    sites[site_count].pc = pc;
    sites[site_count].line = line;
    return &sites[site_count++];
}

static Site *site_of(u64 pc) {
    u64 place = pc - code_begin;
    if (UNLIKELY(place >= code_bytes)) return &sites[0];
    return LIKELY(site_at[place]) ? &sites[site_at[place]] : new_site(&site_at[place], place, 0);
}

static Site *site_told(Told way, int line) {
    u16 *place = &site_of_line[way][(u32)line % 65536];
    return *place ? &sites[*place] : new_site(place, 0, line);
}

static void watch(Buffer *buffer) {
    buffer->initialised = (u8 *)calloc(buffer->end - buffer->begin + 16, 1);
    if (!buffer->initialised) abort();
}

static void forget(Buffer *buffer) {
    free(buffer->initialised);
    buffer->initialised = nullptr;
    free_cells(buffer);
}

static void written_by_host(Buffer *buffer, u64 begin, u64 bytes) {
    memset(buffer->initialised + (begin - buffer->begin), 1, bytes);
}

// Which bytes of a buffer have been written, a byte for each; null if there is no such buffer.
EXPORT u8 *ck_written(u64 address) {
    Buffer *buffer = owner_of(address);
    return buffer && buffer->live ? buffer->initialised : nullptr;
}

// The buffer or variable that an address is in, or next to.
static Buffer *buffer_at(u64 address) {
    if (LIKELY(IN_RANGE(address))) return owner_of(address);
    if (last_variable && address - last_variable->begin < last_variable->end - last_variable->begin) return last_variable;
    for (u32 n = 0; n < variable_count; n++)
        if (address - variables[n]->begin < variables[n]->end - variables[n]->begin) return last_variable = variables[n];
    return nullptr;
}

// ---------------------------------------------------------------- one access

static Party self(const Site *site, bool writes, bool atomic) {
    return {site->pc, site->line, current->number, block_serial - first_serial, writes, atomic};
}

// Apart from who calls it, which would otherwise save every register in case it is called.
__attribute__((noinline, cold)) static void step_back() {
    current->state = PAUSED;
    ck_switch(&current->stack_pointer, scheduler);
}

static void report_at(Kind kind, const Site *site, bool writes, bool atomic, const Buffer *buffer, u64 address, u32 size) {
    Finding *found = find(kind, {}, self(site, writes, atomic));
    if (found) locate(found, buffer, address, size);
}

// The variable that an address beyond one was meant for: the last that begins before it.
static Buffer *variable_before(u64 address) {
    Buffer *nearest = nullptr;
    for (u32 n = 0; n < variable_count; n++)
        if (variables[n]->begin <= address && (!nearest || nearest->begin < variables[n]->begin)) nearest = variables[n];
    return nearest && address - nearest->begin < MOST_SHARED ? nearest : nullptr;
}

// Whether an access outside of all buffers does no harm, so that the launch can go on and tell more.
static bool is_harmless(const Buffer *buffer, u64 address, u32 size) {
    if (!buffer || !buffer->live) return false;
    if (!IN_RANGE(address)) return true;  // between variables of the module, or in what dynamic shared memory could be
    return address >= buffer->begin / PAGE * PAGE && address + size <= round_up(buffer->end, PAGE);
}

static void outside(const Site *site, bool writes, bool atomic, const Buffer *buffer, u64 address, u32 size) {
    if (!buffer && is_guard(address)) return;
    if (!buffer) buffer = variable_before(address);
    report_at(OUT_OF_BOUNDS, site, writes, atomic, buffer, address, size);
    if (is_harmless(buffer, address, size)) return;
    fail_at(address, site->line);
}

static const u32 PATIENCE = 4096;  // accesses and turns of loops, until others of the warp may go on as well
static u32 impatience;

static inline void take_turns() {
    if (UNLIKELY(++impatience >= PATIENCE || requests_full())) step_back();
}

enum Manner { READ = 1, WRITE = 2, ATOMIC = 4, VOLATILE = 8 };

static Access own_access;  // what all accesses of the running lane have in common, until it waits

// Inlined for each size and manner, so that most of this is decided when the runtime is compiled.
static inline __attribute__((always_inline)) void access(Site *site, u64 address, u32 size, u32 how) {
    if (UNLIKELY(!launch || !current)) return;
    if (address - (u64)stacks < MOST_THREADS * (STACK + GUARD)) return;  // local
    Buffer *buffer = buffer_at(address);
    if (UNLIKELY(!buffer || !buffer->live || address < buffer->begin || address + size > buffer->end))
        return outside(site, how & WRITE, how & ATOMIC, buffer, address, size);
    u64 offset = address - buffer->begin;
    site->space = buffer->space;
    site->size = size;
    if (how & READ) {
        buffer->bytes_read += size;
        if (UNLIKELY(!buffer->initialised[offset] || !buffer->initialised[offset + size - 1]))
            report_at(UNINITIALISED_READ, site, how & WRITE, how & ATOMIC, buffer, address, size);
    }
    if (how & WRITE) {
        site->writes = 1;
        buffer->bytes_written += size;
        memset(buffer->initialised + offset, 1, size);
    }
    if (how & ATOMIC) site->atomic = 1;
    if (UNLIKELY(buffer->grain == 2 && (size % 4 || offset % 4))) refine(buffer);
    Access now = own_access;
    now.site = (u32)(site - sites);
    now.atomic = (how & ATOMIC) != 0;
    now.is_volatile = (how & VOLATILE) != 0;
    if (UNLIKELY((how & VOLATILE) && buffer->space != SHARED)) hand_on_order(address);
    Cell *cells = cells_of(buffer);
    for (u64 n = offset >> buffer->grain; n <= (offset + size - 1) >> buffer->grain; n++)
        visit(&cells[n], now, how & WRITE, buffer, buffer->begin + (n << buffer->grain));
    join_requests(site, address, size);
    take_turns();
}

// ---------------------------------------------------------------- what instrumented code calls

#define PC ((u64)__builtin_return_address(0))
#define ACCESS(name, N, how) \
    EXPORT void __tsan_##name##N(void *a) { access(site_of(PC), (u64)a, N, how); } \
    EXPORT void __tsan_unaligned_##name##N(void *a) { access(site_of(PC), (u64)a, N, how); }
#define ACCESSES(N) \
    ACCESS(read, N, READ) ACCESS(write, N, WRITE) \
    ACCESS(volatile_read, N, READ | VOLATILE) ACCESS(volatile_write, N, WRITE | VOLATILE) \
    EXPORT void __tsan_read_write##N(void *a) { read_and_write(a, N, PC); } \
    EXPORT void __tsan_unaligned_read_write##N(void *a) { read_and_write(a, N, PC); }

static const u64 MOST_AT_ONCE = 1 << 30;  // more is outside of any buffer, wherever it begins

static void access_range(Site *site, const void *address, u64 size, u32 how) {
    if (size) access(site, (u64)address, (u32)(size < MOST_AT_ONCE ? size : MOST_AT_ONCE), how);
}

static void any_access(u64 pc, const void *address, u64 size, u32 how) { access_range(site_of(pc), address, size, how); }

static void read_and_write(const void *address, u32 size, u64 pc) {
    any_access(pc, address, size, READ);
    any_access(pc + 1, address, size, WRITE);
}

ACCESSES(1) ACCESSES(2) ACCESSES(4) ACCESSES(8) ACCESSES(16)
EXPORT void __tsan_read_range(void *a, u64 n) { any_access(PC, a, n, READ); }
EXPORT void __tsan_write_range(void *a, u64 n) { any_access(PC, a, n, WRITE); }
EXPORT void __tsan_init() {}
EXPORT void __tsan_func_entry(void *) {}
EXPORT void __tsan_func_exit() {}
EXPORT void *__tsan_memcpy(void *to, const void *from, u64 n) {
    any_access(PC, from, n, READ);
    any_access(PC + 1, to, n, WRITE);
    return memcpy(to, from, n);
}
EXPORT void *__tsan_memmove(void *to, const void *from, u64 n) {
    any_access(PC, from, n, READ);
    any_access(PC + 1, to, n, WRITE);
    return memmove(to, from, n);
}
EXPORT void *__tsan_memset(void *to, int value, u64 n) {
    any_access(PC, to, n, WRITE);
    return memset(to, value, n);
}

EXPORT void __tsan_vptr_read(void **a) { any_access(PC, a, sizeof *a, READ); }
EXPORT void __tsan_vptr_update(void **a, void *) { any_access(PC, a, sizeof *a, WRITE); }

EXPORT void *ck_move(void *to, const void *from, u64 bytes, int line) {
    access_range(site_told(LOADS, line), from, bytes, READ);
    access_range(site_told(STORES, line), to, bytes, WRITE);
    return memmove(to, from, bytes);
}
EXPORT void *ck_set(void *to, int value, u64 bytes, int line) {
    access_range(site_told(STORES, line), to, bytes, WRITE);
    return memset(to, value, bytes);
}

// Told before an atomic update: the plain read that a loop around atomicCAS begins with is known by being of the same
// thread, at the same address.
EXPORT void ck_atomic(const void *at, u32 size, int compares, int line) {
    u64 address = (u64)at;
    Buffer *buffer = buffer_at(address);
    bool inside = buffer && buffer->live && address >= buffer->begin && address + size <= buffer->end;
    if (inside && compares) {
        const Cell &cell = cells_of(buffer)[(address - buffer->begin) >> buffer->grain];
        const Access *reads[] = {&cell.read, &cell.other_read};
        for (const Access *read : reads)
            if (read->block == block_serial && read->thread == current->number) feeds_exchange[read->site] = 1;
    }
    if (inside && buffer->space != SHARED) hand_on_order(address);
    access(site_told(UPDATES, line), address, size, READ | WRITE | ATOMIC);
}

EXPORT void ck_fence() {
    fenced_ever = fenced = true;
}

struct SourcePlace {
    const char *file;
    u32 line, column;
};
struct ArrayType {
    u16 kind, info;
    char name[1];
};
struct OutOfRange {
    SourcePlace place;
    ArrayType *array, *index;
};

EXPORT void __ubsan_handle_out_of_bounds(OutOfRange *about, u64 index) {
    if (!launch || !current) return;
    Party who = {0, (int)about->place.line, current->number, block_serial - first_serial, 0, 0};
    Finding *found = find(INDEX_OUT_OF_RANGE, {}, who);
    if (!found) return;
    found->offset = (int)index;
    snprintf(found->buffer, sizeof found->buffer, "%s", about->array->name);
}
EXPORT void __ubsan_handle_out_of_bounds_abort(OutOfRange *about, u64 index) { __ubsan_handle_out_of_bounds(about, index); }
EXPORT void __ubsan_handle_divrem_overflow(SourcePlace *place, u64, u64) { fail(DIVISION_BY_ZERO, (int)place->line, ""); }
EXPORT void __ubsan_handle_divrem_overflow_abort(SourcePlace *place, u64, u64) { fail(DIVISION_BY_ZERO, (int)place->line, ""); }

// ---------------------------------------------------------------- loops

struct Place {
    u64 before, turns, id;
};
static u64 turns;

EXPORT void ck_loop_entered(Place *place) { place->before = current->path; }
EXPORT void ck_loop_turned(Place *place) {
    current->path = mixed(place->before + place->id * 0x51ed27f1 + ++place->turns * 0x9e3779b1);
    own_place = own_meeting + current->path;
    if (UNLIKELY(++turns > launch->most_turns)) fail(ENDLESS, (int)(place->id / 4096), "");
    take_turns();
}
EXPORT void ck_loop_left(Place *place) {
    current->path = place->before;
    own_place = own_meeting + current->path;
}

// ---------------------------------------------------------------- warp by warp, lane by lane

// What is known of the barrier that a block is coming to, so that nobody has to go through all of its threads.
struct Barrier {
    u32 arrived, said_yes;
    int line;         // where the first one waits
    bool divergent;   // others wait at another line
};
static Barrier barrier;
static u32 answer;         // how many said yes at the last one
static bool left_between;  // a thread has ended behind a barrier that it had passed

static void run_lane() {
    for (;;) {
        launch->kernel(launch->values);
        current->state = ENDED;
        ck_switch(&current->stack_pointer, scheduler);
    }
}

// `meeting` stands for where the lanes of its warp have last come together.
static inline void take_up(Fiber *fiber, u32 warp_epoch, u64 meeting) {
    resume(fiber);
    resumption++;
    own_lane = fiber->number % LANES;
    own_bit = 1u << own_lane;
    own_meeting = meeting;
    own_place = own_meeting + fiber->path;
    own_access = {block_serial, block_epoch, warp_epoch, fiber->number, 0, 0, 0};
    impatience = 0;
}

static void end_lane(Warp *warp, const Fiber *fiber) {
    warp->ended |= 1u << fiber->number % LANES;
    ended_count++;
    left_between = left_between || fiber->passed;
}

static bool can_go_on(const Fiber *fiber) {
    return fiber->state == READY || (fiber->state == AT_BARRIER && fiber->epoch != block_epoch);
}

// The stacks of a block do not all fit into the nearest cache: what will soon be used is on its way meanwhile.
static inline void fetch_ahead(const Fiber *fiber) {
    for (u32 line = 0; line < 4; line++) __builtin_prefetch((const char *)fiber->stack_pointer + line * 64);
}

// From a lane that waits to the next one of its warp, without a detour, or else to the scheduler.
__attribute__((always_inline)) static inline void hand_over(Fiber *fiber) {
    Fiber *next = fiber + 1;
    if (own_lane + 1 == LANES || fiber->number + 1 == thread_count || !can_go_on(next)) {
        ck_switch(&fiber->stack_pointer, scheduler);
        return;
    }
    // Of what `take_up` sets only what differs from lane to lane: this is the hottest place of all.
    resume(next);
    resumption++;
    own_lane++;
    own_bit <<= 1;
    own_place = own_meeting + next->path;
    own_access.thread = next->number;
    impatience = 0;
    fetch_ahead(&fibers[(next->number + 2) % MOST_THREADS]);
    ck_switch(&fiber->stack_pointer, next->stack_pointer);
}

// Lets each lane run until it waits for others, or for its turn; whether one of them waits for its turn only.
static bool run_lanes(Warp *warp, u32 first, u32 end) {
    bool paused = false;
    u64 meeting = mixed((u64)(first / LANES) << 58 ^ (u64)block_epoch << 29 ^ warp->epoch);
    for (u32 number = first; number < end; number++) {
        Fiber *fiber = &fibers[number];
        if (!can_go_on(fiber)) continue;
        take_up(fiber, warp->epoch, meeting);
        ck_switch(&scheduler, fiber->stack_pointer);
        number = current->number;  // it may have handed over
        if (current->state == ENDED) end_lane(warp, current);
        paused = paused || current->state == PAUSED;
    }
    for (u32 number = first; paused && number < end; number++)
        if (fibers[number].state == PAUSED) fibers[number].state = READY;
    if (requests_full()) account_requests();
    return paused;
}

static bool release_exchanges(Warp *warp) {
    bool released = false;
    EACH_BIT(lane, warp->waiting) {
        Exchange *own = &warp->lanes[lane];
        u32 lanes = lanes_complete(warp, own->mask);
        if (!lanes) continue;
        if (own->mask & warp->existing & warp->ended) {
            Party who = {0, own->line, own->fiber->number, block_serial - first_serial, 0, 0};
            find(LANE_MISSING, {}, who);
        }
        exchange_values(warp, lanes);
        warp->epoch++;
        EACH_BIT(other, lanes) warp->lanes[other].fiber->state = READY;
        left &= ~lanes;
        released = true;
    }
    return released;
}

// Until its lanes wait for other warps; whether one of them waits for its turn only.
static bool run_warp(u32 number) {
    Warp *warp = &warps[number];
    u32 first = number * LANES, end = first + 32 < thread_count ? first + 32 : thread_count;
    bool paused;
    do paused = run_lanes(warp, first, end);
    while (release_exchanges(warp));
    return paused;
}

static Party waiting_party(const Fiber *fiber) {
    return {0, fiber->line, fiber->number, block_serial - first_serial, 0, 0};
}

// Nobody of the block can go on but through the barrier: do all wait at the same one?
static void inspect_barrier() {
    if (barrier.arrived + ended_count == thread_count && !barrier.divergent && !left_between) return;
    const Fiber *first = nullptr, *elsewhere = nullptr, *ended = nullptr;
    u32 count = 0, others = 0;
    for (u32 number = 0; number < thread_count; number++) {
        const Fiber *fiber = &fibers[number];
        if (fiber->state == IN_EXCHANGE) fail(DEADLOCK, warp_of(fiber)->lanes[number % LANES].line, "");
        if (fiber->state == ENDED && (!ended || fiber->passed > ended->passed)) ended = fiber;
        if (fiber->state != AT_BARRIER) continue;
        if (!first) first = fiber;
        count++;
        if (fiber->line == first->line) continue;
        others++;
        if (!elsewhere) elsewhere = fiber;
    }
    if (elsewhere)
        if (Finding *found = find(DIVERGENT_BARRIER, waiting_party(first), waiting_party(elsewhere))) found->others = others;
    if (!ended || !ended->passed) return;  // who leaves before any barrier is not waited for, since Volta
    Finding *found = find(BARRIER_AFTER_END, {}, waiting_party(first));
    if (!found) return;
    found->first.thread = ended->number;
    found->others = ended_count;
    found->offset = ended->passed;
}

static void open_barrier() {
    answer = barrier.said_yes;
    barrier = {};
    block_epoch++;
}

static u64 barrier_count;

static void begin_block() {
    block_serial++;
    block_epoch = 0;
    ended_count = 0;
    barrier = {};
    left_between = false;
    fenced = false;
    if (fenced_ever) memset(known, 0, block_bytes);
    prepare_warps();
    for (u32 number = 0; number < thread_count; number++) {
        prepare_fiber(number, run_lane);
        fibers[number].number = number;
        fibers[number].index = index_of(number);
        fibers[number].state = READY;
        fibers[number].path = fibers[number].passed = 0;
    }
    for (u32 n = 0; n < variable_count; n++)
        if (variables[n]->space == SHARED) memset(variables[n]->initialised, 0, variables[n]->end - variables[n]->begin);
}

static void run_block() {
    begin_block();
    for (;;) {
        for (bool again = true; again;) {
            again = false;
            for (u32 number = 0; number * LANES < thread_count; number++) again |= run_warp(number);
        }
        account_requests();
        if (ended_count == thread_count) return;
        inspect_barrier();
        open_barrier();
        barrier_count++;
    }
}

static u64 count_accesses() {
    u64 total = 0;
    for (u32 n = 0; n < site_count; n++) total += sites[n].lanes;
    return total;
}

static void set_dynamic_size(u64 bytes) {
    forget(dynamic);
    dynamic->end = dynamic->begin + bytes;
    watch(dynamic);
}

EXPORT void ck_launch(Launch *given) {
    if (!make_stacks()) abort();
    first_serial = block_serial + 1;
    turns = barrier_count = 0;
    finding_count = 0;
    forget_traffic();
    launch = given;
    forget_order();
    if (dynamic) set_dynamic_size(given->shared_bytes);
    run_blocks(given, run_block);
    current = nullptr;
    account_requests();
    report_suspicions();
}

// Of the last launch: accesses of all threads, barriers of all blocks, turns of all loops.
EXPORT void ck_totals(u64 *accesses, u64 *barriers, u64 *loop_turns) {
    *accesses = count_accesses();
    *barriers = barrier_count;
    *loop_turns = turns;
}

__attribute__((always_inline)) static inline u32 wait_at_barrier(int line, bool says_yes) {
    Fiber *fiber = current;
    fiber->state = AT_BARRIER;
    fiber->line = line;
    fiber->epoch = block_epoch;
    fiber->passed++;
    if (!barrier.arrived++) barrier.line = line;
    barrier.divergent |= line != barrier.line;
    barrier.said_yes += says_yes;
    hand_over(fiber);
    return answer;
}

EXPORT void ck_barrier(int line) { wait_at_barrier(line, false); }
EXPORT int ck_barrier_count(int line, int predicate) { return (int)wait_at_barrier(line, predicate != 0); }

EXPORT u64 ck_exchange(int operation, u32 mask, u64 value, int lane, int width, int line) {
    Fiber *fiber = current;
    Warp *warp = warp_of(fiber);
    u32 own = fiber->number % LANES;
    if (operation == WHO_IS_ACTIVE) return warp->existing & ~warp->ended;
    if (!(mask >> own & 1)) find(LANE_NOT_IN_MASK, {}, {0, line, fiber->number, block_serial - first_serial, 0, 0});
    enter_exchange(fiber, operation, mask | 1u << own, value, lane, width, line);
    fiber->state = IN_EXCHANGE;
    ck_switch(&fiber->stack_pointer, scheduler);
    return warp->lanes[own].result;
}

extern "C" {
EXPORT Index ck_thread_index() { return threadIdx; }
EXPORT Index ck_block_index() { return blockIdx; }
EXPORT Index ck_block_size() { return blockDim; }
EXPORT Index ck_grid_size() { return gridDim; }
}
