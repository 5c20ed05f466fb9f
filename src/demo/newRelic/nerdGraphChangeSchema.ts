// The part of New Relic's GraphQL schema about changes: deployments and the change events that replaced them.

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

export const changes = /* GraphQL */ `
  interface ChangeTrackingEvent { ${changeMembers} }
  type ChangeTrackingDeploymentEvent implements ChangeTrackingEvent {
    ${changeMembers}
    changelog: String
    commit: String
    deepLink: String
    version: String!
  }
  type ChangeTrackingFeatureFlagEvent implements ChangeTrackingEvent { ${changeMembers} featureFlagId: String! }
  type ChangeTrackingGenericEvent implements ChangeTrackingEvent { ${changeMembers} }

  type ChangeTrackingActorStitchedFields {
    changeTrackingSearch(filter: ChangeTrackingChangeTrackingSearchFilter): ChangeTrackingChangeTrackingSearchResult
  }
  type ChangeTrackingChangeTrackingSearchResult { changeEvents: [ChangeTrackingEvent]! }
  input ChangeTrackingChangeTrackingSearchFilter {
    accountIds: [Int!]
    limit: Int
    query: String
    timeWindow: ChangeTrackingTimeWindowInputWithDefaults
  }
  input ChangeTrackingSearchFilter {
    limit: Int
    query: String
    timeWindow: ChangeTrackingTimeWindowInputWithDefaults
  }
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
  input ChangeTrackingCategoryRelatedInput {
    categoryFields: ChangeTrackingCategoryFieldsInput
    kind: ChangeTrackingCategoryAndTypeInput!
  }
  input ChangeTrackingCategoryAndTypeInput { category: String! type: String! }
  input ChangeTrackingCategoryFieldsInput {
    deployment: ChangeTrackingDeploymentFieldsInput
    featureFlag: ChangeTrackingFeatureFlagFieldsInput
  }
  input ChangeTrackingDeploymentFieldsInput {
    changelog: String
    commit: String
    deepLink: String
    version: String!
  }
  input ChangeTrackingFeatureFlagFieldsInput { featureFlagId: String! }
  input ChangeTrackingEntitySearchInput { query: String! }
  input ChangeTrackingDataHandlingRules { validationFlags: [ChangeTrackingValidationFlag!] }
  enum ChangeTrackingValidationFlag { ALLOW_CUSTOM_CATEGORY_OR_TYPE FAIL_ON_FIELD_LENGTH
  FAIL_ON_REST_API_FAILURES }
  enum ChangeTrackingDeploymentType { BASIC BLUE_GREEN CANARY OTHER ROLLING SHADOW }
  enum ChangeTrackingCategoryType {
    BUSINESS_EVENT__CONVENTION BUSINESS_EVENT__MARKETING_CAMPAIGN BUSINESS_EVENT__OTHER CUSTOMER_DEFINED__CUSTOM
    DEPLOYMENT_LIFECYCLE__ARTIFACT_COPY DEPLOYMENT_LIFECYCLE__ARTIFACT_DELETION
    DEPLOYMENT_LIFECYCLE__ARTIFACT_DEPLOYMENT
    DEPLOYMENT_LIFECYCLE__ARTIFACT_MOVE DEPLOYMENT_LIFECYCLE__BUILD_DELETION
    DEPLOYMENT_LIFECYCLE__BUILD_PROMOTION
    DEPLOYMENT_LIFECYCLE__BUILD_UPLOAD DEPLOYMENT_LIFECYCLE__IMAGE_DELETION
    DEPLOYMENT_LIFECYCLE__IMAGE_PROMOTION
    DEPLOYMENT_LIFECYCLE__IMAGE_PUSH DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_CREATION
    DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_DELETION
    DEPLOYMENT_LIFECYCLE__RELEASE_BUNDLE_SIGN
    DEPLOYMENT__BASIC DEPLOYMENT__BLUE_GREEN DEPLOYMENT__CANARY DEPLOYMENT__OTHER DEPLOYMENT__ROLLING
    DEPLOYMENT__SHADOW
    FEATURE_FLAG__BASIC OPERATIONAL__CRASH OPERATIONAL__OTHER OPERATIONAL__SCHEDULED_MAINTENANCE_PERIOD
    OPERATIONAL__SERVER_REBOOT
  }
`;
