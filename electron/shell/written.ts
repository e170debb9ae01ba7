import { Refusal } from '../ipc/refusal'
import type { SaveFile } from '../platform/file-sink'

/** The page may ask for so many of the latest files. */
const mostKept = 100

/**
 * Remembers which files a person had written, so that these, and nothing else that the page may name, are shown in their
 * folder.
 */
export function rememberWritten(saveFile: SaveFile, show: (path: string) => void) {
  const written = new Set<string>()
  const remembering: SaveFile = async (suggestion) => {
    const sink = await saveFile(suggestion)
    if (sink === undefined) return undefined
    return {
      ...sink,
      async finish() {
        await sink.finish()
        written.delete(sink.path)
        written.add(sink.path)
        for (const path of written) if (written.size > mostKept) written.delete(path)
      },
    }
  }
  return {
    saveFile: remembering,
    showInFolder(path: string): void {
      if (!written.has(path))
        throw new Refusal('file', 'Gungnir did not write this file since it was started.')
      show(path)
    },
  }
}
