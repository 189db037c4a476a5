# The commands of a developer. Everything is built with CMake and Ninja into build/; `make help` lists the targets.
BUILD  := build
JOBS   ?= $(shell nproc)
TIME   ?= 60s
SEEDS  ?= 20
INPUTS ?= 1500000
EXECUTIONS ?= 100000000
STORE  ?= out
PREFIX ?= /usr/local

# A terminal gets ninja's progress line, a log only what went wrong.
ninja = if [ -t 1 ]; then ninja -C $(BUILD) -j $(JOBS) $(1); else ninja --quiet -C $(BUILD) -j $(JOBS) $(1); fi

.DEFAULT_GOAL := help
.PHONY: help run fuzz test test-quick build package reproducible hostile-input reliability soak incidents cases bench bench-strategies seeds portability format lint install clean setup

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, then search every bundled map for failures (TIME=60s, STORE=out)
	@$(BUILD)/mapquake run --all --expected --time $(TIME) --store $(STORE)

fuzz: build ## go on with the campaign over every bundled map: known failures first (TIME=60s, STORE=out)
	@$(BUILD)/mapquake fuzz --all --expected --time $(TIME) --store $(STORE)

test: $(BUILD)/build.ninja ## build and run all tests; check format, layers, and lint of what changed
	@echo "building mapquake, the bundled maps and the tests"
	@$(call ninja,all)
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error --parallel $(JOBS)

test-quick: $(BUILD)/build.ninja ## for the edit loop: the unit tests, layers, documents and format; under a minute once built
	@$(call ninja,mapquake mapquake_unit_tests mapquake_quality_tests mapquake_test_plugins adapters/all)
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error --parallel $(JOBS) -R '^(unit.*|quality|format)$$'

build: $(BUILD)/build.ninja ## build build/mapquake and the bundled maps
	@echo "building mapquake and the bundled maps"
	@$(call ninja,mapquake adapters/all)

package: setup ## build the Debian packages into build-release/, the same bytes wherever this tree lies
	@JOBS=$(JOBS) tools/package.sh

reproducible: setup ## build the packages twice, in two directories and without ccache, and compare them (an hour)
	@JOBS=$(JOBS) tools/package.sh --twice

incidents: build ## reproduce the incidents I1-I29: broken maps fail as told, defences hold (STORE=out)
	@$(BUILD)/mapquake run --incident all --store $(STORE)

cases: build ## find the failures of broken maps anew and keep the smallest case of each (adapters/cases)
	@tools/cases.py --build $(BUILD) --time $(TIME)

bench: build ## build and run the benchmarks; figures also go to build/bench.json
	@$(call ninja,mapquake_bench)
	@$(BUILD)/tests/mapquake_bench --benchmark_out=$(BUILD)/bench.json --benchmark_out_format=json

bench-strategies: $(BUILD)/build.ninja ## median schedules to the first failure per strategy, as a table and build/strategies.json (SEEDS=20)
	@$(call ninja,mapquake adapters/all tests/plugins/kernels.so tests/plugins/deadlock01.so)
	@tools/strategies.py --build $(BUILD) --seeds $(SEEDS) --json $(BUILD)/strategies.json

seeds: build ## how surely each seeded defect is found: 20 seeds each, one table (SEEDS=20, TIME of each run)
	@tools/seeds.py --build $(BUILD) --seeds $(SEEDS) --time $(if $(filter command line,$(origin TIME)),$(TIME),2s)

portability: build ## whether the stored cases fail again under other compilers, levels, edits and renamings (an hour; goes on where it was ended)
	@tools/portability.py --build $(BUILD) --markdown docs/portability.md

format: setup ## rewrite the sources in the style of .clang-format
	@tools/format.sh

hostile-input: $(BUILD)/build.ninja ## files of every format, mutated INPUTS times each (default 1500000, 10^7 in all)
	@$(call ninja,mapquake_hostile_input)
	@$(BUILD)/tests/mapquake_hostile_input . $(INPUTS)

reliability: hostile-input ## kills, full disks, shards and hostile files in full: 1,000 random kills, 10^7 files (an hour or two)
	@$(call ninja,mapquake mapquake_reliability_tests tests/all)
	@MAPQUAKE_KILLS=1000 MAPQUAKE_SHARDS=8 MAPQUAKE_SHARD_KILLS=60 $(BUILD)/tests/mapquake_reliability_tests --gtest_brief=1

soak: $(BUILD)/build.ninja ## a hundred million executions in the same processes: neither memory nor descriptors may grow (an hour; EXECUTIONS)
	@$(call ninja,mapquake mapquake_reliability_tests adapters/rwlock_map.so)
	@MAPQUAKE_SOAK=$(EXECUTIONS) $(BUILD)/tests/mapquake_reliability_tests --gtest_brief=1 --gtest_filter='Soak.*'

lint: $(BUILD)/build.ninja ## run clang-tidy on all that changed since it was last clean
	@tools/lint.py --build $(BUILD) --jobs $(JOBS)

install: build ## install under PREFIX (default /usr/local); DESTDIR is obeyed
	@$(call ninja,mapquake_generated)
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean: ## remove build/
	@rm -rf $(BUILD)

setup: ## install what is missing from Debian
	@tools/setup.sh

$(BUILD)/build.ninja: CMakePresets.json | setup
	@echo "configuring"
	@mkdir -p $(BUILD)
	@cmake --preset default > $(BUILD)/configure.log 2>&1 || { cat $(BUILD)/configure.log; rm -f $@; exit 1; }
	@grep '^-- mapquake:' $(BUILD)/configure.log || true
	@touch $@
