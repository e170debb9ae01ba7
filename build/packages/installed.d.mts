export const root: string
export function inRoot(...command: string[]): [command: string, args: string[]]
export function whyNoRoot(): string | undefined
export function makePackages(): Promise<string | undefined>
