#include "harness/cli/examples.hpp"
#include "harness/cli/parse_parts.hpp"
#include "harness/real/job.hpp"
#include "harness/real/presets.hpp"

#include <array>
#include <memory>

namespace mapquake::cli {
namespace {

/// FILE… and --map. A plugin is refused: it is instrumented.
void add_real_maps(CLI::App& app, MapArguments& maps) {
  add_sources(app, "FILE", maps.build, "Sources with the adapters of your maps",
              "(.cpp, .cc, …); plugins are instrumented, so the map is built anew from its adapter");
  app.add_option("--map", maps.names, "Name of a map, or a glob such as 'tbb_*' (repeatable)")
      ->take_all()
      ->type_name("NAME");
}

template <class T, class Check>
void add_numbers(CLI::App& app, const char* name, std::vector<T>& into, const char* help, Check check) {
  app.add_option(name, into, help)->delimiter(',')->type_name("N,…")->check(std::move(check));
}

constexpr std::array stated_by_presets{"FILE",      "--map",         "--write-share", "--keys", "--key-count",
                                       "--prefill", "--value-bytes", "--rate",        "--slow"};

void add_bench(CLI::App& root, Arguments& chosen) {
  auto bench = std::make_shared<BenchArguments>();
  CLI::App& app =
      *root.add_subcommand("bench", "How fast is a map with real threads? The same adapter, uninstrumented");
  add_real_maps(app, bench->maps);
  std::vector<std::string> names = real::preset_names();
  names.emplace_back("all");
  app.add_option("--preset", bench->preset, "Instead of maps and loads: what post-mortems compare")
      ->type_name("NAME")
      ->check(one_of(names));
  add_numbers(app, "--threads", bench->threads, "Numbers of threads (default: 1, and one for each processor)",
              in_range(1, 1024));
  add_numbers(app, "--write-share", bench->write_percents, "Percent of calls that write (default 10)",
              in_range(0., 100.));
  app.add_option("--keys", bench->keys, "Key distributions (default uniform)")
      ->delimiter(',')
      ->type_name("NAME,…")
      ->check(one_of(real::key_names()));
  app.add_option("--key-count", bench->key_count, "Distinct keys (default 10000)")
      ->type_name("N")
      ->check(in_range(1, 100'000'000));
  app.add_option("--prefill", bench->prefill, "Keys that are there before (default: all); 0 shows the map grow")
      ->type_name("N")
      ->check(in_range(0, 100'000'000));
  add_numbers(app, "--value-bytes", bench->value_bytes, "Sizes of a value, of adapters with mapquake::SizedValue",
              in_range(8, 1 << 20));
  add_duration(app, "--time", bench->seconds, "Each of the two measurements of a repetition (default 500ms)");
  add_duration(app, "--warm-up", bench->warm_up_seconds, "Before them (default 100ms)");
  app.add_option("--repetitions", bench->repetitions, "Each with a fresh map (default 5)")
      ->type_name("N")
      ->check(in_range(1, 1000));
  app.add_option("--rate", bench->rate, "Calls a second, at stated instants (default: as fast as it goes)")
      ->type_name("N")
      ->check(in_range(1., 1e9));
  app.add_flag("--unpinned", bench->free_threads, "Threads may move between processors");
  app.add_option("--seed", bench->seed, "Of the calls (default 1)")->type_name("N");
  app.add_option("--slow", bench->slow, "Slow calls to explain of each point (default 3)")
      ->type_name("N")
      ->check(in_range(0, 64));
  app.add_flag("--json", bench->json, "One JSON document");
  app.add_option("--html", bench->html, "Write plots into this file, too")->type_name("FILE");
  app.footer(examples_for("bench"));
  app.callback([&chosen, &app, bench] {
    for (const char* const stated : stated_by_presets) {
      if (!bench->preset.empty() && app.count(stated) > 0) throw CLI::ExcludesError("--preset", stated);
    }
    chosen = *bench;
  });
}

void add_stress(CLI::App& root, Arguments& chosen) {
  auto stress = std::make_shared<StressArguments>();
  CLI::App& app = *root.add_subcommand("stress", "Real threads, recorded and judged; what fails goes to `import`");
  add_real_maps(app, stress->maps);
  add_duration(app, "--time", stress->seconds, "For each map, at most (default 10s)");
  app.add_option("--threads", stress->threads, "Threads (default 3)")->type_name("N")->check(in_range(1, 64));
  app.add_option("--calls", stress->calls, "Of each thread in a round, at most (default 40)")
      ->type_name("N")
      ->check(in_range(1, 100'000));
  app.add_option("--keys", stress->keys, "Distinct keys, at most (default 64)")->type_name("N")->check(in_range(1, 64));
  app.add_option("--delays", stress->delays, "How many places hold threads up, as a factor (default 1; 0: none)")
      ->type_name("N")
      ->check(in_range(0., 20.));
  app.add_option("--seed", stress->seed, "Of calls and delays (default 1)")->type_name("N");
  add_duration(app, "--hang", stress->hang_seconds, "A round that takes longer hangs (default 10s)");
  app.add_option("--out", stress->out, "Directory for the logs (default out)")->type_name("DIR");
  app.add_option(
         "--store", stress->store,
         "Hold threads up, in every other round, where failures of the map that are stored there switch or delay "
         "them (default out)")
      ->type_name("DIR");
  app.add_flag("--json", stress->json, "Print one JSON line, nothing else");
  app.footer(examples_for("stress"));
  app.callback([&chosen, stress] { chosen = *stress; });
}

}  // namespace

void add_real(CLI::App& root, Arguments& chosen) {
  add_bench(root, chosen);
  add_stress(root, chosen);
}

}  // namespace mapquake::cli
