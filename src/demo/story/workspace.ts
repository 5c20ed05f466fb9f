// Writes the demo workspace: a pipeline of seven stages for the storefront, its configuration and a word of
// explanation.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigurationContent } from '../fleet/configurationDigest.ts';
import { defaultNodes } from '../fleet/fleet.ts';
import type { DemoServers } from '../servers/demoServers.ts';

export interface WorkspaceSettings {
  readonly configuration: 'old' | 'new';
  /** The program and the bundle that run the hooks. */
  readonly nodePath: string;
  readonly demoPath: string;
  /**
   * For one person in an editor: the person who starts a run may approve it, and the editor's own program can run
   * hooks.
   */
  readonly forOnePerson?: boolean;
  /** The artifact is a Jenkins build, and Jenkins jobs deploy it. */
  readonly throughJenkins?: boolean;
}

export const goodVersion = '2.13.2';
export const newVersion = '2.14.0';
export const changeNumber = 'CHG-4711';
export const credentialNames = { newRelic: 'new-relic', sumoLogic: 'sumo-logic', jenkins: 'jenkins' } as const;
export const pipelinePath = '.backstop/pipelines/storefront.yaml';
const configurationPath = 'config/storefront.json';
const variables = { STOREFRONT_PROFILE: 'autumn' };

export function writeDemoWorkspace(folder: string, servers: DemoServers, settings: WorkspaceSettings): void {
  mkdirSync(join(folder, '.backstop', 'pipelines'), { recursive: true });
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, pipelinePath), writePipeline(servers, settings));
  writeFileSync(join(folder, 'README.md'), readme);
  changeConfiguration(folder, settings.configuration);
}

/** Does what a developer does before the release: changes the run-time configuration. */
export function changeConfiguration(folder: string, configuration: 'old' | 'new'): void {
  writeFileSync(join(folder, configurationPath), configurationText(configuration));
}

/** The release's configuration as the pipeline below names it. */
export function configurationContent(configuration: 'old' | 'new'): ConfigurationContent {
  return { files: { [configurationPath]: configurationText(configuration) }, variables };
}

function configurationText(configuration: 'old' | 'new'): string {
  const fresh = configuration === 'new';
  return `${JSON.stringify(
    {
      checkout: { maximumItems: 60, guestCheckout: true, confirmation: fresh ? 'summary-v2' : 'summary' },
      inventory: { reservation: fresh ? 'zoned' : 'central', holdMinutes: 15 },
      pricing: { rounding: 'half-even', currencies: ['EUR', 'SEK', 'GBP', 'USD', 'PLN', 'CHF'] },
      cache: { format: fresh ? 3 : 2, ttlSeconds: 300 },
      payment: { providers: ['klarna', 'adyen', 'paypal', 'stripe'], timeoutMs: 5000 },
    },
    null,
    2,
  )}\n`;
}

function nodesOf(environment: string): string {
  return `[${defaultNodes
    .filter(node => node.environment === environment)
    .map(node => node.name)
    .join(', ')}]`;
}

/** JSON strings are YAML strings, so paths with blanks or backslashes stay intact. */
function writePipeline(servers: DemoServers, settings: WorkspaceSettings): string {
  return [
    headText(servers, settings),
    connectionsText(servers, settings),
    environmentsText(),
    hooksText(servers, settings),
    healthSourcesText,
    stagesText(settings),
  ].join('');
}

function headText({ jenkins }: DemoServers, { throughJenkins = false }: WorkspaceSettings): string {
  const artifactSource = throughJenkins
    ? flowMap({
        connection: 'ci',
        job: jenkins.job,
        version: 'displayName',
        file: `target/${jenkins.job}-*.txt`,
        watch: 'off',
      })
    : "{ pattern: '\\d+\\.\\d+\\.\\d+' }";
  return `# The storefront's way to production: lower environments, an approval,
# then canary phases that are compared with what still runs.
version: 1
name: storefront
service: storefront
id: backstop-demo
description: Deploys the storefront's artifact together with its run-time configuration.

artifact:
  ${throughJenkins ? 'jenkins' : 'version'}: ${artifactSource}

inputs:
  change:
    description: Number of the change request
    type: string
    pattern: 'CHG-\\d{4,8}'

configuration:
  files: [${configurationPath}]
  variables: { STOREFRONT_PROFILE: ${variables.STOREFRONT_PROFILE} }

`;
}

function connectionsText(
  { newRelic, sumoLogic, jenkins }: DemoServers,
  { throughJenkins = false }: WorkspaceSettings,
): string {
  const newRelicConnection = flowMap({
    account: newRelic.accountId,
    credential: credentialNames.newRelic,
    url: JSON.stringify(`${newRelic.url}/graphql`),
    entity: JSON.stringify(newRelic.entityGuid),
  });
  return `connections:
  new-relic:
    newRelic: ${newRelicConnection}
  sumo-logic:
    sumoLogic: { url: ${JSON.stringify(sumoLogic.endpoint)}, credential: ${credentialNames.sumoLogic} }${
      throughJenkins
        ? `
  ci:
    jenkins: { url: ${JSON.stringify(jenkins.url)}, credential: ${credentialNames.jenkins} }`
        : ''
    }

`;
}

