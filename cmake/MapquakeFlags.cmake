# The compiler's flags of a plugin, the one place for them: the CMake functions set these, and `mapquake build` and
# `mapquake help adapter` have them from here, through harness/compile/flags.cpp.in.
set(MAPQUAKE_COMPILE_FLAGS -fsanitize=thread -g -O1 -fno-omit-frame-pointer -fstack-clash-protection)
set(MAPQUAKE_COMPILE_FLAGS_GXX -fno-gnu-unique)
set(MAPQUAKE_COMPILE_FLAGS_GNU
  # g++ would expand copies of a known length in place, and not instrument them.
  -fno-builtin-memcpy -fno-builtin-memset -fno-builtin-memcmp -fno-builtin-memchr
  -fno-builtin-strlen -fno-builtin-strnlen -fno-builtin-strcmp -fno-builtin-strncmp -fno-builtin-strcasecmp
  -fno-builtin-strncasecmp -fno-builtin-strchr -fno-builtin-strrchr -fno-builtin-strcpy -fno-builtin-stpcpy
  -fno-builtin-strncpy -fno-builtin-strcat -fno-builtin-strncat -fno-builtin-strdup -fno-builtin-strndup
  # A function that is called once has a frame of its own, too: what outlives its return shows.
  -fno-inline-functions-called-once
  # From -O2 on, g++ would move a function's reads into its callers; where that is the API's code, nobody sees them.
  -fno-ipa-sra
  # g++ warns that libtsan does not know fences; mapquake does.
  -Wno-tsan)
set(MAPQUAKE_LINK_FLAGS
  # The plugin's instrumented templates must never be replaced by plain copies from elsewhere.
  -Wl,-Bsymbolic -Wl,-z,now
  # Copies that the compiler leaves as calls are accesses to memory like any other.
  -Wl,--wrap=memcpy -Wl,--wrap=memmove -Wl,--wrap=memset -Wl,--wrap=memcmp -Wl,--wrap=memchr
  -Wl,--wrap=strlen -Wl,--wrap=strnlen -Wl,--wrap=strcmp -Wl,--wrap=strncmp -Wl,--wrap=strcasecmp
  -Wl,--wrap=strncasecmp -Wl,--wrap=strchr -Wl,--wrap=strrchr -Wl,--wrap=strcpy -Wl,--wrap=stpcpy
  -Wl,--wrap=strncpy -Wl,--wrap=strcat -Wl,--wrap=strncat -Wl,--wrap=strdup -Wl,--wrap=strndup)

# Builds for real threads (`mapquake bench`, `mapquake stress`) have these instead of the ones above: the map as it is
# shipped, and for stress a hook in each basic block where a thread may be held up.
set(MAPQUAKE_PLAIN_COMPILE_FLAGS -O2 -g1 -pthread)
set(MAPQUAKE_DELAYED_COMPILE_FLAGS -O2 -g1 -pthread -fsanitize-coverage=trace-pc)
set(MAPQUAKE_PLAIN_LINK_FLAGS -Wl,-Bsymbolic -Wl,-z,now -pthread)

# What CMake sets for a MODULE library by its properties (mapquake_plugin) and for mapquake::adapter_api.
set(MAPQUAKE_MODULE_COMPILE_FLAGS -fPIC -fvisibility=hidden)
set(MAPQUAKE_MODULE_LINK_FLAGS -shared)
set(MAPQUAKE_CXX_STANDARD_FLAG -std=gnu++20)
