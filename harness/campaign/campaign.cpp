#include "harness/campaign/campaign.hpp"

#include "harness/campaign/board.hpp"
#include "harness/campaign/worker.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <thread>

namespace mapquake {

Result<Done> check_store(const std::filesystem::path& store) {
  const std::filesystem::path probe = store / fmt::format(".mapquake-probe-{}", ::getpid());
  // Not an empty one: that would fit on a full disk.
  const Result<Done> written = write_file_durably(probe, std::string(4096, '\n'));
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
  if (written) return Done{};
  return Error{ExitCode::input_output,
               fmt::format("cannot write to the store {}: {}", store.string(), written.error().what),
               "Name a directory that you may write to with --store DIR."};
}

CampaignReport run_campaign(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options,
                            const CampaignServices& services, CampaignListener& listener, const CampaignPast& past) {
  MQ_ASSERT(options.jobs >= 1 && (options.seconds > 0 || options.executions > 0 || services.enough));
  Board board(maps, cells, options);
  board.remember(past);
  std::vector<std::jthread> threads;
  for (unsigned job = 0; job < options.jobs; ++job) {
    threads.emplace_back([&] {
      Worker(maps, options, services, board).run();
      board.leave();
    });
  }
  board.watch(services, listener);
  threads.clear();
  return board.report();
}

}  // namespace mapquake
