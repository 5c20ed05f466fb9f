// Every command id, setting, view id and context key, typed once; a test compares them with package.json.

export const commands = {
  validatePipelines: 'backstop.validatePipelines',
  openRun: 'backstop.openRun',
} as const;
