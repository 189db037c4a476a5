#!/usr/bin/env bash
# What the build needs, on Debian and what descends from it. A no-op where it is installed already.
set -euo pipefail
exec "$(dirname "$0")/../tools/setup.sh"
