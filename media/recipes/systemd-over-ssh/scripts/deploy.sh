#!/bin/sh
# Copies the release to the host, switches the link and restarts the service. With `nodes: each`, BACKSTOP_NODES is one host.
set -eu
host=$BACKSTOP_NODES
shop=${SHOP_FOLDER:-/srv/shop}
folder=$shop/releases/$BACKSTOP_RELEASE
ssh "$host" mkdir -p "$folder"
scp -q "artifacts/shop-$BACKSTOP_VERSION.tar.gz" "$host:$folder/shop.tar.gz"
scp -q "$BACKSTOP_CONFIG_DIR/config/shop.env" "$host:$folder/shop.env"
ssh "$host" "tar -xzf '$folder/shop.tar.gz' -C '$folder'"
ssh "$host" "printf '%s %s' '$BACKSTOP_VERSION' '$BACKSTOP_CONFIG_DIGEST' > '$folder/running'"
ssh "$host" "ln -sfn '$folder' '$shop/current' && sudo systemctl restart shop && systemctl is-active shop"
