#!/bin/sh
# The newest revision of each Helm release was deployed, and is the one that it should be.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  history=$(helm history "$node" --max 1 --output yaml)
  status=$(echo "$history" | sed -n 's/^ *-* *status: //p')
  runs=$(echo "$history" | sed -n 's/^ *-* *description: //p')
  [ "$status $runs" = "deployed $BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node: $status $runs" >&2; exit 1; }
done
