// Random numbers for map code: the same sequence in every execution, unless a choice says otherwise. `pc`: who asks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

std::uint64_t random_number(std::uint64_t pc);
void random_bytes(void* to, std::size_t size, std::uint64_t pc);

}  // namespace mapquake::runtime
