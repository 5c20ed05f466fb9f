// The part of New Relic's GraphQL schema that the local server answers: queries, change tracking and entity search.
import { buildSchema, type GraphQLSchema } from 'graphql';

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

const entityMembers = `
    accountId: Int
    alertSeverity: EntityAlertSeverity
    domain: String
    entityType: EntityType
    guid: EntityGuid
    name: String
    permalink: String
    reporting: Boolean
    tags: [EntityTag]
    type: String
`;
const outlineMembers = `${entityMembers}
    firstIndexedAt: EpochMilliseconds
    indexedAt: EpochMilliseconds
    lastReportingChangeAt: EpochMilliseconds
`;
const fullMembers = `${entityMembers}
    deploymentSearch(filter: ChangeTrackingSearchFilter): ChangeTrackingDeploymentSearchResult
`;

const entities = /* GraphQL */ `
  interface EntityOutline { ${outlineMembers} }
  type ApmApplicationEntityOutline implements EntityOutline { ${outlineMembers} applicationId: Int language: String }
  type GenericEntityOutline implements EntityOutline { ${outlineMembers} }
  interface Entity { ${fullMembers} }
  type ApmApplicationEntity implements Entity { ${fullMembers} applicationId: Int language: String }
  type GenericEntity implements Entity { ${fullMembers} }

  type EntityTag { key: String values: [String] }
  type EntitySearch { count: Int query: String results(cursor: String): EntitySearchResult types: [EntitySearchTypes] }
  type EntitySearchResult { entities: [EntityOutline] nextCursor: String }
  type EntitySearchTypes { count: Int domain: String entityType: EntityType type: String }
  input EntitySearchOptions { caseSensitiveTagMatching: Boolean limit: Int tagFilter: [String!] }
  input EntitySearchQueryBuilder {
    alertSeverity: EntityAlertSeverity
    alertable: Boolean
    domain: EntitySearchQueryBuilderDomain
    name: String
    reporting: Boolean
    tags: [EntitySearchQueryBuilderTag!]
    type: EntitySearchQueryBuilderType
  }
  input EntitySearchQueryBuilderTag { key: String! value: String! }
  input SortCriterionWithDirection { attribute: EntitySearchSortCriteria direction: SortBy tag: String }
  enum EntitySearchSortCriteria { ALERT_SEVERITY DOMAIN MOST_RELEVANT NAME REPORTING TYPE }
  enum SortBy { ASC DESC }
  enum EntitySearchQueryBuilderDomain { APM BROWSER EXT INFRA MOBILE SYNTH }
  enum EntitySearchQueryBuilderType { APPLICATION DASHBOARD HOST MONITOR SERVICE_LEVEL WORKLOAD }
  enum EntityAlertSeverity { CRITICAL NOT_ALERTING NOT_CONFIGURED WARNING }
  enum EntityType {
    APM_APPLICATION_ENTITY APM_DATABASE_INSTANCE_ENTITY APM_EXTERNAL_SERVICE_ENTITY BROWSER_APPLICATION_ENTITY DASHBOARD_ENTITY EXTERNAL_ENTITY
    GENERIC_ENTITY GENERIC_INFRASTRUCTURE_ENTITY INFRASTRUCTURE_AWS_LAMBDA_FUNCTION_ENTITY INFRASTRUCTURE_HOST_ENTITY KEY_TRANSACTION_ENTITY
    MOBILE_APPLICATION_ENTITY SECURE_CREDENTIAL_ENTITY SYNTHETIC_MONITOR_ENTITY TEAM_ENTITY THIRD_PARTY_SERVICE_ENTITY UNAVAILABLE_ENTITY WORKLOAD_ENTITY
  }
`;

const changeMembers = `
    category: String!
    categoryAndType: ChangeTrackingCategoryType!
    changeTrackingId: String!
    customAttributes: ChangeTrackingRawCustomAttributesMap
    description: String
    entity: EntityOutline
    groupId: String
    shortDescription: String
    timestamp: EpochMilliseconds!
    type: String!
    user: String
`;

