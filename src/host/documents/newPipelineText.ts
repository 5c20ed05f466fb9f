// The pipeline file that New Pipeline writes: valid as it is, and small enough to read completely.

export function newPipelineText(service: string): string {
  return `# How ${service} gets to production. Complete it with what your editor offers:
# hover, completion and quick fixes know every key.
version: 1
name: ${service}
service: ${service}

artifact:
  version: {}

environments:
  staging: { nodes: [staging-01] }
  production: { nodes: [prod-01, prod-02, prod-03, prod-04, prod-05] }

hooks:
  # Your own programs. They are told what to do in BACKSTOP_ variables, such as BACKSTOP_VERSION and BACKSTOP_NODES.
  deploy:
    command: [./deploy.sh, '\${BACKSTOP_VERSION}']
  roll-back:
    command: [./deploy.sh, '\${BACKSTOP_VERSION}']

stages:
  - stage: Staging
    environment: staging
    steps: [deploy]
    rollback: roll-back
  - stage: Approval
    approval:
      message: May this release go to production?
  - stage: Production
    environment: production
    steps: [deploy]
    rollback: roll-back
`;
}
