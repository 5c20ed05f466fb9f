// Finds the entity that a pipeline names: exactly one of the account, or it is said why not.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import { quoteNrql } from './nrql/quoteNrql.ts';
import { withRetry } from '../transport/httpRetry.ts';
import { listMember, member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { askNerdGraph } from './nerdGraph.ts';
import type { EntityName, NewRelicConnection } from './options.ts';

export const findEntityDocument = `query($search: String!, $cursor: String) { actor { entitySearch(query: $search) {
  results(cursor: $cursor) { entities { guid name domain type accountId } nextCursor } } } }`;

const withinMs = 20_000;
const mostPages = 50;
const mostTold = 5;

interface Entity {
  readonly guid: string;
  readonly name: string;
  readonly domain: string;
  readonly type: string;
  readonly account?: number;
}

/**
 * The GUID. Fails as `not-found` or, where there are several, as `invalid`; as anything else where it could not be
 * asked.
 */
export async function findEntity(
  deps: Outside,
  connection: NewRelicConnection,
  wanted: EntityName,
  signal: AbortSignal,
): Promise<Result<string>> {
  const found = await search(deps, connection, wanted, `name = ${quoteNrql(wanted.name)}`, signal);
  if (!found.ok) return found;
  const fitting = found.value.filter(entity => entity.name === wanted.name && isOf(entity, wanted));
  const [only, second] = fitting;
  const what = `New Relic, entity "${wanted.name}"`;
  if (only && second) {
    return fail(
      'invalid',
      `${what}: account ${connection.options.account} has ${fitting.length} of that name: ` +
        `${fitting.slice(0, mostTold).map(describeEntity).join(', ')}.`,
      { hint: 'Give the `entity` of the connection a `type`, or write its GUID.' },
    );
  }
  if (only) return succeed(only.guid);
  const near = await search(deps, connection, {}, `name LIKE ${quoteNrql(wanted.name)}`, signal);
  const others = [...found.value, ...(near.ok ? near.value : [])].slice(0, mostTold);
  return fail(
    'not-found',
    `${what}: account ${connection.options.account} has no ` +
      `${wanted.type === undefined ? 'entity' : `${wanted.domain}-${wanted.type}`} of that name.`,
    {
      hint: others.length > 0 ? `It has: ${others.map(describeEntity).join(', ')}.` : 'Check the name and the account.',
    },
  );
}

/** Fails as `not-found` where the account has no entity of this GUID. */
export async function checkGuid(
  deps: Outside,
  connection: NewRelicConnection,
  guid: string,
  signal: AbortSignal,
): Promise<Result<void>> {
  const found = await search(deps, connection, {}, `id = ${quoteNrql(guid)}`, signal);
  if (!found.ok) return found;
  return found.value.length > 0
    ? succeed(undefined)
    : fail('not-found', `New Relic: account ${connection.options.account} has no entity with the GUID ${guid}.`, {
        hint: 'Check the GUID and the account.',
      });
}

function isOf(entity: Entity, { domain, type }: Partial<EntityName>): boolean {
  return (domain === undefined || entity.domain === domain) && (type === undefined || entity.type === type);
}

function describeEntity({ name, domain, type, guid }: Entity): string {
  return `${name} (${domain}-${type}, ${guid})`;
}

/**
 * Those of the connection's account, over all pages, each once: what moves between two pages while they are read is
 * listed on both.
 */
async function search(
  deps: Outside,
  connection: NewRelicConnection,
  { domain, type }: Partial<EntityName>,
  condition: string,
  signal: AbortSignal,
): Promise<Result<readonly Entity[]>> {
  const conditions = [
    condition,
    ...(domain === undefined ? [] : [`domain = ${quoteNrql(domain)}`]),
    ...(type === undefined ? [] : [`type = ${quoteNrql(type)}`]),
  ];
  const deadlineMs = deps.clock.now() + withinMs;
  const found = new Map<string, Entity>();
  let cursor: string | null = null;
  for (let page = 1; page <= mostPages; page++) {
    const variables: Readonly<Record<string, unknown>> = { search: conditions.join(' AND '), cursor };
    const asked = await withRetry(deps.clock, { deadlineMs, signal }, () =>
      askNerdGraph(
        deps,
        {
          connection,
          document: findEntityDocument,
          variables,
          what: 'New Relic, search for an entity',
          repeatable: true,
          deadlineMs,
          weight: 0,
        },
        signal,
      ),
    );
    if (!asked.ok) return asked;
    const parsed =
      asked.value.parsed === undefined ? parseJson(asked.value.bytes, 'New Relic') : succeed(asked.value.parsed);
    if (!parsed.ok) return parsed;
    const results = member(member(member(member(parsed.value, 'data'), 'actor'), 'entitySearch'), 'results');
    for (const entity of listMember(results, 'entities').flatMap(readEntity))
      if (entity.account === undefined || entity.account === connection.options.account) found.set(entity.guid, entity);
    const next = textMember(results, 'nextCursor');
    if (next === undefined) return succeed([...found.values()]);
    cursor = next;
  }
  return fail('invalid', `New Relic, search for an entity: there are more than ${mostPages} pages of them.`, {
    hint: 'Write the GUID of the entity.',
  });
}

function readEntity(value: unknown): readonly Entity[] {
  const guid = textMember(value, 'guid'),
    name = textMember(value, 'name'),
    account = numberMember(value, 'accountId');
  return guid === undefined || name === undefined
    ? []
    : [
        {
          guid,
          name,
          domain: textMember(value, 'domain') ?? '',
          type: textMember(value, 'type') ?? '',
          ...(account !== undefined && { account }),
        },
      ];
}
