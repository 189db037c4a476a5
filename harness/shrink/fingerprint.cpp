#include "harness/shrink/fingerprint.hpp"

#include "harness/base/rng.hpp"

namespace mapquake {
namespace {

class Fold {
 public:
  void add(std::uint64_t part) { state_ = mix64(state_ ^ mix64(part)); }
  void add_signed(std::int64_t part) { add(static_cast<std::uint64_t>(part)); }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace

std::uint64_t fingerprint(const Program& program, std::span<const Choice> choices,
                          std::initializer_list<std::uint64_t> more) {
  Fold fold;
  fold.add(program.prefill.size());
  for (const auto& entry : program.prefill) {
    fold.add_signed(entry.key);
    fold.add_signed(entry.value);
  }
  fold.add(program.threads.size());
  for (const auto& thread : program.threads) {
    fold.add(thread.size());
    for (const Operation& operation : thread) {
      fold.add(static_cast<std::uint64_t>(operation.kind));
      fold.add_signed(operation.key);
      fold.add_signed(operation.value);
      fold.add_signed(operation.extra);
    }
  }
  fold.add(static_cast<std::uint64_t>(program.hash));
  fold.add(program.construct_from_range ? 1 : 0);
  fold.add(program.capacity_hint);
  fold.add(program.capacity);
  fold.add(program.races_passed);
  fold.add(program.memory_limit);
  fold.add(program.steps_max);
  fold.add(choices.size());
  for (const Choice& choice : choices) {
    fold.add((std::uint64_t{choice.thread} << 48) | choice.op);
    fold.add(choice.event);
    fold.add((std::uint64_t{static_cast<unsigned>(choice.kind)} << 32) | choice.take);
  }
  for (const std::uint64_t part : more) fold.add(part);
  return fold.value();
}

}  // namespace mapquake
