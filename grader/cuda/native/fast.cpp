// The runtime for results: as fast as it goes, and blind but for addresses outside of all buffers.
//
// A fiber runs thread after thread of its block, and only where one has to wait does another fiber take over; so a
// kernel without barriers is a plain loop.
#include "engine.h"
static const u64 WANTED_BEGIN = 0x2000000000;
#include "memory.inc"
#include "fibers.inc"
#include "warps.inc"

static void watch(Buffer *) {}
static void forget(Buffer *) {}
static void written_by_host(Buffer *, u64, u64) {}

static u32 next_thread, unused_count, ready_count, at_barrier_count;
static Fiber *unused[MOST_THREADS], *ready[MOST_THREADS], *at_barrier[MOST_THREADS];
static u32 said_yes, barrier_answer;

static void open_barrier() {
    barrier_answer = said_yes;
    said_yes = 0;
    while (at_barrier_count) ready[ready_count++] = at_barrier[--at_barrier_count];
}

static bool all_at_barrier() { return at_barrier_count && at_barrier_count + ended_count == thread_count; }

// Who has waited longest in the cache is worst: the last that became ready goes first.
static Fiber *next_fiber() {
    if (next_thread < thread_count) return unused[--unused_count];
    return ready_count ? ready[--ready_count] : nullptr;
}

static void switch_to(Fiber *from, Fiber *to) {
    resume(to);
    ck_switch(&from->stack_pointer, to->stack_pointer);
}

static void wait(Fiber *fiber, int line) {
    Fiber *next = next_fiber();
    if (!next) fail(DEADLOCK, line, "");
    switch_to(fiber, next);
}

static void complete_exchanges(Warp *warp) {
    EACH_BIT(lane, warp->waiting) {
        u32 lanes = lanes_complete(warp, warp->lanes[lane].mask);
        if (!lanes) continue;
        exchange_values(warp, lanes);
        EACH_BIT(released, lanes) ready[ready_count++] = warp->lanes[released].fiber;
        left &= ~lanes;
    }
}

static void run_threads() {
    for (;;) {
        Fiber *fiber = current;
        while (next_thread < thread_count) {
            fiber->number = next_thread;
            fiber->index = index_of(next_thread++);
            resume(fiber);
            launch->kernel(launch->values);
            ended_count++;
            Warp *warp = warp_of(fiber);
            warp->ended |= 1u << fiber->number % LANES;
            if (warp->waiting) complete_exchanges(warp);
            if (all_at_barrier()) open_barrier();
        }
        unused[unused_count++] = fiber;
        if (ready_count)
            switch_to(fiber, ready[--ready_count]);
        else if (ended_count == thread_count)
            ck_switch(&fiber->stack_pointer, scheduler);
        else
            fail(DEADLOCK, 0, "");
    }
}

static void run_block() {
    next_thread = ended_count = ready_count = at_barrier_count = said_yes = 0;
    prepare_warps();
    Fiber *first = unused[--unused_count];
    resume(first);
    ck_switch(&scheduler, first->stack_pointer);
}

EXPORT void ck_launch(Launch *given) {
    if (!make_stacks()) abort();
    unused_count = 0;
    for (u32 place = MOST_THREADS; place-- > 0;) {
        prepare_fiber(place, run_threads);
        unused[unused_count++] = &fibers[place];
    }
    run_blocks(given, run_block);
}

static u32 barrier(int line, u32 predicate) {
    said_yes += predicate;
    Fiber *fiber = current;
    at_barrier[at_barrier_count++] = fiber;
    if (!all_at_barrier()) {
        wait(fiber, line);
        return barrier_answer;
    }
    at_barrier_count--;  // the last one need not wait
    open_barrier();
    return barrier_answer;
}

EXPORT void ck_barrier(int line) { barrier(line, 0); }
EXPORT int ck_barrier_count(int line, int predicate) { return (int)barrier(line, predicate != 0); }
EXPORT void ck_fence() {}

EXPORT u64 ck_exchange(int operation, u32 mask, u64 value, int lane, int width, int line) {
    Fiber *fiber = current;
    Warp *warp = warp_of(fiber);
    if (operation == WHO_IS_ACTIVE) return warp->existing & ~warp->ended;
    u32 own = fiber->number % LANES;
    enter_exchange(fiber, operation, mask | 1u << own, value, lane, width, line);
    u32 lanes = lanes_complete(warp, warp->lanes[own].mask);
    if (!lanes) {
        wait(fiber, line);
        return warp->lanes[own].result;
    }
    exchange_values(warp, lanes);
    EACH_BIT(released, lanes & ~(1u << own)) ready[ready_count++] = warp->lanes[released].fiber;
    return warp->lanes[own].result;
}
