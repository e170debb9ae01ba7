import { create } from 'zustand'
import type { Completeness, Identity, Loadable, LoadChoice } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { identityNow } from '../../kernel/status'
import { counted } from '../../ui/words'
import { readCompleteness, useUsers } from './store'

interface WhatToLoad {
  /** Of which server; undefined while nothing is asked. */
  readonly as: Identity | undefined
  readonly choice: LoadChoice
  readonly providers: readonly Loadable[] | undefined
  /** By service provider, those that were opened. */
  readonly groups: ReadonlyMap<string, readonly Loadable[]>
  readonly error: Refused | undefined
}

const nothingAsked: WhatToLoad = {
  as: undefined,
  choice: { what: 'everything', chosen: [] },
  providers: undefined,
  groups: new Map(),
  error: undefined,
}

export const useWhatToLoad = create<WhatToLoad>(() => nothingAsked)

/** What is loaded now, in words. */
export function loadWords({ load, asksWhatToLoad }: Completeness): string {
  if (asksWhatToLoad) return 'Nothing yet'
  if (load?.what === 'nothing') return 'Nothing: users are found on the server'
  if (load?.what !== 'chosen') return 'Everything that the sign-in sees'
  const providers = load.chosen.filter(({ groupId }) => groupId === undefined).length
  const groups = load.chosen.length - providers
  return [
    ...(providers > 0 ? [counted(providers, 'service provider')] : []),
    ...(groups > 0 ? [counted(groups, 'group')] : []),
  ].join(', ')
}

export function openWhatToLoad(): void {
  const as = identityNow()
  if (as === undefined) return
  const choice = useUsers.getState().completeness?.load
  useWhatToLoad.setState({ ...nothingAsked, as, ...(choice === undefined ? {} : { choice }) })
  if (choice?.what === 'chosen') void listLoadable()
}

export const closeWhatToLoad = (): void => useWhatToLoad.setState(nothingAsked)

/** Lists the service providers, or the groups of one. */
export async function listLoadable(serviceProviderId?: string): Promise<void> {
  const { as, providers, groups } = useWhatToLoad.getState()
  const isHere = serviceProviderId === undefined ? providers !== undefined : groups.has(serviceProviderId)
  if (as === undefined || isHere) return
  const scope = serviceProviderId === undefined ? {} : { serviceProviderId }
  try {
    const found = await ask(gungnir.users.loadable({ ...scope, as }))
    useWhatToLoad.setState((now) => {
      if (now.as !== as) return now
      if (serviceProviderId === undefined) return { providers: found, error: undefined }
      return { groups: new Map(now.groups).set(serviceProviderId, found), error: undefined }
    })
  } catch (error) {
    if (useWhatToLoad.getState().as === as) useWhatToLoad.setState({ error: refusal(error) })
  }
}

export function chooseWhat(what: LoadChoice['what']): void {
  useWhatToLoad.setState(({ choice }) => ({ choice: { ...choice, what } }))
  if (what === 'chosen') void listLoadable()
}

const isOf = (serviceProviderId: string) => (one: LoadChoice['chosen'][number]) =>
  one.serviceProviderId === serviceProviderId

/** A whole service provider takes the place of single groups of it. */
export function chooseProvider(id: string, on: boolean): void {
  useWhatToLoad.setState(({ choice }) => {
    const others = choice.chosen.filter((one) => !isOf(id)(one))
    return { choice: { ...choice, chosen: on ? [...others, { serviceProviderId: id }] : others } }
  })
}

export function chooseGroups(serviceProviderId: string, groupIds: readonly string[]): void {
  useWhatToLoad.setState(({ choice }) => ({
    choice: {
      ...choice,
      chosen: [
        ...choice.chosen.filter((one) => !isOf(serviceProviderId)(one)),
        ...groupIds.map((groupId) => ({ serviceProviderId, groupId })),
      ],
    },
  }))
}

export async function takeWhatToLoad(): Promise<void> {
  const { as, choice } = useWhatToLoad.getState()
  if (as === undefined) return
  try {
    const chosen = choice.what === 'chosen' ? choice.chosen : []
    await ask(gungnir.users.chooseLoad({ choice: { ...choice, chosen: [...chosen] }, as }))
    closeWhatToLoad()
    await readCompleteness()
  } catch (error) {
    useWhatToLoad.setState({ error: refusal(error) })
  }
}
