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

void witness_fresh_read(const FreshRead& read) {
  Witness witness{.thread = read.thread,
                  .op = read.op,
                  .event = read.event,
                  .standing = {.role = Role::reads_unwritten, .bytes = read.bytes}};
  std::copy(read.stack.begin(), read.stack.end(), witness.stack.begin());
  rt.witnesses = {witness};
  witness_block(read.address);
}

}  // namespace mapquake::runtime
