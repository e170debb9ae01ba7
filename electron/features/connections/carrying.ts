import type { ConnectionsPlan } from '../../../shared/ipc/contract'
import { Refusal, withFile } from '../../ipc/refusal'
import { type OpenFile, type SaveFile, writeAll } from '../../platform/file-sink'
import type { Random } from '../../platform/ports'
import { type Address, sameAddress } from '../../server/identity'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import type { Authorities } from './authorities'
import { type Carried, carriedRequest, carriedSuggestion, carriedText, readCarried } from './carried'

/**
 * Connections go to another computer in a file, without passwords, and come in as new ones: one that is here already stays as
 * it is, and is never written over.
 */
export function createCarrying(deps: {
  repository: Pick<ConnectionsRepository, 'list' | 'save'>
  authorities: Pick<Authorities, 'read' | 'describe'>
  random: Pick<Random, 'id'>
  openFile: OpenFile
  saveFile: SaveFile
  /** Throws where no connection may be added. */
  mayAdd: () => void
}) {
  const { repository, authorities, random, openFile, saveFile, mayAdd } = deps
  let opened: { readonly id: string; readonly all: readonly (Carried | undefined)[] } | undefined

  const here = (one: Address): SavedConnection | undefined =>
    repository.list().find((saved) => sameAddress(saved, one))

  const carried = async (saved: SavedConnection): Promise<Carried> => {
    const { ca } = saved
    if (ca === undefined || ca.pem !== undefined) return saved
    const read = await authorities.read(ca.file).catch(() => undefined)
    const { ca: _unread, ...rest } = saved
    return read === undefined ? rest : { ...rest, ca: read }
  }

  return {
    async exportAll(): Promise<{ path?: string; connections: number }> {
      // A connection without an account is one that an organisation sets, and comes from there.
      const all = repository.list().filter(({ demo, username }) => !demo && username !== '')
      const sink = await saveFile(carriedSuggestion)
      if (sink === undefined) return { connections: 0 }
      await withFile('written', writeAll(sink, [carriedText(await Promise.all(all.map(carried)))]))
      return { path: sink.path, connections: all.length }
    },

    /** Asks for a file and says what would come in. Nothing is kept yet. */
    async open(): Promise<ConnectionsPlan | undefined> {
      mayAdd()
      const file = await withFile('read', openFile(carriedRequest))
      if (file === undefined) return undefined
      const read = readCarried(file.name, file.bytes)
      const id = random.id()
      opened = { id, all: read.map((one) => ('carried' in one ? one.carried : undefined)) }
      const before: Carried[] = []
      const connections = read.map(async (one): Promise<ConnectionsPlan['connections'][number]> => {
        if (!('carried' in one)) return { name: one.name, why: one.problem }
        const { ca, readOnly, callsPerSecond: _pace, ...rest } = one.carried
        const same = here(one.carried)
        const twice = before.some((other) => sameAddress(other, one.carried))
        before.push(one.carried)
        const why = same
          ? `Here already as “${same.name}”; it stays as it is.`
          : twice
            ? 'Twice in the file.'
            : undefined
        return {
          ...rest,
          ...(readOnly ? { readOnly } : {}),
          ...(ca === undefined ? {} : { ca: await authorities.describe(ca) }),
          ...(why === undefined ? {} : { why }),
        }
      })
      return { id, file: file.name, connections: await Promise.all(connections) }
    },

    /** Takes in those that a person chose, by their places in the file. Says how many are new. */
    take(id: string, places: readonly number[]): number {
      mayAdd()
      if (opened?.id !== id) {
        throw new Refusal('gone', 'Another file was opened meanwhile.', { next: 'Import the file again.' })
      }
      let added = 0
      for (const place of places) {
        const one = opened.all[place]
        if (one === undefined || here(one) !== undefined) continue
        repository.save({ ...one, id: random.id(), demo: false })
        added++
      }
      opened = undefined
      return added
    },
  }
}
export type Carrying = ReturnType<typeof createCarrying>
