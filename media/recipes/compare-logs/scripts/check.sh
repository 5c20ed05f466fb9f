#!/bin/sh
# The service of each node tells its version and its configuration.
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  runs=$(curl -fsS "http://$node:8080/version") || exit 1
  [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs"; exit 1; }
done
