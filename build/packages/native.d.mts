export function processorOf(arch: number | string): string
export function partsFor(platform: string, processor: string): { libsql: string; keytar: string }
export function stageFor(platform: string, processor: string): string
export function stage(platform: string, processor: string): void
export function machineOf(file: string): string
export function wrongParts(resources: string, platform: string, processor: string): string[]
