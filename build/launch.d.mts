export const playwrightLoader: string
export function launchSwitches(options?: { virtual?: boolean }): string[]
export function hasDisplay(): boolean
