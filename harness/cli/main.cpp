#include "harness/cli/commands.hpp"
#include "harness/run/catalogue.hpp"

int main(int argc, char** argv) {
  mapquake::serve_if_child(argc, argv);
  return mapquake::cli::run_command_line(argc, argv, mapquake::cli::real_environment());
}
