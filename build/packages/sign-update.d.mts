export function publicText(privatePem: string): string
export function signedOffer(of: {
  readonly file: string
  readonly bytes: Uint8Array
  readonly privatePem: string
  readonly version?: string
  readonly platform?: string
  readonly arch?: string
  readonly channel: string
  readonly notes: string
  readonly percent: number
}): { readonly name: string; readonly bytes: Buffer; readonly signature: string }
