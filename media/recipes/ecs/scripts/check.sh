#!/bin/sh
# Each ECS service has one deployment, and its task definition is tagged with what it should run.
set -eu
cluster=${ECS_CLUSTER:-shop}
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  deployments=$(aws ecs describe-services --cluster "$cluster" --services "$node" \
    --query 'length(services[0].deployments)' --output text)
  arn=$(aws ecs describe-services --cluster "$cluster" --services "$node" \
    --query 'services[0].taskDefinition' --output text)
  runs=$(aws ecs describe-task-definition --task-definition "$arn" --include TAGS \
    --query "tags[?key=='backstop'].value | [0]" --output text)
  [ "$deployments $runs" = "1 $BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
done
