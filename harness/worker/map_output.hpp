// What the map itself prints. A campaign runs it thousands of times, so it goes nowhere; a replay may show it.
#pragma once

namespace mapquake {

/// The standard output and error of a worker process, whose only object this is. The harness's own assertions are
/// printed in any case. Until told otherwise, nothing is shown.
class MapOutput {
 public:
  MapOutput();
  MapOutput(const MapOutput&) = delete;
  MapOutput& operator=(const MapOutput&) = delete;

  /// From now on the map's standard output and error go to the standard error of the process that started it, or
  /// nowhere. Two system calls where that changes, else nothing.
  void show(bool shown);

 private:
  int error_ = -1;    ///< a copy of the standard error
  int nothing_ = -1;  ///< /dev/null
  bool shown_ = false;
};

}  // namespace mapquake
