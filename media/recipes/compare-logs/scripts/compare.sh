#!/bin/sh
# Gives the canary ten minutes, then compares ten minutes of logs. One node has a third of the traffic of three.
set -eu
sleep 600
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
for node in web-2 web-3 web-4; do ssh "$node" journalctl -u shop -o cat --since -10min; done > "$logs/baseline.log"
ssh web-1 journalctl -u shop -o cat --since -10min > "$logs/canary.log"
$BACKSTOP verify --baseline-logs "$logs/baseline.log" --canary-logs "$logs/canary.log" --traffic-ratio 0.33
