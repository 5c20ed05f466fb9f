// Measurements that suites add to their report.

export const figures = new Map<string, number>();
