// Random numbers for map code: the same sequence in every execution.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

std::uint64_t random_number();
void random_bytes(void* to, std::size_t size);

}  // namespace mapquake::runtime
