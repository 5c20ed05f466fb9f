// Change tracking: deployment markers written through either mutation, kept as telemetry, and read back.
import { entityMembers, type EntityDirectory, type EntityRecord } from './nerdGraphEntities.ts';
import { asNerdGraph, invalidInput } from './nerdGraphErrors.ts';
import { parseCondition } from './nrqlParser.ts';
import { holds } from './nrqlRows.ts';
import type { Telemetry, TelemetryEvent } from '../fleet/telemetry.ts';

export interface DeploymentInput {
  readonly version: string;
  readonly entityGuid: string;
  readonly timestamp?: number | null;
  readonly deploymentType?: string | null;
  readonly changelog?: string | null;
  readonly commit?: string | null;
  readonly deepLink?: string | null;
  readonly description?: string | null;
  readonly groupId?: string | null;
  readonly user?: string | null;
  readonly customAttributes?: CustomAttributes | null;
}
type CustomAttributes = Readonly<Record<string, unknown>>;
export interface ChangeEventInput {
  readonly categoryAndTypeData: {
    readonly kind: { readonly category: string; readonly type: string };
    readonly categoryFields?: {
      readonly deployment?: {
        readonly version: string;
        readonly changelog?: string | null;
        readonly commit?: string | null;
        readonly deepLink?: string | null;
      } | null;
      readonly featureFlag?: { readonly featureFlagId: string } | null;
    } | null;
  };
  readonly entitySearch: { readonly query: string };
  readonly customAttributes?: CustomAttributes | null;
  readonly description?: string | null;
  readonly shortDescription?: string | null;
  readonly groupId?: string | null;
  readonly timestamp?: number | null;
  readonly user?: string | null;
}
export interface DataHandlingRules {
  readonly validationFlags?: readonly string[] | null;
}
export interface ChangeSearchFilter {
  readonly query?: string | null;
  readonly limit?: number | null;
  readonly timeWindow?: { readonly startTime?: number | null; readonly endTime?: number | null } | null;
}

export interface ChangeTracking {
  createDeployment(input: DeploymentInput, rules: DataHandlingRules): unknown;
  createEvent(input: ChangeEventInput, rules: DataHandlingRules): unknown;
  searchDeployments(entityGuid: string, filter: ChangeSearchFilter): readonly unknown[];
  searchEvents(filter: ChangeSearchFilter): readonly unknown[];
}

type Attributes = TelemetryEvent['attributes'];
const dayMs = 24 * 3_600_000;
const longestText = 4096;
const customPrefix = 'customAttributes.';

export function createChangeTracking(
  telemetry: Telemetry,
  now: () => number,
  entities: EntityDirectory,
): ChangeTracking {
  let lastId = 0;
  const nextId = () => `c0ffee00-0000-4000-8000-${(++lastId).toString(16).padStart(12, '0')}`;
  return {
    createDeployment: (input, rules) => createDeployment({ telemetry, now, entities, nextId, rules }, input),
    createEvent: (input, rules) => createEvent({ telemetry, now, entities, nextId, rules }, input),
    searchDeployments: (guid, filter) =>
      find(telemetry, now(), 'Deployment', filter, event => event.attributes['entity.guid'] === guid).map(deploymentOf),
    searchEvents: filter =>
      find(telemetry, now(), 'ChangeTrackingEvent', filter, () => true).map(event => eventOf(event, entities)),
  };
}

interface Change {
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly entities: EntityDirectory;
  readonly nextId: () => string;
  readonly rules: DataHandlingRules;
}

function createDeployment(change: Change, input: DeploymentInput): unknown {
  const { entities, now, nextId } = change;
  const entity = entities.find(input.entityGuid);
  if (!entity) throw invalidInput(`No entity was found for the entityGuid '${input.entityGuid}'.`);
  if (input.version.trim() === '') throw invalidInput('The version must not be empty.');
  const atMs = checkedTimestamp(input.timestamp, now());
  const id = nextId(),
    { entityGuid, timestamp, deploymentType, customAttributes, ...own } = input,
    texts = { ...customOf(customAttributes), ...own };
  const stored = keep(change, 'Deployment', atMs, {
    ...texts,
    deploymentType: deploymentType ?? 'BASIC',
    deploymentId: id,
    ...entityAttributes(entity),
  });
  keep(change, 'ChangeTrackingEvent', atMs, {
    ...texts,
    ...categoryAttributes('Deployment', typeNameOf(deploymentType ?? 'BASIC')),
    changeTrackingId: id,
    ...entityAttributes(entity),
  });
  return deploymentOf(stored);
}

