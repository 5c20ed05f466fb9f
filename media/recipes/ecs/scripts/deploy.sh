#!/bin/sh
# Registers a task definition with the image and the configuration, and gives it to the ECS service of each node.
set -eu
cluster=${ECS_CLUSTER:-shop}
# The configuration travels in one environment variable, in base64; it may have 8 kB there.
configuration=$(base64 < "$BACKSTOP_CONFIG_DIR/config/shop.json" | tr -d '\n')
definition=$(sed -e "s|@VERSION@|$BACKSTOP_VERSION|g" -e "s|@DIGEST@|$BACKSTOP_CONFIG_DIGEST|g" \
  -e "s|@CONFIGURATION@|$configuration|g" task-definition.json)
arn=$(aws ecs register-task-definition --cli-input-json "$definition" \
  --query taskDefinition.taskDefinitionArn --output text)
nodes=$(echo "$BACKSTOP_NODES" | tr , ' ')
for node in $nodes; do
  aws ecs update-service --cluster "$cluster" --service "$node" --task-definition "$arn" --query service.status --output text
done
# shellcheck disable=SC2086 # Each node is an argument.
aws ecs wait services-stable --cluster "$cluster" --services $nodes
