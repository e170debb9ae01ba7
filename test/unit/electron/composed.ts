import { join } from 'node:path'
import { composeFeatures } from '../../../electron/composition'
import { startDemoServer } from '../../../electron/demo/server'
import type { Emit } from '../../../electron/ipc/door'
import { systemClock } from '../../../electron/platform/clock'
import type { OpenedFile } from '../../../electron/platform/file-sink'
import { createHttp } from '../../../electron/platform/http'
import { openLog } from '../../../electron/platform/log'
import { type PolicySource, policyOf } from '../../../electron/platform/policy/policy'
import type { Keychain } from '../../../electron/platform/ports'
import { systemRandom } from '../../../electron/platform/random'
import { readSmallText } from '../../../electron/shell/files'
import { openStorage } from '../../../electron/shell/storage'

export const clock = systemClock()
export const random = systemRandom(clock)
export const password = 'correct horse battery'

/** The whole app but its shell: real store on disk, real client over HTTP, real demo servers. */
export async function compose(options: {
  /** The folder of the database and the log. */
  profile: string
  /** What is in the keychain. */
  kept: Map<string, string>
  /** What was saved, to be opened next. */
  files?: OpenedFile[]
  sources?: readonly PolicySource[]
  emit: Emit
  /** Anything that the shell would be asked to do. */
  done: (what: string, about: unknown) => void
}) {
  const { profile, kept, files = [], sources = [], emit, done } = options
  const log = openLog({ directory: join(profile, 'logs'), clock })
  const keychain: Keychain = {
    get: async (name) => kept.get(name),
    find: async (beginning) =>
      [...kept].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  }
  const parts = composeFeatures({
    clock,
    random,
    log,
    keychain,
    storage: await openStorage({
      file: join(profile, 'gungnir.db'),
      keychain,
      random,
      clock,
      log,
      hideSecret: log.hide,
    }),
    policy: policyOf(sources),
    http: createHttp({ log }),
    network: { online: () => true, onChange: () => () => {} },
    emit,
    startDemo: async ({ port, seed }) => ({
      ...(await startDemoServer({ port, seed, users: 30, password })),
      ended: new Promise<void>(() => {}),
    }),
    person: 'ana at desk-1',
    chooseCaFile: async () => undefined,
    readCaFile: readSmallText,
    copySecret: async (secret) => done('copy', secret),
    notify: (text) => done('notify', text),
    relaunch: () => done('relaunch', undefined),
    openFile: async () => files.shift(),
    openReader: async () => {
      const file = files.shift()
      return (
        file && {
          name: file.name,
          size: file.bytes.length,
          bytes: async function* (from, to) {
            yield file.bytes.subarray(from, to)
          },
          close: async () => {},
        }
      )
    },
    saveFile: async () => {
      const parts: Uint8Array[] = []
      return {
        path: 'saved',
        write: async (part) => void parts.push(Buffer.from(part)),
        finish: async () => void files.push({ name: 'saved', bytes: Buffer.concat(parts) }),
        discard: async () => {},
      }
    },
    showInFolder: (path) => done('folder', path),
    applyTheme: (theme) => done('theme', theme),
    info: { version: '1', platform: 'test', electron: '' },
    readNotices: async () => '',
  })
  return { ...parts, log }
}