function environmentsText(): string {
  return `environments:
  dev: { nodes: ${nodesOf('dev')} }
  test: { nodes: ${nodesOf('test')} }
  edu: { nodes: ${nodesOf('edu')} }
  sandbox: { nodes: ${nodesOf('sandbox')} }
  staging: { nodes: ${nodesOf('staging')} }
  production:
    nodes: ${nodesOf('production')}
    whenBusy: refuse

`;
}

function hooksText(
  { fleet }: DemoServers,
  { nodePath, demoPath, forOnePerson = false, throughJenkins = false }: WorkspaceSettings,
): string {
  const hook = (action: string): string =>
    throughJenkins
      ? jenkinsHook(action === 'check' ? 'check' : 'deploy')
      : `
    command: [${[nodePath, demoPath, 'hook', action].map(word => JSON.stringify(word)).join(', ')}]
    variables: { DEMO_FLEET_URL: ${JSON.stringify(fleet.url)}${forOnePerson ? ", ELECTRON_RUN_AS_NODE: '1'" : ''} }
    timeout: 30s${action === 'rollback' ? repeated : ''}`;
  return `hooks:
  deploy:${hook('deploy')}
  roll-back:${hook('rollback')}
  runs-the-release:${hook('check')}

`;
}

const healthSourcesText = `healthSources:
  performance:
    newRelic:
      connection: new-relic
      node: host
      delay: 1s
      metrics:
        p95 latency: { select: 'percentile(duration, 95)', from: Transaction, where: "appName = 'storefront'", unit: s }
        requests:
          select: 'count(*)'
          from: Transaction
          where: "appName = 'storefront'"
          kind: count
          direction: decrease
          tolerance: 25%
        errors:
          select: 'count(*)'
          from: Transaction
          where: "appName = 'storefront' AND error IS TRUE"
          kind: count
          per: requests
          tolerance: 300%
        CPU: { select: 'average(cpuPercent)', from: SystemSample, unit: '%' }
  quality:
    sumoLogic:
      connection: sumo-logic
      query: _sourceCategory=prod/storefront
      delay: 500ms

`;

function deployStage(name: string): string {
  return [
    `- stage: ${name}`,
    `  environment: ${name.toLowerCase()}`,
    '  steps: [deploy]',
    '  check: runs-the-release',
    '  rollback: roll-back',
  ]
    .map(line => `      ${line}`)
    .join('\n');
}

function stagesText({ forOnePerson = false }: WorkspaceSettings): string {
  return `stages:
  - parallel:
${['Dev', 'Test'].map(deployStage).join('\n')}
  - parallel:
${['Edu', 'Sandbox', 'Staging'].map(deployStage).join('\n')}
  - stage: Approval
    approval:
      message: May this release of the storefront go to production?
${forOnePerson ? '' : '      by: [jonas, sara]\n      notTheStarter: true\n'}      timeout: 1h
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: roll-back
      check: runs-the-release
      phases:
        - { nodes: 20%, settle: 2s, verify: { duration: 12s } }
        - { nodes: 50%, settle: 1s }
        - { nodes: 100%, settle: 1s }
    verification:
      sources: [performance, quality]
      duration: 10s
      interval: 1s
      history: 5m
      missingData: hold
      holdFor: 5s
      proof: 5s
    onFailure: rollback
`;
}

const repeated = `
    retry: { attempts: 3, delay: 1s }`;

/** A YAML map in one line. */
function flowMap(entries: Readonly<Record<string, string | number>>): string {
  return `{ ${Object.entries(entries)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
}

function jenkinsHook(job: string): string {
  const given = {
    VERSION: 'VERSION',
    NODES: 'NODES',
    ENVIRONMENT: 'ENVIRONMENT',
    CONFIG_DIR: 'CONFIG_DIR',
    CONFIGURATION: 'CONFIG_DIGEST',
  };
  const parameters = Object.entries(given)
    .map(([name, variable]) => `${name}: '\${BACKSTOP_${variable}}'`)
    .join(', ');
  return `
    jenkins: { connection: ci, job: ${job}, parameters: { ${parameters} } }
    timeout: 5m${repeated}`;
}

const readme = `# Storefront demo

A shop on ten simulated nodes, with a local New Relic and a local Sumo Logic beside it. Nothing leaves this machine.

- \`${pipelinePath}\`: seven stages, from Dev to Production in canary phases of 20 %, 50 % and 100 %.
- \`${configurationPath}\`: the run-time configuration. It is part of each release
  and is rolled back together with the artifact.

Run the pipeline with version ${newVersion} and a change number such as CHG-4711.
It asks for an approval, by someone other than you,
before production. Version ${goodVersion} is what runs now.
`;
