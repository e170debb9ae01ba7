import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Authority } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import { readAuthorities } from '../../platform/trust'
import type { ChosenAuthority } from '../../store/repositories/connections'

/** More than anybody chooses before saving. */
const mostChosen = 20

/** An authority whose text is known. */
export type ReadAuthority = Required<ChosenAuthority>

export interface Authorities {
  /** Asks a person for a file; undefined when they cancel. Throws a `Refusal` when the file is of no use. */
  choose(): Promise<Authority | undefined>
  /** What was chosen since the start, by its id: the page names files only so, and can have no other one read. */
  chosen(id: string): ReadAuthority | undefined
  /** The text of one that was chosen before its text was kept. Throws a `Refusal` when it cannot be read. */
  read(file: string): Promise<ReadAuthority>
  describe(authority: ChosenAuthority): Promise<Authority>
}

/** The certificates that people chose to trust. What counts is their text at that time, whatever becomes of the file. */
export function createAuthorities(deps: {
  /** Opens the system's dialog; undefined when a person cancels. */
  chooseFile: () => Promise<string | undefined>
  /** Reads a small file as text; rejects when it cannot be read. */
  readFile: (path: string) => Promise<string>
}): Authorities {
  const chosen = new Map<string, ReadAuthority>()

  async function read(file: string): Promise<ReadAuthority> {
    const pem = await deps.readFile(file).catch(() => {
      throw new Refusal('ca-file', `The CA file cannot be read: ${file}`, {
        next: 'Choose a PEM file of at most 1 MB that you may read.',
      })
    })
    const found = readAuthorities(pem)
    if (!found.ok)
      throw new Refusal('ca-file', found.problem, { next: 'Choose a file with certificates in PEM form.' })
    // What stands around the certificates in the file is nobody's business.
    return { file, pem: found.pem.join('\n') }
  }

  return {
    read,
    chosen: (id) => chosen.get(id),

    async choose() {
      const file = await deps.chooseFile()
      if (file === undefined) return undefined
      const authority = await read(file)
      if (chosen.size >= mostChosen) chosen.delete([...chosen.keys()][0] ?? '')
      chosen.set(idOf(authority), authority)
      return describeText(authority)
    },

    async describe(authority) {
      const now = await read(authority.file).catch(() => undefined)
      const { file, pem } = { ...now, ...authority }
      if (pem === undefined) return { id: '', file: nameOf(file), certificates: [] }
      const changed = now !== undefined && now.pem !== pem
      return { ...describeText({ file, pem }), ...(changed ? { changed } : {}) }
    },
  }
}

export const idOf = ({ pem }: ReadAuthority): string => createHash('sha256').update(pem).digest('hex')

const nameOf = (file: string): string => basename(file).slice(0, 300)

function describeText(authority: ReadAuthority): Authority {
  const found = readAuthorities(authority.pem)
  const certificates = found.ok ? found.certificates.slice(0, 500) : []
  return { id: idOf(authority), file: nameOf(authority.file), certificates: [...certificates] }
}
