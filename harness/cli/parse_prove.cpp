// The command prove.
#include "harness/campaign/proof.hpp"
#include "harness/case/fault_names.hpp"
#include "harness/cli/examples.hpp"
#include "harness/cli/parse_parts.hpp"
#include "harness/cli/usage_error.hpp"

#include <memory>

namespace mapquake::cli {
namespace {

/// FILE…: a replay file, sources, plugins.
void sort_file(ProveArguments& prove, const std::string& file) {
  if (compile::is_source(file)) {
    prove.maps.build.sources.emplace_back(file);
  } else if (file.ends_with(".so")) {
    prove.maps.plugins.emplace_back(file);
  } else if (!prove.replay.empty()) {
    throw CLI::ValidationError("\"" + file + "\" is a second replay file; name one at a time");
  } else {
    prove.replay = file;
  }
}

void set_faults(ProofBounds& bounds, const std::string& text) {
  const auto parsed = fault::parse_faults(text);
  if (!parsed) throw CLI::ValidationError(parsed.error().what + ". " + parsed.error().hint);
  const fault::FaultSelection& chosen = *parsed;
  if ((chosen.mask & ~provable_kinds()) != 0 || chosen.spike || !chosen.declared_only.empty()) {
    std::vector<std::string> can;
    for (const fault::FaultName& fault : fault::fault_names()) {
      if (fault.mask != 0 && (fault.mask & ~provable_kinds()) == 0) can.emplace_back(fault.name);
    }
    throw CLI::ValidationError("prove goes through all combinations of " + listed(can) + ", and of no others");
  }
  bounds.fault_mask |= chosen.mask;
}

}  // namespace

void add_prove(CLI::App& root, Arguments& chosen) {
  auto prove = std::make_shared<ProveArguments>();
  CLI::App& app = *root.add_subcommand(
      "prove", "Run every interleaving of small programs: proven clean, failing, or undecided (docs/proving.md)");
  app.add_option_function<std::vector<std::string>>(
         "FILE",
         [prove](const std::vector<std::string>& files) {
           for (const std::string& file : files) sort_file(*prove, file);
         },
         "A replay file, whose program is meant; or sources and plugins")
      ->take_all()
      ->type_name("");
  add_maps(app, prove->maps);
  app.add_option("--preemptions", prove->bounds.preemptions_max, "Only interleavings with at most so many")
      ->type_name("N")
      ->default_str("")
      ->check(in_range(0u, 16u));
  app.add_option_function<std::string>(
         "--memory-model",
         [prove](const std::string& name) {
           if (name == "c11") prove->bounds.fault_mask |= fault_bit(ChoiceKind::stale_read);
         },
         "sc (default): atomic loads read the newest value; c11: also every value that ISO C++ allows")
      ->type_name("MODEL")
      ->check(one_of({"sc", "c11"}));
  app.add_option_function<std::string>(
         "--faults", [prove](const std::string& text) { set_faults(prove->bounds, text); },
         "Also every combination of these: alloc, throw, … (mapquake list --faults)")
      ->type_name("KINDS");
  add_duration(app, "--time", prove->bounds.seconds, "For all together (default 60s)");
  app.add_option("--executions", prove->bounds.executions_max, "Of one program, at most")
      ->type_name("N")
      ->default_str("")
      ->check(in_range(std::uint64_t{1}, std::uint64_t{1'000'000'000'000}));
  app.add_option("--store", prove->store, "Where replay files go")->capture_default_str()->type_name("DIR");
  app.add_flag("--json", prove->json, "One JSON line for each map, nothing else");
  app.footer(examples_for("prove"));
  app.callback([&chosen, prove] { chosen = *prove; });
}

}  // namespace mapquake::cli
