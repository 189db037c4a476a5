// Stores for tests: small alphabets, so that they meet in their keys.
#pragma once

#include "harness/nightly/store_value.hpp"
#include "harness/store/text.hpp"

#include <rapidcheck.h>
#include <string>

namespace mapquake::nightly {

inline RunRecord run_of(const std::string& id, std::uint64_t executions, std::int64_t started_s = 1'000'000) {
  RunRecord run;
  run.id = id;
  run.version = "0.1.0";
  run.started_s = started_s;
  run.saved_s = started_s + 60;
  run.saves = 1;
  run.end = RunEnd::time;
  run.cells[{"map", "mixed"}].hazards["schedules"] = executions;
  run.builds["map"] = "0123456789abcdef";
  return run;
}

inline rc::Gen<DefectKey> any_key() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 2), rc::gen::inRange(0, 4)), [](const auto& numbers) {
    return DefectKey{"map" + std::to_string(numbers.first), hex16(static_cast<std::uint64_t>(numbers.second))};
  });
}

inline rc::Gen<StoredDefect> any_defect() {
  return rc::gen::exec([] {
    StoredDefect defect;
    for (std::uint64_t& number : defect.size) number = *rc::gen::inRange<std::uint64_t>(0, 2);
    defect.digest = *rc::gen::inRange<std::uint64_t>(0, 3);
    defect.scenario = *rc::gen::element<std::string>("mixed", "rehash");
    defect.outcome = *rc::gen::element(Outcome::data_race, Outcome::deadlock);
    defect.path = *rc::gen::element<std::string>("a/x.toml", "b/x.toml");
    return defect;
  });
}

inline rc::Gen<RunRecord> any_run() {
  return rc::gen::exec([] {
    RunRecord run = run_of(hex16(*rc::gen::inRange<std::uint64_t>(0, 4)), *rc::gen::inRange<std::uint64_t>(0, 5));
    run.saves = *rc::gen::inRange<std::uint64_t>(0, 3);
    run.end = static_cast<RunEnd>(*rc::gen::inRange(0u, run_end_count));
    run.cells[{"map1", "rehash"}].coverage = *rc::gen::inRange<std::uint64_t>(0, 3);
    run.cells[{"map1", "rehash"}].kept.assign(*rc::gen::inRange<std::size_t>(0, 3), "00ff");
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      run.seen[*any_key()] = {1, 2, *rc::gen::inRange<std::uint64_t>(1, 9)};
      run.replayed[*any_key()] = {static_cast<KnownState>(*rc::gen::inRange(0u, known_state_count)), 5};
    }
    return run;
  });
}

inline rc::Gen<StoreValue> any_store() {
  return rc::gen::exec([] {
    StoreValue store;
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) add(store, *any_key(), *any_defect());
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) add(store, *any_run());
    return store;
  });
}

}  // namespace mapquake::nightly
