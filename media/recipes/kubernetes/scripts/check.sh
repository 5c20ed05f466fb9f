#!/bin/sh
# Compares what the template of each Deployment says with what it should run, and makes sure that every pod has that template.
set -eu
template='{.spec.template.metadata.annotations.backstop/version} {.spec.template.metadata.annotations.backstop/configuration}'
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  runs=$(kubectl get deployment "$node" -o "jsonpath=$template")
  [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
  kubectl rollout status "deployment/$node" --timeout=30s
done
