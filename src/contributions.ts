// Every command id, setting, view id and context key, typed once; a test compares them with package.json.

export const commands = {
  deploy: 'backstop.deploy',
  deployLastBuild: 'backstop.deployLastBuild',
  deployEarlier: 'backstop.deployEarlier',
  dryRun: 'backstop.dryRun',
  approve: 'backstop.approve',
  reject: 'backstop.reject',
  rollBack: 'backstop.rollBack',
  cancelRun: 'backstop.cancelRun',
  holdCanary: 'backstop.holdCanary',
  promoteCanary: 'backstop.promoteCanary',
  skipVerification: 'backstop.skipVerification',
  retryVerification: 'backstop.retryVerification',
  acceptRelease: 'backstop.acceptRelease',
  runAgain: 'backstop.runAgain',
  openRun: 'backstop.openRun',
  nextRun: 'backstop.nextRun',
  previousRun: 'backstop.previousRun',
  showLogs: 'backstop.showLogs',
  showEvidence: 'backstop.showEvidence',
  compareReleases: 'backstop.compareReleases',
  exportRun: 'backstop.exportRun',
  copyLink: 'backstop.copyLink',
  copySummary: 'backstop.copySummary',
  pinBaseline: 'backstop.pinBaseline',
  unpinBaseline: 'backstop.unpinBaseline',
  setCredentials: 'backstop.setCredentials',
  testConnections: 'backstop.testConnections',
  newPipeline: 'backstop.newPipeline',
  openPipeline: 'backstop.openPipeline',
  validatePipelines: 'backstop.validatePipelines',
  openDemo: 'backstop.openDemo',
  openDocumentation: 'backstop.openDocumentation',
  diagnostics: 'backstop.diagnostics',
  filterRuns: 'backstop.filterRuns',
  showMoreRuns: 'backstop.showMoreRuns',
  refresh: 'backstop.refresh',
} as const;

export const views = {
  container: 'backstop',
  pipelines: 'backstop.pipelines',
  runs: 'backstop.runs',
  environments: 'backstop.environments',
} as const;

export const settings = {
  userName: 'backstop.userName',
  openPanelOnStart: 'backstop.panel.openOnStart',
  openLogsOnStart: 'backstop.logs.openOnStart',
  notifyApproval: 'backstop.notifications.approval',
  notifyDecision: 'backstop.notifications.decision',
  notifyHeld: 'backstop.notifications.held',
  notifyRolledBack: 'backstop.notifications.rolledBack',
  notifyRunFailed: 'backstop.notifications.runFailed',
  notifyRunFinished: 'backstop.notifications.runFinished',
  notifyNewBuild: 'backstop.notifications.newBuild',
} as const;

export const contextKeys = {
  hasPipelines: 'backstop.hasPipelines',
  hasValidPipelines: 'backstop.hasValidPipelines',
  hasBuilds: 'backstop.hasBuilds',
  lacksCredentials: 'backstop.lacksCredentials',
  isRunning: 'backstop.isRunning',
  hasApproval: 'backstop.hasApproval',
  hasCanary: 'backstop.hasCanary',
  hasRolledBack: 'backstop.hasRolledBack',
  hasRuns: 'backstop.hasRuns',
  hasRepeatable: 'backstop.hasRepeatable',
  hasPromoted: 'backstop.hasPromoted',
  hasPinned: 'backstop.hasPinned',
  hasHeld: 'backstop.hasHeld',
  isDemo: 'backstop.isDemo',
} as const;

/** The id of the demo workspace's walkthrough, in the form that the editor's command takes. */
export const demoGuide = 'backstop.backstop#demo';
export const runPanelType = 'backstop.run';
export const documentScheme = 'backstop';