const changes = /* GraphQL */ `
  interface ChangeTrackingEvent { ${changeMembers} }
  type ChangeTrackingDeploymentEvent implements ChangeTrackingEvent { ${changeMembers} changelog: String commit: String deepLink: String version: String! }
  type ChangeTrackingFeatureFlagEvent implements ChangeTrackingEvent { ${changeMembers} featureFlagId: String! }
  type ChangeTrackingGenericEvent implements ChangeTrackingEvent { ${changeMembers} }

  type ChangeTrackingActorStitchedFields { changeTrackingSearch(filter: ChangeTrackingChangeTrackingSearchFilter): ChangeTrackingChangeTrackingSearchResult }
  type ChangeTrackingChangeTrackingSearchResult { changeEvents: [ChangeTrackingEvent]! }
  input ChangeTrackingChangeTrackingSearchFilter { accountIds: [Int!] limit: Int query: String timeWindow: ChangeTrackingTimeWindowInputWithDefaults }
  input ChangeTrackingSearchFilter { limit: Int query: String timeWindow: ChangeTrackingTimeWindowInputWithDefaults }
  input ChangeTrackingTimeWindowInputWithDefaults { endTime: EpochMilliseconds startTime: EpochMilliseconds }
  type ChangeTrackingDeploymentSearchResult { results: [ChangeTrackingDeployment] }

  type ChangeTrackingDeployment {
    changelog: String
    commit: String
    customAttributes: ChangeTrackingRawCustomAttributesMap @deprecated(reason: "Write change events.")
    deepLink: String
    deploymentId: String
    deploymentType: ChangeTrackingDeploymentType
    description: String
    entityGuid: EntityGuid!
    groupId: String
    timestamp: EpochMilliseconds!
    user: String
    version: String!
  }
  input ChangeTrackingDeploymentInput {
    changelog: String
    commit: String
    customAttributes: ChangeTrackingRawCustomAttributesMap @deprecated(reason: "Write change events.")
    deepLink: String
    deploymentType: ChangeTrackingDeploymentType
    description: String
    entityGuid: EntityGuid!
    groupId: String
    timestamp: EpochMilliseconds
    user: String
    version: String!
  }
  input ChangeTrackingCreateEventInput {
    categoryAndTypeData: ChangeTrackingCategoryRelatedInput!
    customAttributes: ChangeTrackingRawCustomAttributesMap
    description: String
    entitySearch: ChangeTrackingEntitySearchInput!
    groupId: String
    shortDescription: String
    timestamp: EpochMilliseconds
    user: String
  }
  type ChangeTrackingCreateEventResponse { changeTrackingEvent: ChangeTrackingEvent messages: [String!] }
  input ChangeTrackingCategoryRelatedInput { categoryFields: ChangeTrackingCategoryFieldsInput kind: ChangeTrackingCategoryAndTypeInput! }
  input ChangeTrackingCategoryAndTypeInput { category: String! type: String! }
  input ChangeTrackingCategoryFieldsInput { deployment: ChangeTrackingDeploymentFieldsInput featureFlag: ChangeTrackingFeatureFlagFieldsInput }
  input ChangeTrackingDeploymentFieldsInput { changelog: String commit: String deepLink: String version: String! }
  input ChangeTrackingFeatureFlagFieldsInput { featureFlagId: String! }
  input ChangeTrackingEntitySearchInput { query: String! }
  input ChangeTrackingDataHandlingRules { validationFlags: [ChangeTrackingValidationFlag!] }
  enum ChangeTrackingValidationFlag { ALLOW_CUSTOM_CATEGORY_OR_TYPE FAIL_ON_FIELD_LENGTH FAIL_ON_REST_API_FAILURES }
  enum ChangeTrackingDeploymentType { BASIC BLUE_GREEN CANARY OTHER ROLLING SHADOW }
  enum ChangeTrackingCategoryType {
    BUSINESS_EVENT__CONVENTION BUSINESS_EVENT__MARKETING_CAMPAIGN BUSINESS_EVENT__OTHER CUSTOMER_DEFINED__CUSTOM
    DEPLOYMENT_LIFECYCLE__ARTIFACT_COPY DEPLOYMENT_LIFECYCLE__ARTIFACT_DELETION DEPLOYMENT_LIFECYCLE__ARTIFACT_DEPLOYMENT
    DEPLOYMENT_LIFECYCLE__ARTIFACT_MOVE DEPLOYMENT_LIFECYCLE__BUILD_DELETION DEPLOYMENT_LIFECYCLE__BUILD_PROMOTION
    DEPLOYMENT_LIFECYCLE__BUILD_UPLOAD DEPLOYMENT_LIFECYCLE__IMAGE_DELETION DEPLOYMENT_LIFECYCLE__IMAGE_PROMOTION
    DEPLOYMENT_LIFECYCLE__IMAGE_PUSH DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_CREATION DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_DELETION
    DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_SIGN
    DEPLOYMENT__BASIC DEPLOYMENT__BLUE_GREEN DEPLOYMENT__CANARY DEPLOYMENT__OTHER DEPLOYMENT__ROLLING DEPLOYMENT__SHADOW
    FEATURE_FLAG__BASIC OPERATIONAL__CRASH OPERATIONAL__OTHER OPERATIONAL__SCHEDULED_MAINTENANCE_PERIOD OPERATIONAL__SERVER_REBOOT
  }
`;

/** `older`: of the time before change events. */
export function nerdGraphSchema(older = false): GraphQLSchema {
  const mutations = older ? actor.replace(/^ *changeTrackingCreateEvent\([^)]*\).*$/m, '') : actor;
  return buildSchema(mutations + results + entities + changes);
}
