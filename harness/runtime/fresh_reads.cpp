#include "harness/runtime/fresh_reads.hpp"

#include "harness/runtime/memory_check.hpp"

#include <algorithm>

namespace mapquake::runtime {

std::span<const FreshRead> fresh_reads() {
  return rt.fresh_reads;
}

void note_fresh_read(const Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc) {
  const HarnessScope scope;
  if (!rt.running || rt.fresh_reads.size() == fresh_reads_max) return;
  FreshRead read{.thread = thread.id,
                 .op = thread.op,
                 .event = thread.event,
                 .bytes = static_cast<std::uint32_t>(bytes),
                 .address = address};
  if (rt.tracing) read.traced = rt.recording.trace_count->load(std::memory_order_relaxed);
  read.stack[0] = pc;
  for (unsigned n = 0; n + 1 < read.stack.size(); ++n) read.stack[n + 1] = thread.calls.caller(n);
  rt.fresh_reads.push_back(read);
}

Finding finding_of(const FreshRead& read) {
  StackedWitness witness{{.role = Role::fresh_read,
                          .thread = read.thread,
                          .op = read.op,
                          .event = read.event,
                          .bytes = read.bytes,
                          .object = read.address}};
  std::copy(read.stack.begin(), read.stack.end(), witness.stack.begin());
  Finding finding{.outcome = Outcome::uninitialised_read, .symptom = Symptom::fresh_memory_decides};
  finding.witnesses = {witness};
  finding.facts.touched = witness_block(read.address, finding.witnesses);
  finding.facts.bytes = read.bytes;
  return finding;
}

}  // namespace mapquake::runtime
