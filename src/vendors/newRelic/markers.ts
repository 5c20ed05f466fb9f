// Puts deployment markers on a New Relic entity, by the current mutation, or by the older one where the account's API
// has only that.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Marker, Markers } from '../../model/ports.ts';
import { withRetry } from '../transport/httpRetry.ts';
import { sayWhetherPlaced, titleOfMarker } from '../transport/markerText.ts';
import { member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { askNerdGraph, nerdGraphUrl } from './nerdGraph.ts';
import type { NerdGraphAnswer } from './nerdGraph.ts';
import type { NewRelicConnection } from './options.ts';
import { checkGuid, findEntity } from './entities.ts';
import { createVendorClock } from '../transport/vendorClock.ts';

type NewRelicMarker = Marker & { readonly connection: NewRelicConnection };

type Mutation = 'event' | 'deployment';

export const createEventDocument = `mutation($event: ChangeTrackingCreateEventInput!) {
  changeTrackingCreateEvent(changeTrackingEvent: $event) { changeTrackingEvent { changeTrackingId } messages } }`;
export const createDeploymentDocument = `mutation($deployment: ChangeTrackingDeploymentInput!) {
  changeTrackingCreateDeployment(deployment: $deployment) { deploymentId } }`;

const withinMs = 20_000;

/**
 * A marker is never sent twice on a doubt: where it is not known whether it arrived, that is the failure. Its time is
 * by New Relic's clock, as far as an earlier answer has shown that, so that it stands where the metrics change.
 */
export function createNewRelicMarkers(outside: Outside): Markers {
  const vendorClock = createVendorClock(outside.clock),
    deps = { ...outside, http: vendorClock.watch(outside.http) };
  const known = new Map<string, Mutation>(),
    entityOf = createEntityFinder(deps);

  async function send(
    mutation: Mutation,
    asked: NewRelicMarker,
    entity: string,
    signal: AbortSignal,
  ): Promise<Result<{ id: string }>> {
    const marker = { ...asked, atMs: asked.atMs + vendorClock.aheadMs() };
    const deadlineMs = deps.clock.now() + withinMs;
    const variables =
      mutation === 'event' ? { event: writeEvent(marker, entity) } : { deployment: writeDeployment(marker, entity) };
    const answer = await withRetry(deps.clock, { deadlineMs, signal }, () =>
      askNerdGraph(
        deps,
        {
          connection: marker.connection,
          document: mutation === 'event' ? createEventDocument : createDeploymentDocument,
          variables,
          what: `New Relic, ${marker.purpose} marker for ${marker.version}`,
          repeatable: false,
          deadlineMs,
          weight: 0,
        },
        signal,
      ),
    );
    return answer.ok ? idOf(mutation, answer.value) : { ok: false, failure: sayWhetherPlaced(answer.failure) };
  }

  return {
    async place(given, signal) {
      const marker = given as NewRelicMarker;
      const { connection } = marker;
      const entity = await entityOf(connection, signal);
      if (!entity.ok) return entity;
      const account = `${nerdGraphUrl(connection.url)} ${connection.options.account}`;
      const chosen = known.get(account) ?? 'event';
      const placed = await send(chosen, marker, entity.value, signal);
      if (placed.ok) known.set(account, chosen);
      if (placed.ok || chosen !== 'event' || !isMissingField(placed.failure)) return placed;
      known.set(account, 'deployment');
      return send('deployment', marker, entity.value, signal);
    },
    async check(connection, signal) {
      const named = connection as NewRelicConnection;
      if (typeof named.options.entity === 'string') return checkGuid(deps, named, named.options.entity, signal);
      const entity = await entityOf(named, signal);
      return entity.ok ? succeed(undefined) : entity;
    },
  };
}

/** Finds the entity that markers are put on; one that is given by name is looked up once. */
function createEntityFinder(
  deps: Parameters<typeof findEntity>[0],
): (connection: NewRelicConnection, signal: AbortSignal) => Promise<Result<string>> {
  const known = new Map<string, string>();
  return async (connection, signal) => {
    const { entity } = connection.options;
    if (entity === undefined)
      return fail('invalid', 'The New Relic connection names no entity to put a marker on.', {
        hint: 'Give the connection an `entity`: the name or the GUID of the service.',
      });
    if (typeof entity === 'string') return succeed(entity);
    const key = JSON.stringify([nerdGraphUrl(connection.url), connection.options.account, entity]);
    const guid = known.get(key);
    if (guid !== undefined) return succeed(guid);
    const found = await findEntity(deps, connection, entity, signal);
    if (found.ok) known.set(key, found.value);
    return found;
  };
}

/** Changed nothing there: the document did not fit the schema. */
function isMissingField(failure: Failure): boolean {
  return /cannot query field|unknown type|field .{0,80}(does not|doesn't) exist/i.test(failure.cause ?? '');
}

function writeEvent(marker: NewRelicMarker, entity: string): Record<string, unknown> {
  return {
    categoryAndTypeData: {
      kind: { category: 'Deployment', type: 'Canary' },
      categoryFields: { deployment: { version: marker.version, changelog: titleOfMarker(marker) } },
    },
    entitySearch: { query: searchFor(entity) },
    description: descriptionOf(marker),
    shortDescription: titleOfMarker(marker),
    groupId: marker.runId,
    timestamp: marker.atMs,
    user: marker.by,
  };
}

function writeDeployment(marker: NewRelicMarker, entity: string): Record<string, unknown> {
  return {
    version: marker.version,
    entityGuid: entity,
    deploymentType: 'CANARY',
    description: descriptionOf(marker),
    changelog: titleOfMarker(marker),
    groupId: marker.runId,
    timestamp: marker.atMs,
    user: marker.by,
  };
}

function descriptionOf(marker: Marker): string {
  return marker.purpose === 'rollback' && !/roll/i.test(marker.description)
    ? `Rollback: ${marker.description}`
    : marker.description;
}

/** The search must find exactly one entity. A GUID is base64 of `account|DOMAIN|TYPE|domainId`. */
function searchFor(entity: string): string {
  const parts = Buffer.from(entity, 'base64').toString('utf8').split('|');
  const readable = parts.length === 4 && parts.every(part => /^[\w.-]+$/.test(part));
  return readable ? `domainId = '${parts[3]}' AND domain = '${parts[1]}'` : `id = '${entity.replaceAll("'", '')}'`;
}

function idOf(mutation: Mutation, answer: NerdGraphAnswer): Result<{ id: string }> {
  const parsed = answer.parsed === undefined ? parseJson(answer.bytes, 'New Relic') : succeed(answer.parsed);
  if (!parsed.ok) return parsed;
  const data = member(parsed.value, 'data');
  const id =
    mutation === 'event'
      ? textMember(member(member(data, 'changeTrackingCreateEvent'), 'changeTrackingEvent'), 'changeTrackingId')
      : textMember(member(data, 'changeTrackingCreateDeployment'), 'deploymentId');
  return id ? succeed({ id }) : fail('bad-answer', 'New Relic answered the marker without an id.');
}
