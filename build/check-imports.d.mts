export function breaches(file: string, text: string): { line: number; module: string; says: string }[]
