export function unzip(archive: string, folder: string, rename: (name: string) => string | undefined): void
