// As gtest_main, but a test executable may also be started as a template or worker process of its own executors.
#include "harness/worker/template_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  mapquake::serve_if_child(argc, argv);
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
