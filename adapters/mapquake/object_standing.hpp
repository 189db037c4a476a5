// The object that an execution has made, and what it says of itself while it stands: for reports, which show it between
// the steps (docs/reports.md). Not instrumented: to note it is no event.
#pragma once

#include <mapquake/glue.hpp>

#include <memory>
#include <string>

namespace mapquake::detail {

/// Owns it. One at a time for each class.
template <class Object>
class StandingObject {
 public:
  MAPQUAKE_GLUE explicit StandingObject(Object* made) : object_(made) { standing_ = made; }
  MAPQUAKE_GLUE ~StandingObject() { standing_ = nullptr; }
  StandingObject(const StandingObject&) = delete;
  StandingObject& operator=(const StandingObject&) = delete;

  bool operator==(std::nullptr_t) const { return object_ == nullptr; }
  Object& operator*() const { return *object_; }

  /// Its dump(); empty while none stands.
  MAPQUAKE_GLUE static std::string dump() { return standing_ == nullptr ? std::string() : standing_->dump(); }

 private:
  static inline Object* standing_ = nullptr;
  std::unique_ptr<Object> object_;
};

}  // namespace mapquake::detail
