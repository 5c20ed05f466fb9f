// The entities of the account (the service, and its hosts) and the search that finds them.
import { asNerdGraph, invalidInput } from './nerdGraphErrors.ts';
import { parseCondition } from './nrqlParser.ts';
import { holds, type Row } from './nrqlRows.ts';
import type { Condition } from './nrqlSyntax.ts';

export interface EntityRecord {
  readonly guid: string;
  readonly accountId: number;
  readonly domain: string;
  readonly type: string;
  readonly domainId: string;
  readonly name: string;
}

export interface EntityDirectory {
  find(guid: string): EntityRecord | undefined;
  /** Entities by name. Throws a NerdGraph error when the query cannot be read. */
  search(query: string): readonly EntityRecord[];
  /** Only what change tracking accepts: `=`, `AND`, `IN`, `LIKE`. */
  searchForChange(query: string): readonly EntityRecord[];
}

/** A GUID is the base64 form of `accountId|DOMAIN|TYPE|domainId`. */
export function entityGuid(entity: Pick<EntityRecord, 'accountId' | 'domain' | 'type' | 'domainId'>): string {
  return Buffer.from([entity.accountId, entity.domain, entity.type, entity.domainId].join('|'))
    .toString('base64')
    .replace(/=+$/, '');
}

export function serviceEntity(guid: string, accountId: number, name: string): EntityRecord {
  const [, domain, type, domainId] = Buffer.from(guid, 'base64').toString('utf8').split('|');
  return { guid, accountId, name, domain: domain ?? 'APM', type: type ?? 'APPLICATION', domainId: domainId ?? '1' };
}

export function hostEntity(accountId: number, name: string, domainId: string): EntityRecord {
  const parts = { accountId, name, domain: 'INFRA', type: 'HOST', domainId };
  return { ...parts, guid: entityGuid(parts) };
}

export function createEntityDirectory(entities: readonly EntityRecord[]): EntityDirectory {
  const byName = entities.toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
  const search = (condition: Condition) => byName.filter(entity => holds(condition, rowOf(entity)));
  const parse = (query: string) => asNerdGraph(() => withContainsLike(parseCondition(query)));
  return {
    find: guid => entities.find(entity => entity.guid === guid),
    search: query => (query.trim() === '' ? byName : search(parse(query))),
    searchForChange(query) {
      const condition = parse(query);
      if (!isSimple(condition))
        throw invalidInput('entitySearch.query supports only the operators =, AND, IN and LIKE.');
      return search(condition);
    },
  };
}

function rowOf(entity: EntityRecord): Row {
  const { guid, accountId, domain, type, domainId, name } = entity;
  return {
    type: 'Entity',
    atMs: 0,
    attributes: {
      id: guid,
      guid,
      accountId,
      domain,
      type,
      domainId,
      name,
      reporting: true,
      'tags.accountId': accountId,
      'tags.environment': 'production',
    },
  };
}

/** An entity search's LIKE without `%` means "contains". */
function withContainsLike(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, left: withContainsLike(condition.left), right: withContainsLike(condition.right) };
    case 'not':
      return { ...condition, operand: withContainsLike(condition.operand) };
    case 'like':
      return condition.pattern.includes('%') ? condition : { ...condition, pattern: `%${condition.pattern}%` };
    case 'compare':
    case 'in':
    case 'is':
      return condition;
    default:
      throw condition satisfies never;
  }
}

function isSimple(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return isSimple(condition.left) && isSimple(condition.right);
    case 'compare':
      return condition.operator === '=';
    case 'in':
    case 'like':
      return true;
    case 'or':
    case 'not':
    case 'is':
      return false;
    default:
      throw condition satisfies never;
  }
}

/** The members that an outline and an entity share, with the concrete type that GraphQL asks for. */
export function entityMembers(entity: EntityRecord, suffix: '' | 'Outline'): Readonly<Record<string, unknown>> {
  const application = entity.domain === 'APM' && entity.type === 'APPLICATION';
  return {
    __typename: `${application ? 'ApmApplicationEntity' : 'GenericEntity'}${suffix}`,
    guid: entity.guid,
    accountId: entity.accountId,
    domain: entity.domain,
    type: entity.type,
    name: entity.name,
    entityType: application
      ? 'APM_APPLICATION_ENTITY'
      : entity.type === 'HOST'
        ? 'INFRASTRUCTURE_HOST_ENTITY'
        : 'GENERIC_ENTITY',
    alertSeverity: 'NOT_CONFIGURED',
    reporting: true,
    permalink: `https://one.newrelic.com/redirect/entity/${entity.guid}`,
    tags: [
      { key: 'accountId', values: [String(entity.accountId)] },
      { key: 'environment', values: ['production'] },
    ],
    firstIndexedAt: null,
    indexedAt: null,
    lastReportingChangeAt: null,
    ...(application && { applicationId: Number(entity.domainId), language: 'java' }),
  };
}

export interface EntitySearchArguments {
  readonly query?: string | null;
  readonly queryBuilder?: {
    readonly name?: string | null;
    readonly domain?: string | null;
    readonly type?: string | null;
    readonly reporting?: boolean | null;
  } | null;
}

/**
 * One page holds `pageSize` entities; the cursor is the next page's offset, opaque to clients. `twice`: each is listed
 * twice.
 */
export function searchEntities(
  directory: EntityDirectory,
  given: EntitySearchArguments,
  pageSize: number,
  twice: boolean,
): Readonly<Record<string, unknown>> {
  const query = given.query ?? builtQuery(given.queryBuilder ?? {});
  const found = directory.search(query).flatMap(entity => (twice ? [entity, entity] : [entity]));
  return {
    count: found.length,
    query,
    types: [...Map.groupBy(found, ({ domain, type }) => `${domain}|${type}`).values()].map(group => {
      const { domain, type, entityType } = entityMembers(group[0]!, 'Outline');
      return { domain, type, entityType, count: group.length };
    }),
    results({ cursor }: { cursor?: string | null }) {
      const offset =
        cursor === null || cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8'));
      if (!Number.isInteger(offset) || offset < 0) throw invalidInput('Invalid cursor.');
      const next = offset + pageSize;
      return {
        entities: found.slice(offset, next).map(entity => entityMembers(entity, 'Outline')),
        nextCursor: next < found.length ? Buffer.from(String(next)).toString('base64') : null,
      };
    },
  };
}

function builtQuery(builder: NonNullable<EntitySearchArguments['queryBuilder']>): string {
  const quote = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return [
    builder.name && `name LIKE ${quote(builder.name)}`,
    builder.domain && `domain = ${quote(builder.domain)}`,
    builder.type && `type = ${quote(builder.type)}`,
    typeof builder.reporting === 'boolean' && `reporting = '${builder.reporting}'`,
  ]
    .filter(Boolean)
    .join(' AND ');
}
