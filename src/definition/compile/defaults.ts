// The defaults of a pipeline file. The JSON Schema shows them in the editor.

export const defaults = {
  hook: {
    timeout: '10m',
    directory: '.',
    nodes: 'together',
    method: 'POST',
    expectStatus: [200, 201, 202, 204],
  },
  retry: { attempts: 1, delay: '5s', factor: 2, maxDelay: '1m' },
  whenBusy: 'queue',
  stage: { timeout: '30m', canaryTimeout: '12h' },
  askFor: '15m',
  approval: { minimum: 1, notTheStarter: false, comment: 'optional', timeout: '24h', onTimeout: 'reject' },
  phaseApproval: { timeout: '4h', onTimeout: 'rollback' },
  canary: { settle: '0s', watch: '0s' },
  unattended: { after: '30m', do: 'rollback' },
  verification: {
    duration: '10m',
    interval: '15s',
    sensitivity: 'medium',
    history: '30m',
    missingData: 'hold',
    holdFor: '30m',
    proof: '1m',
    baseline: 'auto',
  },
} as const;
