#!/bin/sh
# Sets image and configuration of each Deployment. Each configuration is a ConfigMap of its own, named by its digest, so
# that pods of both releases keep theirs, and a rollback of the configuration alone restarts the pods too.
set -eu
config=shop-$(printf %.12s "$BACKSTOP_CONFIG_DIGEST")
kubectl create configmap "$config" --from-file="$BACKSTOP_CONFIG_DIR/config" --dry-run=client -o yaml | kubectl apply -f -
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  kubectl patch deployment "$node" --patch "
spec:
  template:
    metadata:
      annotations: { backstop/version: '$BACKSTOP_VERSION', backstop/configuration: '$BACKSTOP_CONFIG_DIGEST' }
    spec:
      containers: [{ name: shop, image: 'registry.example.com/shop:$BACKSTOP_VERSION' }]
      volumes: [{ name: configuration, configMap: { name: '$config', optional: false } }]
"
done
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  kubectl rollout status "deployment/$node" --timeout=5m
done
