// Ways never to come back.
#include "hostile.hpp"

#include <poll.h>
#include <sys/time.h>

#include <csignal>
#include <thread>

namespace {

volatile bool never_set = false;

HOSTILE(LoopsEmpty, "hostile_loop", "hang", "for (;;); without any access", for (;;) asm volatile(""));
HOSTILE(LoopsReading, "hostile_loop_reading", "hang|livelock|budget exceeded", "waits for a flag that nobody sets",
        while (!never_set) continue);
HOSTILE(LoopsYielding, "hostile_loop_yielding", "livelock|hang|budget exceeded", "yields for ever",
        for (;;) std::this_thread::yield());
HOSTILE(Pauses, "hostile_pause", "deadlock", "pause()", ::pause());
HOSTILE(Suspends, "hostile_sigsuspend", "deadlock", "sigsuspend()", sigset_t none; ::sigemptyset(&none);
        ::sigsuspend(&none));
HOSTILE(PollsNothing, "hostile_poll", "deadlock", "poll of nothing, for ever", ::poll(nullptr, 0, -1));
HOSTILE(ReadsPipe, "hostile_read", "hang", "reads a pipe into which nobody writes", int ends[2];
        CHECK(::pipe(ends) == 0); char byte; CHECK(::read(ends[0], &byte, 1) == 1));
HOSTILE(PollsPipe, "hostile_poll_pipe", "hang", "polls a pipe into which nobody writes", int ends[2];
        CHECK(::pipe(ends) == 0); pollfd end{ends[0], POLLIN, 0}; CHECK(::poll(&end, 1, -1) == 1));
HOSTILE(DetachedLoop, "hostile_detached_loop", "hang", "a detached thread that never ends and never yields",
        std::thread([] {
          for (;;) asm volatile("");
        }).detach());
HOSTILE(StopsWatchdog, "hostile_timer", "hang", "disarms every timer, blocks every signal, then loops", itimerval off{};
        ::setitimer(ITIMER_PROF, &off, nullptr); std::signal(SIGPROF, SIG_IGN); sigset_t all; ::sigfillset(&all);
        ::pthread_sigmask(SIG_BLOCK, &all, nullptr); for (;;) asm volatile(""));

}  // namespace
