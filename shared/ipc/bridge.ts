import type * as z from 'zod'
import type { Channel, contract, EventName, EventPayload, Input, IpcAnswer, Output } from './contract'

type FeatureOf<C extends Channel> = C extends `${infer F}.${string}` ? F : never
type Feature = FeatureOf<Channel>
type NameIn<F extends Feature> =
  Extract<Channel, `${F}.${string}`> extends infer C ? (C extends `${F}.${infer N}` ? N : never) : never
type ChannelOf<F extends string, N extends string> = Extract<Channel, `${F}.${N}`>

/** `users.changed` → `usersChanged`. */
type Camel<S extends string> = S extends `${infer Head}.${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S

/** Runs for each event until the returned function is called. */
export type Subscribe<E extends EventName> = (listener: (payload: EventPayload<E>) => void) => () => void

/**
 * `window.gungnir`: one named function per channel of the contract, `gungnir.<feature>.<name>(input)`, and one
 * subscriber per event, `gungnir.events.<name>(listener)`. The functions never reject for a refusal: that is a
 * value, `{ ok: false, error }`.
 */
export type GungnirBridge = {
  readonly [F in Feature]: {
    readonly [N in NameIn<F>]: (input: Input<ChannelOf<F, N>>) => Promise<IpcAnswer<Output<ChannelOf<F, N>>>>
  }
} & {
  readonly events: { readonly [E in EventName as Camel<E>]: Subscribe<E> }
}

/** What a handler receives: the input after it was parsed. */
export type Received<C extends Channel> = z.output<(typeof contract)[C]['input']>

/** The main process's side: one handler per channel. It refuses by throwing `Refusal` (`electron/ipc/refusal.ts`). */
export type Handlers = {
  readonly [C in Channel]: (input: Received<C>) => Promise<Output<C>> | Output<C>
}

/** `users.changed` → `usersChanged`, as the type above says it. */
export function camelName(name: string): string {
  return name.replace(/\.([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
