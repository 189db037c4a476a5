// `mapquake prove`: all interleavings of small programs.
#include "harness/cli/commands.hpp"
#include "harness/cli/prove_text.hpp"
#include "harness/cli/selection.hpp"
#include "harness/compile/builder.hpp"
#include "reports/text_format.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {
namespace {

struct Proof {
  MapInfo map;
  std::vector<ProofRow> rows;
};

Result<Proof> proof_of_file(const ProveArguments& arguments, const Environment& environment) {
  auto file = load_replay(arguments.replay, false);
  if (!file) return file.error();
  const std::filesystem::path plugin =
      arguments.maps.plugins.empty() ? std::filesystem::path(file->plugin) : arguments.maps.plugins.front();
  auto map = find_map(file->map, plugin, environment);
  if (!map) return map.error();
  ProofRow row;
  row.name = arguments.replay.filename().string();
  row.scenario = file->scenario;
  row.programs.push_back(file->program);
  row.programs.front().races_passed = 0;
  return Proof{std::move(*map), {std::move(row)}};
}

Result<std::vector<Proof>> proofs_of_maps(ProveArguments& arguments, const Environment& environment) {
  if (arguments.maps.names_nothing() && arguments.maps.plugins.empty() && arguments.maps.build.sources.empty()) {
    return Error{ExitCode::usage, "prove: nothing is named",
                 "Name a replay file, your own source or plugin, maps with --map or programs with --program."};
  }
  if (!arguments.maps.build.sources.empty()) {
    const auto built = environment.build_plugin(arguments.maps.build);
    if (!built) return built.error();
    arguments.maps.plugins.push_back(built->plugin);
  }
  auto maps = select_maps(arguments.maps, environment);
  if (!maps) return maps.error();
  std::vector<Proof> proofs;
  for (MapInfo& map : *maps) {
    std::vector<ProofRow> rows = map.is_program() ? std::vector<ProofRow>{row_of_program(map)} : rows_of_pairs(map);
    if (rows.empty()) {
      environment.err << fmt::format("mapquake: {} claims no two operations that may run together\n", map.name);
      continue;
    }
    proofs.push_back({std::move(map), std::move(rows)});
  }
  if (proofs.empty()) return Error{ExitCode::usage, "prove: there is nothing to prove", ""};
  return proofs;
}

/// The first failure in full; of the others the table has the file.
std::string first_failure(const Proof& proof, const CampaignServices& services, const TextStyle& style) {
  const auto failing = std::ranges::find_if(proof.rows, [](const ProofRow& row) { return row.finding.has_value(); });
  if (failing == proof.rows.end() || !failing->finding->reproducible()) return {};
  const reports::ReportOptions options{style.width, failing->finding->path.string(),
                                       reports::readable_sources(proof.map.plugin)};
  return '\n' + reports::text_report(failing->finding->file, failing->finding->execution,
                                     services.make_symbolizer(proof.map), proof.map, options);
}

/// Answers the exit code. Errors: those of make_executor.
Result<int> prove_one(Proof& proof, const ProveArguments& arguments, double seconds, const Environment& environment) {
  const TextStyle style{environment.colour, std::clamp<std::size_t>(environment.columns, 60, 120)};
  const CampaignServices services = services_of(environment, Limits{});
  auto executor = environment.make_executor(proof.map, Limits{});
  if (!executor) return executor.error();
  ProofBounds bounds = arguments.bounds;
  bounds.seconds = seconds;
  std::size_t programs = 0;
  for (const ProofRow& row : proof.rows) programs += row.programs.size();
  if (!arguments.json) {
    environment.out << fmt::format("{}: {}, {}\n", proof.map.name, reports::counted(programs, "program"),
                                   bounds_text(bounds))
                    << std::flush;
  }
  prove_rows(proof.rows, proof.map, **executor, bounds, services, arguments.store, [&](const ProofRow& row) {
    if (!environment.live || arguments.json) return;
    environment.out << fmt::format("\r\x1b[K{}: {} of {}", row.name, row.run,
                                   reports::counted(row.programs.size(), "program"))
                    << std::flush;
  });
  if (environment.live && !arguments.json) environment.out << "\r\x1b[K";
  if (arguments.json) {
    environment.out << proof_json(proof.map, proof.rows, bounds);
  } else {
    environment.out << proof_table(proof.rows, style) << proof_verdict(proof.rows, bounds, style)
                    << first_failure(proof, services, style) << '\n';
  }
  for (const ProofRow& row : proof.rows) {
    if (row.finding && row.finding->problem) report_error(environment, *row.finding->problem);
  }
  return exit_code_of(proof.rows);
}

/// Of several: the worst.
int worse(int one, int other) {
  const auto rank = [](int code) {
    return code == static_cast<int>(ExitCode::failure_found) ? 2 : code == static_cast<int>(ExitCode::clean) ? 0 : 1;
  };
  return rank(one) >= rank(other) ? one : other;
}

}  // namespace

int prove(const ProveArguments& given, const Environment& environment) {
  ProveArguments arguments = given;
  std::vector<Proof> proofs;
  if (arguments.replay.empty()) {
    auto of_maps = proofs_of_maps(arguments, environment);
    if (!of_maps) return report_error(environment, of_maps.error());
    proofs = std::move(*of_maps);
  } else {
    auto of_file = proof_of_file(arguments, environment);
    if (!of_file) return report_error(environment, of_file.error());
    proofs.push_back(std::move(*of_file));
  }
  if (const auto store = check_store(arguments.store); !store) return report_error(environment, store.error());
  int code = static_cast<int>(ExitCode::clean);
  double left = arguments.bounds.seconds;
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    const double share = left / static_cast<double>(proofs.size() - i);
    const auto one = prove_one(proofs[i], arguments, share, environment);
    if (!one) return report_error(environment, one.error());
    code = worse(code, *one);
    double spent = 0;
    for (const ProofRow& row : proofs[i].rows) spent += row.seconds;
    left = std::max(left - spent, 0.0);
    if (environment.signalled() != 0) return environment.exit_after_signal();
  }
  return code;
}

}  // namespace mapquake::cli
