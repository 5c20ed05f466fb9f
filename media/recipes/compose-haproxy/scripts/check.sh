#!/bin/sh
# The label of the running container says what it runs.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  container=$(docker ps --quiet --filter "label=com.docker.compose.project=$node" --filter status=running | head -n 1)
  [ -n "$container" ] || { echo "$node does not run" >&2; exit 1; }
  runs=$(docker inspect --format '{{ index .Config.Labels "backstop.running" }}' "$container")
  [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
done
