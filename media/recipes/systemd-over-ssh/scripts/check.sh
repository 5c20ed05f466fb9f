#!/bin/sh
# The link names the release, and the service is active.
set -eu
host=$BACKSTOP_NODES
shop=${SHOP_FOLDER:-/srv/shop}
runs=$(ssh "$host" cat "$shop/current/running")
[ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$host runs $runs" >&2; exit 1; }
ssh "$host" systemctl is-active shop
