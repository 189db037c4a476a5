// One function per command. Each answers the exit code of the process.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/environment.hpp"

namespace mapquake::cli {

int list(const ListArguments& arguments, const Environment& environment);
int run(const RunArguments& arguments, const Environment& environment);
int fuzz(const FuzzArguments& arguments, const Environment& environment);
int status(const StatusArguments& arguments, const Environment& environment);
int merge(const MergeArguments& arguments, const Environment& environment);
int bisect(const BisectArguments& arguments, const Environment& environment);
int corpus(const CorpusArguments& arguments, const Environment& environment);
int replay(const ReplayArguments& arguments, const Environment& environment);
int shrink(const ShrinkArguments& arguments, const Environment& environment);
int explain(const ExplainArguments& arguments, const Environment& environment);
int report(const ReportArguments& arguments, const Environment& environment);
int build(const BuildArguments& arguments, const Environment& environment);
int check(const CheckArguments& arguments, const Environment& environment);
int prove(const ProveArguments& arguments, const Environment& environment);
int import(const ImportArguments& arguments, const Environment& environment);
int bench(const BenchArguments& arguments, const Environment& environment);
int stress(const StressArguments& arguments, const Environment& environment);
int help(const HelpArguments& arguments, const Environment& environment);
int completion(const CompletionArguments& arguments, const Environment& environment);

/// The whole program but for its process: parses and does it.
int run_command_line(int argc, const char* const* argv, const Environment& environment);

}  // namespace mapquake::cli
