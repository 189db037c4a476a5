/* An assertion for programs under test, in C and C++. Plain assert() works as well and ends with the outcome "abort";
   this one ends with "invariant broken" and does not mind NDEBUG. */
#pragma once

#ifdef __cplusplus
extern "C"
#endif
    __attribute__((visibility("hidden"))) void
    mapquake_check_failed(const char* condition, const char* file, int line);

#define MAPQUAKE_CHECK(condition) ((condition) ? (void)0 : mapquake_check_failed(#condition, __FILE__, __LINE__))
