#!/bin/sh
# Stops what start.sh started, and what was deployed since.
for pid in run/*/pid run/traffic.pid; do kill "$(cat "$pid")"; done
