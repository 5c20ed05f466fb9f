#!/bin/sh
# For each node: takes its weight, so that new requests go to the other one, recreates its container, and gives the
# weight back. SHARE is the weight of a new release, from 1 to 256, where 100 is as much as the other.
set -eu
haproxy() {
  echo "$1" | curl -sS --max-time 5 "telnet://${HAPROXY_ADMIN:-127.0.0.1:9999}"
}
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  case "$node" in
    shop-blue) port=${BLUE_PORT:-8081} ;;
    *) port=${GREEN_PORT:-8082} ;;
  esac
  cp "$BACKSTOP_CONFIG_DIR/config/shop.env" "$node.env"
  haproxy "set server shop/$node weight 0"
  PORT=$port VERSION=$BACKSTOP_VERSION CONFIG=$node.env RUNNING="$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" \
    docker compose --project-name "$node" up --detach --wait
  until haproxy 'show servers state shop' | awk -v node="$node" '$4 == node && $6 == 2 { up = 1 } END { exit !up }'; do
    sleep 0.5
  done
  haproxy "set server shop/$node weight ${SHARE:-100}"
done
