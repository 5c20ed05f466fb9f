// Measurements that suites hand out with their report.

export const figures = new Map<string, number>();
