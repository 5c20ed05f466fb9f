// Stub scripts: they explain what to fill in, suggest commands for the platform, and fail until they are filled in.
import type { Platform, StarterChoices, StarterFile } from '../../model/starter.ts';
import { areProcesses, processScripts } from './processScripts.ts';

export function stubScripts(choices: StarterChoices): readonly StarterFile[] {
  const { platform, metrics, ownScript } = choices;
  const several = metrics.length > 1 || (metrics[0] !== undefined && !metrics[0].includes('{node}'));
  const asked = several ? [fileOf('address.sh', addressScript(choices)), fileOf('metrics.sh', metricsScript)] : [];
  if (areProcesses(choices)) return [...processScripts(choices), ...asked];
  return [
    fileOf('deploy.sh', deployStub(ownScript === undefined ? suggestions[platform].deploy : [callOf(ownScript)])),
    fileOf('check.sh', checkStub(choices)),
    ...asked,
  ];
}

/** A script of the repository, as a script of Backstop calls it for the node `$node`. */
export function callOf(ownScript: string): string {
  return `./${ownScript} "$node" "$BACKSTOP_VERSION"`;
}

function fileOf(name: string, text: string): StarterFile {
  return { path: `scripts/${name}`, text, isExecutable: true };
}

function deployStub(suggested: readonly string[]): string {
  return `#!/bin/sh
# Brings a release to the nodes. A rollback calls this script with the old version and the old configuration.
#   BACKSTOP_VERSION        the version to deploy
#   BACKSTOP_NODES          the nodes to deploy to, separated by commas
#   BACKSTOP_CONFIG_DIR     a folder with the configuration files of the release
#   BACKSTOP_CONFIG_DIGEST  what tells one configuration from another; keep it on the node for check.sh
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
${comments(suggested)}  # The next two lines are the stub's: remove them.
  echo "scripts/deploy.sh is a stub: fill in how to deploy $BACKSTOP_VERSION to $node." >&2
  exit 1
done
`;
}

function comments(lines: readonly string[]): string {
  return lines.map(line => `  # ${line}\n`).join('');
}

function checkStub({ port, health, platform }: StarterChoices): string {
  return `#!/bin/sh
# Confirms that every node runs the version and the configuration that it should, and is well.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
${comments(suggestions[platform].check)}  # curl -fsS --max-time 5 "http://$node:${port}${health}"
  # runs=$(curl -fsS --max-time 5 "http://$node:${port}/version")
  # [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
  # The next two lines are the stub's: remove them.
  echo "scripts/check.sh is a stub: fill in how to find out what $node runs." >&2
  exit 1
done
`;
}

/** The addresses are in the order of the nodes; all further nodes have the last address. */
function addressScript({ nodes, metrics }: StarterChoices): string {
  const cases = nodes.map(
    (node, at) => `  ${shellText(node)}) echo ${shellText(metrics[Math.min(at, metrics.length - 1)]!)} ;;`,
  );
  return `#!/bin/sh
# Prints the address of the metrics of the node $1.
case "$1" in
${cases.join('\n')}
  *) echo "scripts/address.sh does not know the node $1." >&2; exit 1 ;;
esac
`;
}

const metricsScript = `#!/bin/sh
# Prints the metrics of the node $1.
set -eu
address=$(./scripts/address.sh "$1")
exec curl -fsS --max-time 5 "$address"
`;

function shellText(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

interface Suggestion {
  readonly deploy: readonly string[];
  readonly check: readonly string[];
}

const kubernetes: Suggestion = {
  deploy: [
    'kubectl set image "deployment/$node" "*=registry.example.com/image:$BACKSTOP_VERSION"',
    'kubectl annotate --overwrite "deployment/$node" "backstop=$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST"',
    'kubectl rollout status "deployment/$node" --timeout=5m',
  ],
  check: ['kubectl rollout status "deployment/$node" --timeout=30s'],
};
const script: Suggestion = { deploy: ['your-deploy "$node" "$BACKSTOP_VERSION"'], check: [] };
const suggestions: Readonly<Record<Platform, Suggestion>> = {
  argo: {
    deploy: [
      'kubectl argo rollouts set image "$node" "*=registry.example.com/image:$BACKSTOP_VERSION"',
      'kubectl argo rollouts promote "$node" --full',
    ],
    check: ['kubectl argo rollouts status "$node" --timeout 30s'],
  },
  flagger: kubernetes,
  helm: {
    deploy: ['helm upgrade --install "$node" CHART --set "image.tag=$BACKSTOP_VERSION" --wait --timeout 5m'],
    check: ['helm status "$node"'],
  },
  kubernetes,
  compose: {
    deploy: ['VERSION="$BACKSTOP_VERSION" docker compose --project-name "$node" up --detach --wait'],
    check: ['docker compose --project-name "$node" ps --status running'],
  },
  systemd: {
    deploy: ['ssh "$node" "install-release \'$BACKSTOP_VERSION\' && sudo systemctl restart SERVICE"'],
    check: ['ssh "$node" systemctl is-active SERVICE'],
  },
  jenkins: script,
  script,
};
