#!/bin/sh
# Upgrades the Helm release of each node and waits until its pods are ready. The description says what it runs.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  helm upgrade --install "$node" ./chart --wait --timeout 5m \
    --set-string "image.tag=$BACKSTOP_VERSION" --set-file "configuration=$BACKSTOP_CONFIG_DIR/config/shop.json" \
    --description "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST"
done
