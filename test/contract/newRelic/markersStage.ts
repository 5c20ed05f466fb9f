// The stage of the marker tests: a service of one account, with hosts, some of which share a name.
import type { TestContext } from 'node:test';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import type { EntityName } from '../../../src/vendors/newRelic/options.ts';
import type { Marker } from '../../../src/model/ports.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

export const entity = Buffer.from('7|APM|APPLICATION|42').toString('base64').replace(/=+$/, '');

export async function setMarkerStage(
  context: TestContext,
  transport: Transport,
  named: string | EntityName = entity,
  otherAccounts: readonly number[] = [],
): Promise<{ readonly vendors: Vendors; readonly marker: Marker }> {
  const vendors = await startVendor(
    context,
    'newRelic',
    transport,
    parts =>
      createNewRelicServer({
        ...parts,
        accountId: 7,
        apiKey: 'NRAK-CONTRACTTESTKEY',
        entityGuid: entity,
        hosts: ['prod-1', 'storefront', 'prod-2', 'prod-2', 'prod-3'],
        entityPageSize: 1,
        otherAccounts,
      }).handle,
  );
  const connection = {
    vendor: 'newRelic',
    url: vendors.url,
    credential: 'nr',
    marks: true,
    options: { account: 7, entity: named },
  } as const;
  return {
    vendors,
    marker: {
      connection,
      version: '2.14.0',
      purpose: 'canary',
      description: 'Canary phase 1',
      by: 'Ada',
      runId: 'run-1',
      atMs: vendors.clock.now(),
    },
  };
}

export function placedOn({ telemetry, clock }: Vendors) {
  return telemetry.events('Deployment', clock.now() - 60_000, clock.now() + 60_000).map(event => event.attributes);
}
