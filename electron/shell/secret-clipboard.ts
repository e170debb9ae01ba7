import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../platform/ports'

/** Long enough to paste it, short enough that nobody finds it there. */
const keptMs = 60_000

export interface SecretClipboard {
  /** Puts a secret on the clipboard, and takes it off after a minute unless something else was copied meanwhile. Throws if it cannot. */
  copy(secret: string): Promise<void>
  /** Takes it off now, if it is still there. */
  clear(): Promise<void>
}

/** What must not stay on the clipboard. The secret itself is not kept: only a digest, to know it again. */
export function createSecretClipboard(deps: {
  /** Newer versions of Electron answer later. */
  clipboard: { readText(): string | Promise<string>; writeText(text: string): unknown; clear(): unknown }
  clock: Pick<Clock, 'after'>
}): SecretClipboard {
  const { clipboard, clock } = deps
  const key = randomBytes(32)
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex')
  let copied: { digest: string; cancel: () => void } | undefined

  async function clear(): Promise<void> {
    if (copied === undefined) return
    const { cancel, digest: sought } = copied
    copied = undefined
    cancel()
    if (digest(await clipboard.readText()) === sought) await clipboard.clear()
  }

  return {
    clear,
    async copy(secret) {
      copied?.cancel()
      // Before it is there: who quits meanwhile leaves nothing behind.
      copied = { digest: digest(secret), cancel: clock.after(keptMs, () => void clear()) }
      await clipboard.writeText(secret)
    },
  }
}
