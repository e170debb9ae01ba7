export function electronPath(): Promise<{
  path: string
  version: string
  kind: 'official' | 'stand-in'
  why: string
}>