function createEvent(change: Change, input: ChangeEventInput): unknown {
  const { entities, now, nextId, rules } = change;
  const { kind, categoryFields } = input.categoryAndTypeData;
  const category = knownCategory(kind, rules);
  const found = entities.searchForChange(input.entitySearch.query);
  if (found.length !== 1)
    throw invalidInput(`entitySearch.query must resolve to exactly one entity; it resolved to ${found.length}.`);
  const fields = fieldsOf(category, categoryFields);
  const atMs = checkedTimestamp(input.timestamp, now());
  const id = nextId(),
    { description, shortDescription, groupId, user } = input;
  const own = { description, shortDescription, groupId, user, ...fields, ...entityAttributes(found[0]!) };
  const stored = keep(change, 'ChangeTrackingEvent', atMs, {
    ...customOf(input.customAttributes),
    ...own,
    ...category,
    changeTrackingId: id,
  });
  if (category.category === 'Deployment')
    keep(change, 'Deployment', atMs, {
      ...customOf(input.customAttributes),
      ...own,
      deploymentType: category.type.toUpperCase().replaceAll(' ', '_'),
      deploymentId: id,
    });
  return { changeTrackingEvent: eventOf(stored, entities), messages: [] };
}

function keep(
  { telemetry, rules }: Change,
  type: string,
  atMs: number,
  attributes: Readonly<Record<string, unknown>>,
): TelemetryEvent {
  const event = { type, atMs, attributes: plainAttributes(attributes, rules) };
  telemetry.addEvent(event);
  return event;
}

/** Newest first; of the last seven days, unless the filter says otherwise. */
function find(
  telemetry: Telemetry,
  nowMs: number,
  type: string,
  filter: ChangeSearchFilter,
  matches: (event: TelemetryEvent) => boolean,
): readonly TelemetryEvent[] {
  const { startTime, endTime } = filter.timeWindow ?? {};
  const condition = filter.query ? asNerdGraph(() => parseCondition(filter.query!)) : undefined;
  const found = telemetry.events(type, startTime ?? nowMs - 7 * dayMs, (endTime ?? nowMs) + 1);
  return found
    .filter(event => matches(event) && (!condition || holds(condition, event)))
    .toReversed()
    .slice(0, filter.limit ?? 100);
}

function checkedTimestamp(timestamp: number | null | undefined, nowMs: number): number {
  const atMs = Number(timestamp ?? nowMs);
  if (!Number.isFinite(atMs) || Math.abs(atMs - nowMs) > dayMs)
    throw invalidInput('The timestamp should not be more than 24 hours from now.');
  return atMs;
}

function entityAttributes(entity: EntityRecord): Attributes {
  return { 'entity.guid': entity.guid, 'entity.name': entity.name, 'entity.type': entity.type };
}

/** Absent texts are left out; too long ones are cut, or refused if the caller asked for that. */
function plainAttributes(attributes: Readonly<Record<string, unknown>>, rules: DataHandlingRules): Attributes {
  const kept = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => {
      if (typeof value !== 'string' || value.length <= longestText) return [name, value] as const;
      if (rules.validationFlags?.includes('FAIL_ON_FIELD_LENGTH'))
        throw invalidInput(`The field '${name}' is longer than ${longestText} characters.`);
      return [name, value.slice(0, longestText)] as const;
    });
  return Object.fromEntries(kept) as Attributes;
}

function customOf(custom: CustomAttributes | null | undefined): CustomAttributes {
  const entries = Object.entries(custom ?? {});
  const wrong = entries.find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (wrong) throw invalidInput(`The custom attribute '${wrong[0]}' must be a string, a number or a boolean.`);
  return Object.fromEntries(entries.map(([name, value]) => [`${customPrefix}${name}`, value]));
}

