#include "scenarios/burst.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

namespace mapquake {
namespace {

constexpr unsigned threads_added_max = 6;
constexpr unsigned writes_min = 2, writes_max = 16;

class Burst {
 public:
  Burst(Draw& draw, OpMask usable) : draw_(draw), width_(draw.between(1, 3)), stride_(draw.between(1, 4)) {
    looks_.add(usable, point_reads);
    writes_.add(usable, adding_ops, 2).add(usable, ops(OpKind::update));
    drains_.add(usable, erasing_ops);
  }
  bool empty() const { return looks_.empty() && writes_.empty(); }

  void add_to(std::vector<Operation>& thread) {
    if (!looks_.empty()) {
      for (unsigned left = draw_.between(0, 2); left > 0; --left) thread.push_back({looks_.one(draw_), hot_key(0), 0});
    }
    const unsigned count = draw_.growing(writes_min, writes_max);
    const Menu& load = writes_.empty() ? looks_ : writes_;
    const std::size_t first = thread.size();
    for (unsigned i = 0; i < count; ++i) thread.push_back({load.one(draw_), hot_key(i), 0});
    if (drains_.empty() || draw_.chance(50)) return;
    for (std::size_t i = first; i < first + count; ++i) thread.push_back({drains_.one(draw_), thread[i].key, 0});
  }

 private:
  std::int64_t hot_key(unsigned progress) { return 1 + progress / stride_ + draw_.between(0, width_ - 1); }

  Draw& draw_;
  unsigned width_;   ///< keys that are hot at a time
  unsigned stride_;  ///< writes until the next key becomes hot
  Menu looks_, writes_, drains_;
};

}  // namespace

void add_burst(Draw& draw, const Ingredients& from, Program& program) {
  const bool alone = program.threads.size() == 1;
  Burst burst(draw, alone ? from.alone : from.together);
  if (burst.empty()) return;
  if (alone) return burst.add_to(program.threads.front());
  for (unsigned left = draw.growing(1, threads_added_max); left > 0; --left) {
    if (program.threads.size() == program_threads_max) return;
    burst.add_to(program.threads.emplace_back());
  }
}

}  // namespace mapquake
