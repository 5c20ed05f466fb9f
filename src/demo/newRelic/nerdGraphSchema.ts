// The part of New Relic's GraphQL schema that the local server answers: queries, change tracking and entity search.
import { buildSchema, type GraphQLSchema } from 'graphql';
import { changes } from './nerdGraphChangeSchema.ts';
import { entities } from './nerdGraphEntitySchema.ts';

const results = /* GraphQL */ `
  scalar AttributeMap
  scalar ChangeTrackingRawCustomAttributesMap
  scalar DateTime
  scalar EntityGuid
  scalar EpochMilliseconds
  scalar NrdbRawResults
  scalar NrdbResult
  scalar Nrql
  scalar Seconds

  type NrdbMetadata {
    eventTypes: [String]
    facets: [String]
    messages: [String]
    timeWindow: NrdbMetadataTimeWindow
  }
  type NrdbMetadataTimeWindow {
    begin: EpochMilliseconds
    compareWith: String
    end: EpochMilliseconds
    since: String
    until: String
  }
  type NrdbQueryProgress {
    completed: Boolean
    queryId: ID
    resultExpiration: Seconds
    retryAfter: Seconds
    retryDeadline: Seconds
  }
  type NrqlFacetSuggestion {
    attributes: [String]
    nrql: Nrql
  }
  type EventDefinition {
    attributes: [EventAttributeDefinition]
    definition: String
    label: String
    name: String
  }
  type EventAttributeDefinition {
    definition: String
    documentationUrl: String
    label: String
    name: String
  }

  type NrdbResultContainer {
    currentResults: [NrdbResult]
    embeddedChartUrl(chartType: EmbeddedChartType): String
    eventDefinitions: [EventDefinition]
    metadata: NrdbMetadata
    nrql: Nrql
    otherResult: NrdbResult
    previousResults: [NrdbResult]
    queryProgress: NrdbQueryProgress
    rawResponse: NrdbRawResults
    results: [NrdbResult]
    staticChartUrl(chartType: ChartImageType, format: ChartFormatType = PNG, height: Int, width: Int): String
    suggestedFacets: [NrqlFacetSuggestion]
    totalResult: NrdbResult
  }
  type CrossAccountNrdbResultContainer {
    currentResults: [NrdbResult]
    metadata: NrdbMetadata
    nrql: Nrql
    otherResult: NrdbResult
    previousResults: [NrdbResult]
    queryProgress: NrdbQueryProgress
    rawResponse: NrdbRawResults
    results: [NrdbResult]
    totalResult: NrdbResult
  }
  input NrqlQueryOptions {
    eventNamespaces: [String!]
  }

  enum EmbeddedChartType {
    APDEX
    AREA
    BAR
    BASELINE
    BILLBOARD
    BULLET
    EMPTY
    EVENT_FEED
    FUNNEL
    HEATMAP
    HISTOGRAM
    JSON
    LINE
    MARKDOWN
    PIE
    SCATTER
    STACKED_HORIZONTAL_BAR
    TABLE
    TRAFFIC_LIGHT
    VERTICAL_BAR
  }
  enum ChartImageType {
    APDEX
    AREA
    BAR
    BASELINE
    BILLBOARD
    BULLET
    EVENT_FEED
    FUNNEL
    HEATMAP
    HISTOGRAM
    LINE
    PIE
    SCATTER
    STACKED_HORIZONTAL_BAR
    TABLE
    VERTICAL_BAR
  }
  enum ChartFormatType {
    PDF
    PNG
  }
`;

const actor = /* GraphQL */ `
  schema {
    query: RootQueryType
    mutation: RootMutationType
  }

  type RootQueryType {
    actor: Actor
    requestContext: RequestContext
  }
  type RequestContext {
    userId: ID
  }
  type Actor {
    account(id: Int!): Account
    accounts(scope: RegionScope = IN_REGION): [AccountOutline]
    changeTracking: ChangeTrackingActorStitchedFields
    entity(guid: EntityGuid!): Entity
    entitySearch(
      options: EntitySearchOptions
      query: String
      queryBuilder: EntitySearchQueryBuilder
      sortBy: [EntitySearchSortCriteria] = [NAME]
      sortByWithDirection: [SortCriterionWithDirection]
    ): EntitySearch
    nrql(
      accounts: [Int!]!
      async: Boolean = false
      options: NrqlQueryOptions
      query: Nrql!
      timeout: Seconds
    ): CrossAccountNrdbResultContainer
    nrqlQueryProgress(accounts: [Int!]!, queryId: ID!): CrossAccountNrdbResultContainer
    queryHistory: QueryHistoryActorStitchedFields
    user: User
  }
  type Account {
    id: Int
    name: String
    nrql(async: Boolean = false, options: NrqlQueryOptions, query: Nrql!, timeout: Seconds): NrdbResultContainer
    nrqlQueryProgress(queryId: ID!): NrdbResultContainer
  }
  enum RegionScope {
    GLOBAL
    IN_REGION
  }
  type AccountOutline {
    id: Int
    name: String
    reportingEventTypes(filter: [String], timeWindow: TimeWindowInput): [String]
  }
  input TimeWindowInput {
    endTime: EpochMilliseconds!
    startTime: EpochMilliseconds!
  }
  type User {
    createdAt: Int
    email: String
    id: Int
    name: String
    timeZoneName: String
  }
  type QueryHistoryActorStitchedFields {
    nrql(options: QueryHistoryQueryHistoryOptionsInput): [QueryHistoryNrqlHistoryResult!]
  }
  input QueryHistoryQueryHistoryOptionsInput {
    limit: Int
  }
  type QueryHistoryNrqlHistoryResult {
    accountIds: [Int!]
    createdAt: DateTime
    query: Nrql
  }

  type RootMutationType {
    changeTrackingCreateDeployment(
      dataHandlingRules: ChangeTrackingDataHandlingRules
      deployment: ChangeTrackingDeploymentInput!
    ): ChangeTrackingDeployment
    changeTrackingCreateEvent(
      changeTrackingEvent: ChangeTrackingCreateEventInput!
      dataHandlingRules: ChangeTrackingDataHandlingRules
    ): ChangeTrackingCreateEventResponse
    nrqlCancelQuery(queryId: String!): NrqlCancelQueryMutationResponse
  }
  type NrqlCancelQueryMutationResponse {
    queryId: String
    rejectionReason: String
    requestStatus: NrqlCancelQueryMutationRequestStatus
  }
  enum NrqlCancelQueryMutationRequestStatus {
    ACCEPTED
    REJECTED
  }
`;

/** `older`: as it was before change events existed. */
export function nerdGraphSchema(older = false): GraphQLSchema {
  const mutations = older ? actor.replace(/^ *changeTrackingCreateEvent\([^)]*\).*$/m, '') : actor;
  return buildSchema(mutations + results + entities + changes);
}