const categories: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['Basic', 'Blue Green', 'Canary', 'Rolling', 'Shadow', 'Other'],
  'Deployment Lifecycle': [
    'Artifact Copy',
    'Artifact Deletion',
    'Artifact Deployment',
    'Artifact Move',
    'Build Deletion',
    'Build Promotion',
    'Build Upload',
    'Image Deletion',
    'Image Promotion',
    'Image Push',
    'Release Bundle Creation',
    'Release Bundle Deletion',
    'Release Bundle Sign',
  ],
  'Feature Flag': ['Basic'],
  'Business Event': ['Convention', 'Marketing Campaign', 'Other'],
  Operational: ['Crash', 'Scheduled Maintenance Period', 'Server Reboot', 'Other'],
};

interface CategoryAttributes {
  readonly category: string;
  readonly type: string;
  readonly categoryAndType: string;
  readonly [name: string]: string;
}

function categoryAttributes(category: string, type: string): CategoryAttributes {
  return { category, type, categoryAndType: `${category}__${type}`.toUpperCase().replaceAll(' ', '_') };
}

function knownCategory(
  { category, type }: { category: string; type: string },
  rules: DataHandlingRules,
): CategoryAttributes {
  const sameText = (wanted: string) => (name: string) =>
    name.toLowerCase() === wanted.toLowerCase().replaceAll('_', ' ');
  const foundCategory = Object.keys(categories).find(sameText(category));
  const foundType = foundCategory && categories[foundCategory]!.find(sameText(type));
  if (foundCategory && foundType) return categoryAttributes(foundCategory, foundType);
  if (rules.validationFlags?.includes('ALLOW_CUSTOM_CATEGORY_OR_TYPE'))
    return { category, type, categoryAndType: 'CUSTOMER_DEFINED__CUSTOM' };
  throw invalidInput(`Unknown category and type '${category}', '${type}'.`);
}

function fieldsOf(
  { category }: CategoryAttributes,
  fields: ChangeEventInput['categoryAndTypeData']['categoryFields'],
): Readonly<Record<string, unknown>> {
  if (category === 'Deployment' && !fields?.deployment?.version)
    throw invalidInput('categoryFields.deployment.version is required for the category Deployment.');
  if (category === 'Feature Flag' && !fields?.featureFlag)
    throw invalidInput('categoryFields.featureFlag.featureFlagId is required for the category Feature Flag.');
  return { ...fields?.deployment, ...fields?.featureFlag };
}

/** BLUE_GREEN -> Blue Green */
function typeNameOf(deploymentType: string): string {
  return deploymentType
    .toLowerCase()
    .split('_')
    .map(word => word[0]!.toUpperCase() + word.slice(1))
    .join(' ');
}

function deploymentOf({ atMs, attributes }: TelemetryEvent): Readonly<Record<string, unknown>> {
  return {
    ...attributes,
    customAttributes: customIn(attributes),
    entityGuid: attributes['entity.guid'],
    timestamp: atMs,
  };
}

function customIn(attributes: Attributes): CustomAttributes | null {
  const custom = Object.entries(attributes).filter(([name]) => name.startsWith(customPrefix));
  return custom.length === 0
    ? null
    : Object.fromEntries(custom.map(([name, value]) => [name.slice(customPrefix.length), value]));
}

function eventOf({ atMs, attributes }: TelemetryEvent, entities: EntityDirectory): Readonly<Record<string, unknown>> {
  const entity = entities.find(String(attributes['entity.guid']));
  const kind =
    attributes['category'] === 'Deployment'
      ? 'Deployment'
      : attributes['category'] === 'Feature Flag'
        ? 'FeatureFlag'
        : 'Generic';
  return {
    __typename: `ChangeTracking${kind}Event`,
    ...attributes,
    timestamp: atMs,
    customAttributes: customIn(attributes),
    entity: entity ? entityMembers(entity, 'Outline') : null,
  };
}
