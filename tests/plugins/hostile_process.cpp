// What surrounds the map: descriptors, output, limits, threads.
#include "hostile.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <thread>

namespace {

UNUSUAL(ClosesAll, "unusual_close_all", "closes every descriptor that it finds",
        for (int descriptor = 0; descriptor < 1024; ++descriptor)::close(descriptor));
UNUSUAL(ClosesRange, "unusual_close_range", "closes all descriptors at once", ::close_range(0, ~0u, 0));
UNUSUAL(ReplacesAll, "unusual_dup2", "puts /dev/null in place of all low descriptors",
        const int nothing = ::open("/dev/null", O_RDWR);
        for (int descriptor = 0; descriptor < 16; ++descriptor) if (descriptor != nothing)::dup2(nothing, descriptor);
        ::close(nothing));
UNUSUAL(LeaksDescriptors, "unusual_descriptor_leak", "opens files and forgets them; always the same numbers",
        const int first = ::open("/dev/null", O_RDONLY);
        CHECK(first >= 0 && first < 64); CHECK(::open("/dev/null", O_RDONLY) > first));
UNUSUAL(Prints, "unusual_prints", "prints to standard output and reads standard input", char text[1024];
        std::memset(text, 'x', sizeof text); text[sizeof text - 1] = 0;
        for (int i = 0; i < 64; ++i) std::printf("%s\n", text); std::cout << text << std::endl;
        CHECK(std::getchar() == EOF));
UNUSUAL(PrintsErrors, "unusual_prints_errors", "prints to standard error", std::fprintf(stderr, "from the map\n");
        std::cerr << "again\n");
UNUSUAL(Limits, "unusual_limits", "lowers its resource limits", rlimit tiny{1, 1};
        for (const auto resource
             : {RLIMIT_CPU, RLIMIT_AS, RLIMIT_NOFILE, RLIMIT_DATA, RLIMIT_STACK})::setrlimit(resource, &tiny));
UNUSUAL(DetachedThread, "unusual_detached", "a detached thread that yields for ever and outlives the map",
        static std::atomic<int> rounds;
        std::thread([] {
          for (int i = 0; i < 1'000'000; ++i) {
            rounds.fetch_add(1);
            std::this_thread::yield();
          }
        }).detach());

}  // namespace
