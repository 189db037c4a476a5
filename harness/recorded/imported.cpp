#include "harness/recorded/imported.hpp"

#include "harness/history/outcome.hpp"
#include "harness/recorded/words.hpp"
#include "harness/store/incident_file.hpp"
#include "harness/store/replay_text.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>

namespace mapquake::recorded {
namespace {

/// Logs come from anywhere; a file of ours is plain.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = byte >= 0x80 && byte < 0xc0;
    if (!continues) result += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return result;
}

}  // namespace

std::string incident_text(const Log& log, const Contradiction* found, const CutOut& cut, std::string_view map,
                          std::string_view source) {
  std::string text =
      "# " + (found != nullptr ? plain(sentence(log, *found)) : "Calls of a log in which nothing contradicts.") +
      "\n#\n# The calls that were recorded:\n";
  for (const std::uint32_t row : cut.rows) text += "#   " + plain(statement(log, row)) + '\n';
  for (const CutOut::Key& key : cut.keys) {
    const std::string name = log.printable_key(key.log_key);
    if (name != std::to_string(key.number)) text += fmt::format("# Key {} is {}.\n", key.number, plain(name));
  }
  for (std::size_t i = 0; i < cut.threads.size(); ++i) {
    text += fmt::format("# Thread {} is {}.\n", thread_name(static_cast<ThreadId>(i + 1)),
                        plain(log.printable_thread(cut.threads[i])));
  }
  if (cut.program.hash == abi::HashMode::few) text += "# Keys that share a hash or shard in the log collide here.\n";
  const std::uint32_t shown = found != nullptr ? found->culprit : cut.rows.back();
  text += fmt::format("incident = 1\nid = \"imported\"\ntitle = {}\n\n[program]\n",
                      toml_string(plain(fmt::format("{} {}: {}", log.unit, log.rows[shown].line, source))));
  if (cut.program.hash != abi::HashMode::good) {
    text += fmt::format("hash = {}\n", toml_string(stored_hash(cut.program.hash)));
  }
  text += "prefill = [";
  for (std::size_t i = 0; i < cut.program.prefill.size(); ++i) {
    text += fmt::format("{}[{}, {}]", i == 0 ? "" : ", ", cut.program.prefill[i].key, cut.program.prefill[i].value);
  }
  text += "]\nthreads = [\n";
  for (const std::vector<Operation>& operations : cut.program.threads) {
    text += "  [";
    for (std::size_t i = 0; i < operations.size(); ++i) {
      text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", stored_operation(operations[i]));
    }
    text += "],\n";
  }
  text += fmt::format("]\n\n[[broken]]\nmap = {}\nabout = \"what the log tells of it\"\nfails = [",
                      toml_string(plain(map)));
  const std::string_view fails = found == nullptr ? any_failure : name_of(Outcome::not_linearizable);
  return text + toml_string(fails) + "]\n";
}

}  // namespace mapquake::recorded
