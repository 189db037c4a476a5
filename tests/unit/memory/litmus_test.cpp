// The litmus suite: for each program exactly the outcomes that the model allows, in every interleaving. The names are
// those of the literature (Alglave, Maranget, Tautschnig, "Herding cats", TOPLAS 2014; Lahav et al., "Repairing
// sequential consistency in C/C++11", PLDI 2017), and the verdicts those of C++20 (P0668). litmus.hpp explains the
// text.
#include "tests/unit/memory/litmus.hpp"
#include "tests/unit/memory/axioms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace mapquake::memory {
namespace {

struct Litmus {
  const char* name;
  const char* program;
  const char* allowed;    ///< every one is observed, separated by commas
  const char* forbidden;  ///< none is ever observed
};

const char* const all_two_bits = "00,01,10,11";

const Litmus litmus_tests[] = {
    // Message passing: is the data there when the flag is?
    {"MP_relaxed", "Wx1:rlx Wy1:rlx | Ry:rlx Rx:rlx", all_two_bits, ""},
    {"MP_release_acquire", "Wx1:rlx Wy1:rel | Ry:acq Rx:rlx", "00,01,11", "10"},
    {"MP_release_relaxed", "Wx1:rlx Wy1:rel | Ry:rlx Rx:rlx", all_two_bits, ""},
    {"MP_relaxed_acquire", "Wx1:rlx Wy1:rlx | Ry:acq Rx:rlx", all_two_bits, ""},
    {"MP_seq_cst", "Wx1:sc Wy1:sc | Ry:sc Rx:sc", "00,01,11", "10"},
    {"MP_exchange", "Wx1:rlx Xy1:ar | Ry:acq Rx:rlx", "000,001,011", "010"},
    {"MP_read_by_fetch_add", "Wx1:rlx Wy1:rel | Ay0:acq Rx:rlx", "00,01,11", "10"},
    {"MP_plain_data", "Px1 Wy1:rel | Ry:acq Rx:rlx", "00,01,11", "10"},

    // Fences, each kind, and on the wrong side.
    {"MP_fence_release_fence_acquire", "Wx1:rlx F:rel Wy1:rlx | Ry:rlx F:acq Rx:rlx", "00,01,11", "10"},
    {"MP_fence_release_load_acquire", "Wx1:rlx F:rel Wy1:rlx | Ry:acq Rx:rlx", "00,01,11", "10"},
    {"MP_store_release_fence_acquire", "Wx1:rlx Wy1:rel | Ry:rlx F:acq Rx:rlx", "00,01,11", "10"},
    {"MP_fences_acq_rel", "Wx1:rlx F:ar Wy1:rlx | Ry:rlx F:ar Rx:rlx", "00,01,11", "10"},
    {"MP_fences_seq_cst", "Wx1:rlx F:sc Wy1:rlx | Ry:rlx F:sc Rx:rlx", "00,01,11", "10"},
    {"MP_only_fence_release", "Wx1:rlx F:rel Wy1:rlx | Ry:rlx Rx:rlx", all_two_bits, ""},
    {"MP_only_fence_acquire", "Wx1:rlx Wy1:rlx | Ry:rlx F:acq Rx:rlx", all_two_bits, ""},
    {"MP_fence_acquire_by_the_writer", "Wx1:rlx F:acq Wy1:rlx | Ry:rlx F:acq Rx:rlx", all_two_bits, ""},
    {"MP_fence_release_by_the_reader", "Wx1:rlx F:rel Wy1:rlx | Ry:rlx F:rel Rx:rlx", all_two_bits, ""},
    {"MP_fence_before_the_data", "F:rel Wx1:rlx Wy1:rlx | Ry:rlx F:acq Rx:rlx", all_two_bits, ""},
    {"MP_fence_before_the_flag_is_read", "Wx1:rlx F:rel Wy1:rlx | F:acq Ry:rlx Rx:rlx", all_two_bits, ""},

    // Store buffering.
    {"SB_relaxed", "Wx1:rlx Ry:rlx | Wy1:rlx Rx:rlx", all_two_bits, ""},
    {"SB_release_acquire", "Wx1:rel Ry:acq | Wy1:rel Rx:acq", all_two_bits, ""},
    {"SB_seq_cst", "Wx1:sc Ry:sc | Wy1:sc Rx:sc", "01,10,11", "00"},
    {"SB_fences_seq_cst", "Wx1:rlx F:sc Ry:rlx | Wy1:rlx F:sc Rx:rlx", "01,10,11", "00"},
    {"SB_fences_acq_rel", "Wx1:rlx F:ar Ry:rlx | Wy1:rlx F:ar Rx:rlx", all_two_bits, ""},
    {"SB_one_fence", "Wx1:rlx F:sc Ry:rlx | Wy1:rlx Rx:rlx", all_two_bits, ""},
    {"SB_fence_and_seq_cst_accesses", "Wx1:rlx F:sc Ry:rlx | Wy1:sc Rx:sc", "01,10,11", "00"},
    {"SB_only_stores_seq_cst", "Wx1:sc Ry:rlx | Wy1:sc Rx:rlx", all_two_bits, ""},
    {"SB_only_loads_seq_cst", "Wx1:rlx Ry:sc | Wy1:rlx Rx:sc", all_two_bits, ""},
    {"SB_exchange_is_no_fence", "Xx1:ar Ry:acq | Xy1:ar Rx:acq", "0000,0001,0100,0101", ""},
    {"SB_exchange_seq_cst", "Xx1:sc Ry:sc | Xy1:sc Rx:sc", "0001,0100,0101", "0000"},

    // Independent reads of independent writes; reads to write causality; write to read causality.
    {"IRIW_seq_cst", "Wx1:sc | Wy1:sc | Rx:sc Ry:sc | Ry:sc Rx:sc",
     "0000,0001,0010,0011,0100,0101,0110,0111,1000,1001,1011,1100,1101,1110,1111", "1010"},
    {"IRIW_acquire", "Wx1:rel | Wy1:rel | Rx:acq Ry:acq | Ry:acq Rx:acq",
     "0000,0001,0010,0011,0100,0101,0110,0111,1000,1001,1010,1011,1100,1101,1110,1111", ""},
    {"IRIW_relaxed", "Wx1:rlx | Wy1:rlx | Rx:rlx Ry:rlx | Ry:rlx Rx:rlx",
     "0000,0001,0010,0011,0100,0101,0110,0111,1000,1001,1010,1011,1100,1101,1110,1111", ""},
    {"IRIW_fences_seq_cst", "Wx1:rlx | Wy1:rlx | Rx:rlx F:sc Ry:rlx | Ry:rlx F:sc Rx:rlx",
     "0000,0001,0010,0011,0100,0101,0110,0111,1000,1001,1011,1100,1101,1110,1111", "1010"},
    {"IRIW_only_stores_seq_cst", "Wx1:sc | Wy1:sc | Rx:acq Ry:acq | Ry:acq Rx:acq",
     "0000,0001,0010,0011,0100,0101,0110,0111,1000,1001,1010,1011,1100,1101,1110,1111", ""},
    {"RWC_relaxed", "Wx1:rlx | Rx:rlx Ry:rlx | Wy1:rlx Rx:rlx", "000,001,010,011,100,101,110,111", ""},
    {"RWC_acquire", "Wx1:rel | Rx:acq Ry:acq | Wy1:rel Rx:acq", "000,001,010,011,100,101,110,111", ""},
    {"RWC_seq_cst", "Wx1:sc | Rx:sc Ry:sc | Wy1:sc Rx:sc", "000,001,010,011,101,110,111", "100"},
    {"RWC_fences_seq_cst", "Wx1:rlx | Rx:rlx F:sc Ry:rlx | Wy1:rlx F:sc Rx:rlx", "000,001,010,011,101,110,111", "100"},
    {"WRC_relaxed", "Wx1:rlx | Rx:rlx Wy1:rlx | Ry:rlx Rx:rlx", "000,001,010,011,100,101,110,111", ""},
    {"WRC_release_acquire", "Wx1:rlx | Rx:rlx Wy1:rel | Ry:acq Rx:rlx", "000,001,010,011,100,101,111", "110"},
    {"ISA2_release_acquire", "Wx1:rlx Wy1:rel | Ry:acq Wz1:rel | Rz:acq Rx:rlx", "000,001,010,011,100,101,111", "110"},
    {"ISA2_relaxed_in_between", "Wx1:rlx Wy1:rel | Ry:rlx Wz1:rel | Rz:acq Rx:rlx", "000,001,010,011,100,101,110,111",
     ""},

    // Load buffering. C++ allows 11 where all are relaxed; executing one instruction after the other cannot show it.
    {"LB_relaxed", "Rx:rlx Wy1:rlx | Ry:rlx Wx1:rlx", "00,01,10", ""},
    {"LB_release_acquire", "Rx:acq Wy1:rel | Ry:acq Wx1:rel", "00,01,10", "11"},

    // Writes to two places in opposite orders; what remains.
    {"2+2W_relaxed", "Wx1:rlx Wy2:rlx | Wy1:rlx Wx2:rlx ; x y", "11,12,21,22", ""},
    {"2+2W_release", "Wx1:rel Wy2:rel | Wy1:rel Wx2:rel ; x y", "11,12,21,22", ""},
    {"2+2W_seq_cst", "Wx1:sc Wy2:sc | Wy1:sc Wx2:sc ; x y", "12,21,22", "11"},
    {"2+2W_fences_seq_cst", "Wx1:rlx F:sc Wy2:rlx | Wy1:rlx F:sc Wx2:rlx ; x y", "12,21,22", "11"},
    {"2+2W_one_fence", "Wx1:rlx F:sc Wy2:rlx | Wy1:rlx Wx2:rlx ; x y", "11,12,21,22", ""},
    {"R_relaxed", "Wx1:rlx Wy1:rlx | Wy2:rlx Rx:rlx ; y", "0 1,0 2,1 1,1 2", ""},
    {"R_seq_cst", "Wx1:sc Wy1:sc | Wy2:sc Rx:sc ; y", "0 1,1 1,1 2", "0 2"},
    {"R_fences_seq_cst", "Wx1:rlx F:sc Wy1:rlx | Wy2:rlx F:sc Rx:rlx ; y", "0 1,1 1,1 2", "0 2"},
    {"S_relaxed", "Wx2:rlx Wy1:rlx | Ry:rlx Wx1:rlx ; x", "0 1,0 2,1 1,1 2", ""},
    {"S_release_acquire", "Wx2:rlx Wy1:rel | Ry:acq Wx1:rlx ; x", "0 1,0 2,1 1", "1 2"},

    // Coherence: one location behaves.
    {"CoRR", "Wx1:rlx Wx2:rlx | Rx:rlx Rx:rlx", "00,01,02,11,12,22", "10,20,21"},
    {"CoRR_two_readers", "Wx1:rlx | Wx2:rlx | Rx:rlx Rx:rlx | Rx:rlx Rx:rlx",
     "0000,0001,0002,0011,0012,0021,0022,0100,0101,0102,0111,0112,0121,0122,0200,0201,0202,0211,0212,0221,0222,"
     "1100,1101,1102,1111,1112,1121,1122,1200,1201,1202,1211,1212,1222,"
     "2100,2101,2102,2111,2121,2122,2200,2201,2202,2211,2212,2221,2222",
     "1221,2112"},
    {"CoRR_across_synchronisation", "Wx1:rlx | Rx:rlx Wy1:rel | Ry:acq Rx:rlx", "000,001,010,011,100,101,111", "110"},
    {"CoWW", "Wx1:rlx Wx2:rlx | Wx3:rlx ; x", "2,3", "1"},
    {"CoWW_across_synchronisation", "Wx1:rlx Wy1:rel | Ry:acq Wx2:rlx ; x", "0 1,0 2,1 2", "1 1"},
    {"CoWR", "Wx1:rlx Rx:rlx | Wx2:rlx ; x", "1 1,1 2,2 2", "0 1,0 2,2 1"},
    {"CoRW", "Rx:rlx Wx1:rlx | Wx2:rlx ; x", "0 1,0 2,2 1", "2 2"},
    {"CoRW_across_synchronisation", "Wx1:rlx | Rx:rlx Wy1:rel | Ry:acq Wx2:rlx ; x",
     "00 1,00 2,01 1,01 2,10 1,10 2,11 2,20 1,20 2", "11 1,21 1,21 2"},

    // Release sequences. By the same thread they are C++11's: C++20 allows 20 as well.
    {"RelSeq_by_fetch_add", "Wx1:rlx Wy1:rel | Ay1:rlx | Ry:acq Rx:rlx", "000,001,010,011,100,101,111,121", "120,110"},
    {"RelSeq_same_thread", "Wx1:rlx Wy1:rel Wy2:rlx | Ry:acq Rx:rlx", "00,01,11,21", "10,20"},
    {"RelSeq_broken_by_another_store", "Wx1:rlx Wy1:rel | Wy2:rlx | Ry:acq Rx:rlx", "00,01,11,20,21", "10"},
    {"RelSeq_headed_by_a_fence", "Wx1:rlx F:rel Wy1:rlx | Ay1:rlx | Ry:acq Rx:rlx", "000,001,010,011,100,101,111,121",
     "120,110"},

    // Read-modify-writes.
    {"RMW_two_fetch_adds", "Ax1:rlx | Ax1:rlx ; x", "01 2,10 2", "00 1,00 2"},
    {"RMW_nothing_in_between", "Ax1:rlx | Wx5:rlx ; x", "0 5,5 6", "0 1,0 6"},
    {"RMW_compare_exchange_once", "Cx01:ar | Cx02:ar ; x", "01 1,20 2", "00 1,00 2"},
    {"RMW_failing_compare_exchange", "Wx1:rlx Wx2:rlx | Cx95:ar", "0,1,2", "9"},
    {"RMW_failing_reads_what_differs", "Wx1:rlx | Cx15:rlx ; x", "0 1,1 5", "1 1"},
    {"RMW_failing_compare_exchange_acquires", "Wx1:rlx Wy1:rel | Cy75:acq Rx:rlx", "00,01,11", "10"},

    // Mixes of seq_cst and weaker accesses.
    {"SC_load_after_relaxed_store", "Wx1:rlx Wx2:sc | Rx:sc Rx:sc", "00,01,02,11,12,22", "10,20,21"},
    {"SC_store_then_relaxed_store", "Wx1:sc Wx2:rlx Ry:sc | Wy1:sc Rx:sc", "01,02,10,11,12", "00"},
    {"SC_fence_reads_what_earlier_fences_saw", "Wx1:rlx | Rx:rlx F:sc Wy1:rlx | Ry:rlx F:sc Rx:rlx",
     "000,001,010,011,100,101,111", "110"},
    {"SC_fence_of_another_thread", "Wx1:rlx F:sc Ry:rlx | Wy1:rlx F:sc Wz1:rel | Rz:acq Rx:rlx",
     "000,001,011,100,101,110,111", "010"},
};

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) words.insert(word);
  return words;
}

