export function judged(said: string): { refused?: string; told?: string }
export function checkSignatures(): void
