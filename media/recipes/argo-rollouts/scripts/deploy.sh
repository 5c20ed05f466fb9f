#!/bin/sh
# The canary: sets image and configuration and waits for the pause of the first step. The stable side: promotes.
# A rollback aborts first, so that the stable pods get all traffic at once, and then sets what ran before.
set -eu
running="$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST"
set_release() {
  config=shop-$(printf %.12s "$BACKSTOP_CONFIG_DIGEST")
  kubectl create configmap "$config" --from-file="$BACKSTOP_CONFIG_DIR/config" --dry-run=client -o yaml | kubectl apply -f -
  # A merge patch replaces the lists of a Rollout as a whole; a JSON patch changes single values.
  kubectl patch rollout shop --type json --patch "[
    { \"op\": \"add\", \"path\": \"/spec/template/metadata/annotations\", \"value\": { \"backstop\": \"$running\" } },
    { \"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/image\", \"value\": \"registry.example.com/shop:$BACKSTOP_VERSION\" },
    { \"op\": \"replace\", \"path\": \"/spec/template/spec/volumes/0/configMap\", \"value\": { \"name\": \"$config\" } }
  ]"
}
# The first release of a Rollout, and one that it runs already, have no pause: then it is healthy.
wait_for_pause() {
  while :; do
    # shellcheck disable=SC2046 # Three words.
    set -- $(kubectl get rollout shop -o 'jsonpath={.metadata.generation} {.status.observedGeneration} {.status.phase}')
    [ "$1" != "$2" ] || case "$3" in
      Paused | Healthy) return 0 ;;
      Degraded) echo 'shop is degraded' >&2; return 1 ;;
    esac
    sleep 2
  done
}
if [ "$BACKSTOP_PURPOSE" = rollback ]; then
  kubectl argo rollouts abort shop
  set_release
  kubectl argo rollouts promote shop --full
  kubectl argo rollouts status shop --timeout 15m
  exit 0
fi
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  case "$node" in
    canary)
      set_release
      wait_for_pause
      ;;
    stable)
      kubectl argo rollouts promote shop --full
      kubectl argo rollouts status shop --timeout 15m
      ;;
  esac
done
