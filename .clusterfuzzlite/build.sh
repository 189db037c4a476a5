#!/usr/bin/env bash
# Called by ClusterFuzzLite and OSS-Fuzz with $SRC, $OUT and $LIB_FUZZING_ENGINE. Builds the map fuzzer, a plugin, and
# what goes with them; for each map one target: a script that says which map is meant. Mapquake is built with g++ here as
# everywhere: the map runs in a process of its own, and what the engine sees are counters (docs/fuzzing-engines.md).
#
# $MAP_PLUGIN: a plugin of yours with its map $MAP_NAME; otherwise bundled maps are taken. $BUILD: where to build.
set -euo pipefail

tree=${SRC:?}/mapquake
build=${BUILD:-${WORK:-/tmp}/mapquake-build}
plugins=(buggy_duplicate_insert:duplicate_insert rwlock_map:rwlock_map)

cmake -S "$tree" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo > "$build.log"
ninja -C "$build" mapquake mapquake_map_fuzzer
for each in "${plugins[@]}"; do ninja -C "$build" "adapters/${each#*:}.so"; done

mkdir -p "$OUT"
install "$build/tests/mapquake_map_fuzzer" "$OUT/mapquake_map_fuzzer.bin"

# add_target MAP PLUGIN
add_target() {
  local name=$1 plugin=$2 seeds
  install "$plugin" "$OUT/$(basename "$plugin")"
  cat > "$OUT/mapquake_$name" <<SCRIPT
#!/bin/sh
# LLVMFuzzerTestOneInput is in the executable that this starts.
here=\$(dirname "\$0")
MAPQUAKE_PLUGIN=\$here/$(basename "$plugin") MAPQUAKE_MAP=$name exec "\$here/mapquake_map_fuzzer.bin" "\$@"
SCRIPT
  chmod +x "$OUT/mapquake_$name"
  cp "$tree/tests/map_fuzzer/cases.dict" "$OUT/mapquake_$name.dict"
  seeds=$(mktemp -d)
  local cases=("$tree"/adapters/cases/"$name".toml)
  [ ! -e "${cases[0]}" ] || "$build/mapquake" corpus "${cases[@]}" --plugin "$plugin" --into "$seeds"
  printf '\0' > "$seeds/empty"
  python3 -m zipfile -c "$OUT/mapquake_${name}_seed_corpus.zip" "$seeds"/*
  rm -rf "$seeds"
}

if [ -n "${MAP_PLUGIN:-}" ]; then
  add_target "${MAP_NAME:?}" "$MAP_PLUGIN"
else
  for each in "${plugins[@]}"; do add_target "${each%:*}" "$build/adapters/${each#*:}.so"; done
fi
