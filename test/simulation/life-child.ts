import { setTimeout as wait } from 'node:timers/promises'
import { isNotAssigned } from '../../electron/odin/services'
import { servicesRepository } from '../../electron/store/repositories/services'
import { usersRepository } from '../../electron/store/repositories/users'
import { openStore } from '../../electron/store/store'
import { type ServiceId, serviceAt } from '../../shared/calls/catalogue'
import { isTroubled } from '../../shared/change/machine'
import type { FieldValue, UserKey, UserRecord } from '../../shared/user/types'
import { createChance } from './chance'
import type { FromChild, LifeSetup, ToChild } from './life'
import { realOutbox } from './real-outbox'

/**
 * One life of the app's own outbox in a process of its own: edits users as fast as it may until it is killed, or
 * until it is told to bring everything to its end.
 */
const setup = JSON.parse(process.env.LIFE_SETUP ?? '') as LifeSetup
const chance = createChance(setup.seed)
const say = (message: FromChild): void => {
  process.send?.(message)
}

const store = openStore({ file: setup.file, key: Buffer.from(setup.key, 'hex') })
const users = usersRepository(store)
const services = servicesRepository(store)
const { outbox, server, signIn } = realOutbox({
  store,
  baseUrl: setup.baseUrl,
  username: setup.username,
  password: setup.password,
  callsPerSecond: setup.callsPerSecond,
  options: setup.times,
})

let finishing = false
process.on('message', (message: ToChild) => {
  if (message === 'finish') finishing = true
})
process.on('disconnect', () => process.exit(1))

await outbox.start()
while (!(await signIn())) await wait(20)

async function known(userId: string): Promise<UserRecord> {
  for (;;) {
    const cached = users.byUserId('demo', userId)
    if (cached !== undefined) return cached.record
    const read = await server.client.user(userId)
    if (read.ok) users.put('demo', read.value, Date.now())
    else await wait(20)
  }
}

/** One service of a user, read as it is opened; undefined where the user does not have it. */
async function knownService(key: UserKey, service: ServiceId): Promise<UserRecord | undefined> {
  const copy = () => services.ofUser('demo', key).find((each) => each.service === service)
  for (;;) {
    const cached = copy()
    if (cached !== undefined) return cached.record
    const read = await server.client.service(service, key)
    if (read.ok || isNotAssigned(read)) {
      services.put('demo', key, service, read.ok ? read.value : undefined, Date.now())
    } else await wait(20)
  }
}

/** What a person sees of a field: their own unsent edit, or the copy of the server's value. */
function seen(record: UserRecord, path: string): FieldValue {
  const pending = outbox.pendingOf('demo', record.key.userId)?.edits.findLast((edit) => edit.path === path)
  return pending === undefined ? (record.fields[path] ?? null) : pending.mine
}

async function edit(n: number): Promise<void> {
  const userId = chance.pick(setup.userIds)
  const record = await known(userId)
  const path = chance.pick(setup.paths)
  const service = serviceAt(path)
  const about = service === undefined ? record : await knownService(record.key, service)
  if (about === undefined) return
  const name = `${setup.username}-${setup.life}.${n}`
  const value = service === undefined ? name : `${name}@acme.example`
  const base = seen(about, path)
  say({ saving: { userId, path, value } })
  outbox.save({ changes: [{ user: record.key, edits: [{ path, base, mine: value }] }] })
  say({ saved: value })
}

/** What a person does about entries that need one: mine stays mine, and everything is tried again. */
function tidy(): void {
  for (const entry of outbox.unsent('demo')) {
    if (entry.state === 'conflict') {
      outbox.resolve(
        entry.id,
        entry.conflicts.map(({ path, theirs, mine }) => ({ path, theirs, value: mine })),
      )
    } else if (isTroubled(entry)) outbox.retry([entry.id])
  }
}

for (let n = 1; !finishing; n++) {
  await edit(n)
  if (chance.happens(0.05)) tidy()
  await wait(chance.between(5, 80))
}
while (outbox.unsent('demo').length > 0) {
  tidy()
  await wait(100)
}
await outbox.stop()
store.close()
process.send?.({ done: true } satisfies FromChild, () => process.exit(0))
