#include "harness/worker/plugin.hpp"

#include "harness/memory/arena.hpp"
#include "harness/memory/image.hpp"
#include "harness/memory/races.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/runtime/heap.hpp"
#include "harness/runtime/library_calls.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/runtime/shims/shims.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace mapquake {

namespace {

Error bad(const std::filesystem::path& file, std::string_view what, std::string_view hint) {
  return {ExitCode::bad_input, fmt::format("{}: {}", file.string(), what), std::string(hint)};
}

/// The linker's sentence without the file name that every error starts with.
std::string reason_of(const char* message, const std::filesystem::path& file) {
  std::string reason = message == nullptr ? "unknown reason" : message;
  const std::string prefix = file.string() + ": ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  return reason;
}

/// Whose code libc has taken over (glibc 2.34): nothing is in them.
bool is_empty_part_of_libc(std::string_view name) {
  return name.starts_with("libpthread.so.") || name.starts_with("libdl.so.") || name.starts_with("librt.so.");
}

std::vector<std::string> libraries_without_instrumentation(const memory::LoadedObjects& before) {
  std::vector<std::string> unseen;
  memory::for_each_object([&](const dl_phdr_info& info) {
    if (before.contains(info.dlpi_addr) || memory::is_instrumented(info)) return;
    const std::string name = std::filesystem::path(info.dlpi_name).filename();
    if (!is_empty_part_of_libc(name)) unseen.push_back(name);
  });
  return unseen;
}

void watch_data_of(void* handle) {
  link_map* object = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &object) != 0) return;
  std::uint64_t first = UINT64_MAX;
  std::uint64_t last = 0;
  memory::for_each_object([&](const dl_phdr_info& info) {
    if (info.dlpi_addr != object->l_addr) return;
    for (int i = 0; i < info.dlpi_phnum; ++i) {
      const auto& header = info.dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
      first = std::min<std::uint64_t>(first, info.dlpi_addr + header.p_vaddr);
      last = std::max<std::uint64_t>(last, info.dlpi_addr + header.p_vaddr + header.p_memsz);
    }
  });
  if (first >= last) return;
  memory::sharing.watch_data(first, last - first);
  memory::races.watch_data(first, last - first);
}

}  // namespace

Result<LoadedPlugin> open_plugin(const std::filesystem::path& file) {
  // The C library's stream buffers must not come out of the arena when a map prints.
  static char out_buffer[BUFSIZ];
  static char error_buffer[BUFSIZ];
  std::setvbuf(stdout, out_buffer, _IOLBF, sizeof out_buffer);
  std::setvbuf(stderr, error_buffer, _IOLBF, sizeof error_buffer);
  memory::arena().open();
  memory::map_fixed(memory::stacks_base, threads_max * memory::stack_bytes);
  memory::sharing.open();
  memory::races.open();
  runtime::learn_system_code();
  runtime::warm_up_libraries();

  const memory::LoadedObjects before;
  runtime::loading = true;
  void* const handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  runtime::loading = false;
  if (handle == nullptr) {
    const std::string reason = reason_of(::dlerror(), file);
    if (reason.find("undefined symbol: __atomic_") != std::string::npos) {
      return bad(file, reason,
                 "atomics of more than 8 bytes are calls into libatomic: `mapquake build FILE.cpp -- -latomic`.");
    }
    if (reason.find("undefined symbol") != std::string::npos) {
      return bad(file, reason, "link what is missing into the plugin; `mapquake build` does so with `-- -lNAME`.");
    }
    if (reason.find("libtsan") != std::string::npos) {
      return bad(file, "was linked with libtsan",
                 "-fsanitize=thread belongs to the compile step alone; `mapquake build FILE.cpp` does it right.");
    }
    return bad(file, fmt::format("cannot be loaded: {}", reason),
               "a plugin is a shared object made by mapquake_add_map; see `mapquake help adapter`.");
  }
  void* const entry = ::dlsym(handle, abi::entry_symbol);
  if (entry == nullptr) {
    return bad(file, "is a shared object, but not a mapquake plugin (it has no mapquake_plugin)",
               "include <mapquake/adapter.hpp> and register the map with MAPQUAKE_MAP(\"name\", Adapter).");
  }
  const abi::Plugin* const plugin = reinterpret_cast<abi::EntryFunction>(entry)();
  if (plugin == nullptr || plugin->magic != abi::magic) {
    return bad(file, "has a mapquake_plugin that is not one",
               "include <mapquake/adapter.hpp> of this version and compile it again.");
  }
  if (plugin->version != abi::version) {
    return bad(
        file,
        fmt::format("was built for version {} of the adapter interface; this mapquake has version {}", plugin->version,
                    abi::version),
        plugin->version < abi::version
            ? "compile it again with the headers of this mapquake."
            : "use the mapquake whose headers it was compiled with, or compile it again with those of this one.");
  }
  if (plugin->map_count == 0) {
    return bad(file, "registers no map and no program",
               "add MAPQUAKE_MAP(\"name\", Adapter), MAPQUAKE_PROGRAM(\"name\", function), or a main().");
  }
  if (!memory::is_instrumented_at(entry)) {
    return bad(file, "was compiled without -fsanitize=thread: nothing of its map would be seen",
               "make it with `mapquake build FILE.cpp`, or with mapquake_add_map in CMake.");
  }
  watch_data_of(handle);
  runtime::learn_map_code(before);
  runtime::learn_replaced_operators(handle, before);
  std::vector<std::string> unseen = libraries_without_instrumentation(before);
  runtime::watch_library_calls(before);
  runtime::find_foreign_code();
  memory::arena().seal();
  runtime::set_data_image(memory::image_of_new_objects(before));
  return LoadedPlugin{plugin, std::move(unseen)};
}

}  // namespace mapquake
