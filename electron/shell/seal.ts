import { join } from 'node:path'

/** Beside the archive: a digest for each sealed file, in the form that `sha256sum -c` reads. */
export const sealFile = 'SHA256SUMS'

/** Reads the bytes of a file as they lie on the disk, an archive too. */
type ReadBytes = (path: string) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Which of the program's own files are no longer as they were packed. It tells damage, and a change by somebody who did not look
 * further; whoever may write these files may write the seal anew, or leave this check out.
 *
 * @param resources the folder with the archive
 * @returns what was changed or is missing, by its path in that folder; empty when all is as it was
 */
export async function changedFiles(resources: string, read: ReadBytes): Promise<string[]> {
  const sealed = await read(join(resources, sealFile)).then(parse, () => [])
  // An archive without a seal has lost it.
  if (!sealed.some(([, path]) => path === 'app.asar')) return [sealFile]
  const found = await Promise.all(
    sealed.map(async ([digest, path]) => {
      try {
        return hex(await crypto.subtle.digest('SHA-256', await read(join(resources, path)))) === digest
      } catch {
        return false
      }
    }),
  )
  return sealed.filter((_, index) => !found[index]).map(([, path]) => path)
}

/** Why the app does not start with them, and what to do. */
export function whyChanged(files: readonly string[]): string {
  return `The program’s own files were changed after it was packed, or are damaged: ${files.join(', ')}. Your data was not opened. Install Gungnir again from where you trust it; if nobody here changed it, have the computer looked at.`
}

function parse(bytes: Uint8Array): (readonly [digest: string, path: string])[] {
  return [...new TextDecoder().decode(bytes).matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(
    ([, digest = '', path = '']) => [digest, path],
  )
}

const hex = (digest: ArrayBuffer): string => Buffer.from(digest).toString('hex')
