import type { GungnirBridge } from '../../shared/ipc/bridge'
import type { IpcAnswer, IpcError } from '../../shared/ipc/contract'

declare global {
  interface Window {
    readonly gungnir: GungnirBridge
  }
}

/** The only way to the main process: one named function per thing the page may ask. */
export const gungnir: GungnirBridge = window.gungnir

/** A refusal from the main process: a sentence for people, what to do next, and the raw words if there are any. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly kind: string
  readonly next: string | undefined
  readonly raw: string | undefined

  constructor(error: IpcError) {
    super(error.message)
    this.kind = error.kind
    this.next = error.next
    this.raw = error.raw
  }
}

/** The value of an answer. Rejects with `Refused` when the main process refused. */
export async function ask<T>(answer: Promise<IpcAnswer<T>>): Promise<T> {
  const settled = await answer
  if (settled.ok) return settled.value
  throw new Refused(settled.error)
}

/** Anything thrown, as something that can be shown. */
export function refusal(error: unknown): Refused {
  if (error instanceof Refused) return error
  return new Refused({
    kind: 'internal',
    message: 'Something went wrong in the window.',
    next: 'Try again. If it happens again, restart Gungnir.',
    raw: error instanceof Error ? error.message : String(error),
  })
}