class LitmusTest : public testing::TestWithParam<Litmus> {};
class LitmusAxioms : public testing::TestWithParam<Litmus> {};

TEST_P(LitmusTest, ShowsExactlyWhatIsAllowed) {
  const LitmusResult result = run_litmus(parse_litmus(GetParam().program));
  EXPECT_EQ(result.outcomes, words_of(GetParam().allowed)) << GetParam().program;
  for (const std::string& outcome : words_of(GetParam().forbidden)) EXPECT_FALSE(result.outcomes.contains(outcome));
}

// The table is no invention of ours: the standard's axioms say the same.
TEST_P(LitmusAxioms, AgreeWithTheTable) {
  const LitmusProgram program = parse_litmus(GetParam().program);
  const std::set<std::string> allowed = allowed_by_axioms(program);
  for (const std::string& outcome : words_of(GetParam().allowed)) EXPECT_TRUE(allowed.contains(outcome)) << outcome;
  for (const std::string& outcome : words_of(GetParam().forbidden)) EXPECT_FALSE(allowed.contains(outcome)) << outcome;
}

std::string name_of_test(const testing::TestParamInfo<Litmus>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}

/// The axioms are those of programs of atomic accesses.
std::vector<Litmus> without_plain_writes() {
  std::vector<Litmus> all(std::begin(litmus_tests), std::end(litmus_tests));
  std::erase_if(all,
                [](const Litmus& one) { return std::string_view(one.program).find('P') != std::string_view::npos; });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Suite, LitmusTest, testing::ValuesIn(litmus_tests), name_of_test);
INSTANTIATE_TEST_SUITE_P(Suite, LitmusAxioms, testing::ValuesIn(without_plain_writes()), name_of_test);

}  // namespace
}  // namespace mapquake::memory
