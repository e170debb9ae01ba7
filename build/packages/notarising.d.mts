export function notarising(env: Readonly<Record<string, string | undefined>>): string[]
