// Scripts for nodes that are processes on this machine, complete except for the command that starts the program.
import type { StarterChoices, StarterFile } from '../../model/starter.ts';

/** True if every node has an address on this machine, and no platform was found that starts the nodes. */
export function areProcesses({ platform, metrics }: StarterChoices): boolean {
  return (
    platform === 'script' &&
    metrics.length > 0 &&
    metrics.every(address => /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/.test(address)) &&
    (metrics.length > 1 || metrics[0]!.includes('{node}'))
  );
}

export function processScripts(choices: StarterChoices): readonly StarterFile[] {
  return [
    { path: 'scripts/deploy.sh', text: deployText(choices), isExecutable: true },
    { path: 'scripts/check.sh', text: checkText(choices), isExecutable: true },
  ];
}

/** The address of the node `$node`, in a script. */
function addressText({ metrics }: StarterChoices): string {
  return metrics.length > 1 ? '$(./scripts/address.sh "$node")' : `"${metrics[0]!.replaceAll('{node}', '$node')}"`;
}

/** The log file that the health source reads, if its pattern is simple enough; otherwise the usual one. */
function logText({ logs = '', service }: StarterChoices): string {
  const file = /^[\w./{}-]*\*?[\w.-]*$/.test(logs) && logs.includes('{node}') ? logs : 'logs/{node}/*.log';
  return file.replaceAll('{node}', '$node').replace('*', service);
}

function deployText(choices: StarterChoices): string {
  const { service, configuration, ownScript } = choices;
  const log = logText(choices);
  const file = configuration[0] === undefined ? '' : ` --config "run/$node/${configuration[0]}"`;
  return `#!/bin/sh
# Deploys a release to the nodes, which are processes on this machine. A rollback calls this script with the old version
# and the old configuration.
#   BACKSTOP_VERSION        the version to deploy
#   BACKSTOP_NODES          the nodes to deploy to, separated by commas
#   BACKSTOP_CONFIG_DIR     a folder with the configuration files of the release
#   BACKSTOP_CONFIG_DIGEST  what tells one configuration from another
# For each node, run/NODE has its process id (pid), what it runs (release) and its configuration.
set -eu

# Fill in how version $BACKSTOP_VERSION starts as $node on $port, and remove the two lines below. For instance:
#   exec "./releases/$BACKSTOP_VERSION/${service}" --port "$port"${file}
${ownScriptText(ownScript)}start() {
  exit 1
}
echo "scripts/deploy.sh is a stub: fill in how $BACKSTOP_VERSION starts." >&2
exit 1

for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  address=${addressText(choices)}
  port=\${address##*:}
  port=\${port%%/*}
  mkdir -p "run/$node" "${log.slice(0, Math.max(0, log.lastIndexOf('/'))) || '.'}"
  [ -f "run/$node/pid" ] || { echo "run/$node/pid is missing: write the process id of $node into it." >&2; exit 1; }
  kill "$(cat "run/$node/pid")" || true
  while curl -fs -o /dev/null --max-time 5 "$address"; do sleep 0.2; done
  cp -R "$BACKSTOP_CONFIG_DIR/." "run/$node"
  printf '%s %s' "$BACKSTOP_VERSION" "$BACKSTOP_CONFIG_DIGEST" > "run/$node/release"
  start >> "${log}" 2>&1 &
  echo $! > "run/$node/pid"
  until curl -fs -o /dev/null --max-time 5 "$address"; do
    kill -0 "$(cat "run/$node/pid")" || { echo "$node ended; see ${log}" >&2; exit 1; }
    sleep 0.2
  done
done
`;
}

function ownScriptText(ownScript: string | undefined): string {
  return ownScript === undefined
    ? ''
    : `# If ${ownScript} deploys to a node, remove everything below instead, and write:
#   for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
#     mkdir -p "run/$node" && cp -R "$BACKSTOP_CONFIG_DIR/." "run/$node"
#     ./${ownScript} "$node" "$BACKSTOP_VERSION"
#     printf '%s %s' "$BACKSTOP_VERSION" "$BACKSTOP_CONFIG_DIGEST" > "run/$node/release"
#   done
`;
}

function checkText(choices: StarterChoices): string {
  return `#!/bin/sh
# Confirms that every node answers, and was started with the version and the configuration that it should run. A service
# that tells its own version is better asked for it.
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  address=${addressText(choices)}
  curl -fsS -o /dev/null --max-time 5 "$address"
  [ ! -f "run/$node/pid" ] || kill -0 "$(cat "run/$node/pid")"
  [ -f "run/$node/release" ] || { echo "run/$node/release is missing: deploy.sh did not deploy $node" >&2; exit 1; }
  runs=$(cat "run/$node/release")
  [ "$runs" = "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" ] || { echo "$node runs $runs" >&2; exit 1; }
done
`;
}
