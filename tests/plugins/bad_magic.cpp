// Something that only looks like a plugin.
extern "C" __attribute__((visibility("default"))) const void* mapquake_plugin() {
  static constexpr long long nonsense[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  return nonsense;
}
