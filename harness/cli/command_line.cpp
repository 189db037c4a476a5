#include "harness/cli/commands.hpp"

#include <ostream>

namespace mapquake::cli {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

int run_command_line(int argc, const char* const* argv, const Environment& environment) {
  const Result<Arguments> arguments = parse_arguments(argc, argv);
  if (!arguments) return report_error(environment, arguments.error());
  const auto print = [&](const PrintArguments& print) {
    environment.out << print.text;
    return static_cast<int>(ExitCode::clean);
  };
  const int code = std::visit(Overloaded{print,
                                         [&](const ListArguments& a) { return list(a, environment); },
                                         [&](const RunArguments& a) { return run(a, environment); },
                                         [&](const FuzzArguments& a) { return fuzz(a, environment); },
                                         [&](const StatusArguments& a) { return status(a, environment); },
                                         [&](const MergeArguments& a) { return merge(a, environment); },
                                         [&](const BisectArguments& a) { return bisect(a, environment); },
                                         [&](const CorpusArguments& a) { return corpus(a, environment); },
                                         [&](const ReplayArguments& a) { return replay(a, environment); },
                                         [&](const ShrinkArguments& a) { return shrink(a, environment); },
                                         [&](const ExplainArguments& a) { return explain(a, environment); },
                                         [&](const ReportArguments& a) { return report(a, environment); },
                                         [&](const BuildArguments& a) { return build(a, environment); },
                                         [&](const CheckArguments& a) { return check(a, environment); },
                                         [&](const ImportArguments& a) { return import(a, environment); },
                                         [&](const BenchArguments& a) { return bench(a, environment); },
                                         [&](const StressArguments& a) { return stress(a, environment); },
                                         [&](const ProveArguments& a) { return prove(a, environment); },
                                         [&](const HelpArguments& a) { return help(a, environment); },
                                         [&](const CompletionArguments& a) { return completion(a, environment); }},
                              *arguments);
  environment.out.flush();
  if (environment.out.good()) return code;
  return report_error(environment, {ExitCode::input_output, "cannot write to the standard output", ""});
}

}  // namespace mapquake::cli
