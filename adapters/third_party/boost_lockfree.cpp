// Boost.Lockfree: queue and stack, unmodified, held to a queue and a stack. Both read a node that another thread may
// have popped and given back to the free list meanwhile; the tag in the pointer makes the compare-and-swap that follows
// fail, but the read is a data race by ISO C++. empty() is left out: 'The result is only accurate, if no other thread
// modifies'.
#include <mapquake/models.hpp>
#include <mapquake/object.hpp>

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/stack.hpp>

#include <optional>

namespace {

template <class Container>
class Adapter {
 public:
  void push(int value) { container_.push(value); }
  std::optional<int> pop() {
    int value = 0;
    return container_.pop(value) ? std::optional(value) : std::nullopt;
  }

 private:
  Container container_{4};
};

struct Queue : Adapter<boost::lockfree::queue<int>> {
  static constexpr const char* about = "Boost.Lockfree queue<int>, of any length";
  static constexpr mapquake::Expectation expected{.outcomes = "data race"};
};
struct Stack : Adapter<boost::lockfree::stack<int>> {
  static constexpr const char* about = "Boost.Lockfree stack<int>, of any height";
  static constexpr mapquake::Expectation expected{.outcomes = "data race"};
};

}  // namespace

MAPQUAKE_OBJECT("boost_lockfree_queue", Queue, mapquake::models::Queue<>, push, pop);
MAPQUAKE_OBJECT("boost_lockfree_stack", Stack, mapquake::models::Stack, push, pop);
