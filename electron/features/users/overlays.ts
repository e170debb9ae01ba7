import type { OutboxRepository } from '../../store/repositories/outbox'
import { type Overlay, overlayOf } from './overlay'

/** Which overlays there are, as text that is another one whenever they were others. */
export type Stamps = ReadonlyMap<string, string>

/** The overlays of a connection's users. Each is read from the outbox when it is first asked for. */
export class Overlays {
  private readonly stampOf: Map<string, string>
  private readonly known = new Map<string, Overlay | undefined>()
  /** Whose entries have changed and were not asked for since. */
  private readonly stale = new Set<string>()

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly connectionId: string,
  ) {
    this.stampOf = outbox.liveStamps(connectionId)
  }

  get stamps(): Stamps {
    return this.stampOf
  }

  of(userId: string): Overlay | undefined {
    if (this.stale.has(userId)) this.changed(userId)
    if (!this.stampOf.has(userId)) return undefined
    if (!this.known.has(userId)) {
      this.known.set(userId, overlayOf(this.outbox.liveOfUser(this.connectionId, userId)))
    }
    return this.known.get(userId)
  }

  /** The entries of these users changed: whoever asks for one from now on is answered anew. */
  outdated(userIds: Iterable<string>): void {
    for (const userId of userIds) this.stale.add(userId)
  }

  /** The entries of this user changed. */
  changed(userId: string): void {
    this.stale.delete(userId)
    this.known.delete(userId)
    const stamp = this.outbox.liveStamps(this.connectionId, userId).get(userId)
    if (stamp === undefined) this.stampOf.delete(userId)
    else this.stampOf.set(userId, stamp)
  }
}
