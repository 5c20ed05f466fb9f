#!/bin/sh
# The service of each node tells its version and its configuration.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  runs=$(curl -fsS --max-time 5 "http://$node:8080/version")
  [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
done
