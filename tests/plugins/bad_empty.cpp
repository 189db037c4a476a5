// Includes the adapter API and registers nothing.
#include <mapquake/adapter.hpp>
