#!/bin/sh
# Copies the release to each host and restarts it, with what it runs beside it.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  scp -q "artifacts/shop-$BACKSTOP_VERSION.tar.gz" "$node:/srv/shop/shop.tar.gz"
  scp -q "$BACKSTOP_CONFIG_DIR/config/shop.json" "$node:/srv/shop/shop.json"
  ssh "$node" "printf '%s' '$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST' > /srv/shop/version && sudo systemctl restart shop"
done
