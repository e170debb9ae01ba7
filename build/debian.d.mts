export function installOnDebian(packages: Readonly<Record<string, string>>): string | undefined
