#!/bin/sh
# The template of the Rollout is the release that it should be, and the Rollout is paused as a canary or healthy.
set -eu
runs=$(kubectl get rollout shop -o 'jsonpath={.spec.template.metadata.annotations.backstop}')
phase=$(kubectl get rollout shop -o 'jsonpath={.status.phase}')
[ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "shop runs $runs" >&2; exit 1; }
case "$phase $BACKSTOP_NODES" in
  Healthy*|'Paused canary') ;;
  *) echo "shop is $phase" >&2; exit 1 ;;
esac
