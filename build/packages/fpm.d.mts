export interface Parsed {
  readonly options: Readonly<Record<string, string>>
  readonly lists: Readonly<Record<string, readonly string[]>>
  readonly files: readonly { readonly from: string; readonly to: string }[]
}
export function parseArguments(args: readonly string[]): Parsed
export function controlFile(parsed: Parsed, installedKiB: number): string
export function specFile(
  parsed: Parsed,
  rest: {
    readonly scripts: { readonly post?: string; readonly postun?: string }
    readonly files: readonly { readonly path: string; readonly folder: boolean }[]
    readonly summary: string
  },
): string
export function build(args: readonly string[]): void
