export function seal(resources: string): void
