# One night on one machine without a scheduler: SHARDS processes, each with a store of its own, then one store of all.
#   make -f deploy/campaign.mk -j8 SHARDS=8 TIME=8h MAPS='--plugin ./my_map.so'
# Over several machines with a directory that all see: each runs `make … shards` with its own FIRST and COUNT of the same
# SHARDS, and one of them `make … merged` at the end.
MAPQUAKE ?= mapquake
MAPS     ?= --all --expected
SHARDS   ?= $(shell nproc)
FIRST    ?= 1
COUNT    ?= $(SHARDS)
TIME     ?= 8h
DIR      ?= nightly

numbers := $(shell seq $(FIRST) $$(( $(FIRST) + $(COUNT) - 1 )))
all     := $(shell seq 1 $(SHARDS))

.PHONY: merged shards $(numbers:%=shard-%)

merged: shards
	$(MAPQUAKE) merge $(all:%=$(DIR)/shard-%) --into $(DIR)/merged
	$(MAPQUAKE) status $(DIR)/merged

shards: $(numbers:%=shard-%)

# 1 and 2 are results, not errors: a failure was found, or a cell had no turn.
$(numbers:%=shard-%): shard-%:
	@mkdir -p $(DIR)
	$(MAPQUAKE) fuzz $(MAPS) --store $(DIR)/shard-$* --time $(TIME) --jobs 1 --shard $*/$(SHARDS) || test $$? -le 2
