#!/bin/sh
# Starts five servers, web-1 to web-5, at the ports 8081 to 8085, and sends them orders.
set -eu
first=${1:-8081}
port=$first
for node in web-1 web-2 web-3 web-4 web-5; do
  mkdir -p "logs/$node" "run/$node"
  node releases/1.8.0/shop.mjs --port "$port" >> "logs/$node/shop.log" 2>&1 &
  echo $! > "run/$node/pid"
  port=$((port + 1))
done
node traffic.mjs "$first" > run/traffic.log 2>&1 &
echo $! > run/traffic.pid
