#!/bin/sh
# Brings the build and the configuration to the host and restarts it. With `nodes: each`, BACKSTOP_NODES is one host.
set -eu
host=$BACKSTOP_NODES
scp -q "${SHOP_BUILDS:-builds}/shop-$BACKSTOP_VERSION.tar.gz" "$host:/srv/shop/shop.tar.gz"
scp -q "$BACKSTOP_CONFIG_DIR/config/shop.json" "$host:/srv/shop/shop.json"
ssh "$host" "tar -xzf /srv/shop/shop.tar.gz -C /srv/shop && sudo systemctl restart shop"
ssh "$host" "printf '%s' '$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST' > /srv/shop/running"
