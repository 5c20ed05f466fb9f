// Writes the workspace of the in-host suite: pipelines whose hooks are one script, which records each of its starts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `jenkins`: the address of a Jenkins with a watched job; absent: no job is watched. */
export function writeSuiteWorkspace(folder: string, node: string, jenkins?: string): void {
  mkdirSync(join(folder, '.backstop', 'pipelines'), { recursive: true });
  writeFileSync(join(folder, 'hook.mjs'), hookScript);
  for (const [name, text] of Object.entries({
    tiny: tinyPipeline,
    patient: patientPipeline,
    strict: strictPipeline,
    canary: canaryPipeline,
    ...(jenkins !== undefined && { watched: watchedPipeline(jenkins) }),
  })) {
    writeFileSync(join(folder, '.backstop', 'pipelines', `${name}.yaml`), text(node));
  }
}

const common = (
  name: string,
  node: string,
  artifact = "version: { pattern: '\\d+\\.\\d+\\.\\d+' }",
): string => `version: 1
name: ${name}
service: ${name}
artifact:
  ${artifact}
environments:
  ${name}-test: { nodes: [${name}-1, ${name}-2] }
hooks:
  work:
    command: [${JSON.stringify(node)}, hook.mjs, work]
    timeout: 30s
  wait:
    command: [${JSON.stringify(node)}, hook.mjs, wait]
    timeout: 60s
`;

const tinyPipeline = (node: string): string => `${common('tiny', node)}stages:
  - stage: Build
    environment: tiny-test
    steps: [work]
  - stage: Approval
    approval: { message: May it go on?, timeout: 10m }
  - stage: Finish
    environment: tiny-test
    steps: [work]
`;

const patientPipeline = (node: string): string => `${common('patient', node)}stages:
  - stage: Wait
    environment: patient-test
    steps: [wait]
`;

const strictPipeline = (node: string): string => `${common('strict', node)}stages:
  - stage: Approval
    approval: { message: May it go on?, by: [jonas, maria, sara], notTheStarter: true, timeout: 10m }
  - stage: Finish
    environment: strict-test
    steps: [work]
`;

/** The builds of its job are offered. */
const watchedPipeline =
  (jenkins: string) =>
  (
    node: string,
  ): string => `${common('watched', node, 'jenkins: { connection: ci, job: shop, version: displayName }')}connections:
  ci: { jenkins: { url: ${JSON.stringify(jenkins)}, credential: watched-jenkins } }
stages:
  - stage: Build
    environment: watched-test
    steps: [work]
`;

/** Its logs are on a server that does not answer: the canary is put on hold, and a person decides. */
const canaryPipeline = (node: string): string => `${common('canary', node)}connections:
  logs: { sumoLogic: { url: 'http://127.0.0.1:9/api', credential: canary-logs } }
healthSources:
  quality: { sumoLogic: { connection: logs, query: _sourceCategory=canary, delay: 1s } }
stages:
  - stage: Production
    environment: canary-test
    canary:
      deploy: work
      rollback: work
      phases: [{ nodes: 1, settle: 1s }, { nodes: 100%, settle: 1s, verify: false }]
    verification: { sources: [quality], duration: 10s, interval: 1s, history: 1m, holdFor: 5m, proof: 5s }
`;

const hookScript = `// Notes that it was started, and waits if it is told to until it is ended.
import { appendFileSync } from 'node:fs';
const action = process.argv[2];
appendFileSync('hook-starts.txt', \`\${process.env.BACKSTOP_RUN} \${process.env.BACKSTOP_STAGE} \${action}\\n\`);
console.log(\`\${action} \${process.env.BACKSTOP_VERSION} on \${process.env.BACKSTOP_NODES}\`);
if (action === 'wait') setTimeout(() => {}, 50_000);
`;
