// The part of New Relic's GraphQL schema about entities: their search, and what is known of each.

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

export const entities = /* GraphQL */ `
  interface EntityOutline { ${outlineMembers} }
  type ApmApplicationEntityOutline implements EntityOutline {
    ${outlineMembers}
    applicationId: Int
    language: String
  }
  type GenericEntityOutline implements EntityOutline { ${outlineMembers} }
  interface Entity { ${fullMembers} }
  type ApmApplicationEntity implements Entity { ${fullMembers} applicationId: Int language: String }
  type GenericEntity implements Entity { ${fullMembers} }

  type EntityTag { key: String values: [String] }
  type EntitySearch {
    count: Int
    query: String
    results(cursor: String): EntitySearchResult
    types: [EntitySearchTypes]
  }
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
    APM_APPLICATION_ENTITY APM_DATABASE_INSTANCE_ENTITY APM_EXTERNAL_SERVICE_ENTITY BROWSER_APPLICATION_ENTITY
    DASHBOARD_ENTITY EXTERNAL_ENTITY
    GENERIC_ENTITY GENERIC_INFRASTRUCTURE_ENTITY INFRASTRUCTURE_AWS_LAMBDA_FUNCTION_ENTITY
    INFRASTRUCTURE_HOST_ENTITY KEY_TRANSACTION_ENTITY
    MOBILE_APPLICATION_ENTITY SECURE_CREDENTIAL_ENTITY SYNTHETIC_MONITOR_ENTITY TEAM_ENTITY
    THIRD_PARTY_SERVICE_ENTITY UNAVAILABLE_ENTITY WORKLOAD_ENTITY
  }
`;
