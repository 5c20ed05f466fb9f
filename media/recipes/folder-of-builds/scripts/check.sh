#!/bin/sh
# What deploy.sh wrote last on the host, which it does once the service has been restarted.
set -eu
host=$BACKSTOP_NODES
runs=$(ssh "$host" cat /srv/shop/running)
[ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$host runs $runs" >&2; exit 1; }
