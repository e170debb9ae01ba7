import { closeSync, fstatSync, mkdirSync, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50

/**
 * Unpacks a zip archive without needing `unzip` on the machine. Keeps Unix modes and symbolic links;
 * knows no zip64 and no encryption. Meant for archives whose digest has been checked.
 *
 * @param {string} archive
 * @param {string} folder where to put the files; made if need be
 * @param {(name: string) => string | undefined} rename the path inside `folder` for an entry, or undefined to leave it out
 */
export function unzip(archive, folder, rename) {
  const fd = openSync(archive, 'r')
  try {
    for (const entry of entries(fd)) {
      const name = rename(entry.name)
      if (name === undefined || entry.name.endsWith('/')) continue
      if (name.split('/').includes('..')) throw new Error(`${archive}: ${entry.name} would leave the folder`)
      const target = join(folder, name)
      mkdirSync(dirname(target), { recursive: true })
      const content = contentOf(fd, entry)
      if (entry.isLink) symlinkSync(content.toString('utf8'), target)
      else writeFileSync(target, content, { mode: entry.mode })
    }
  } finally {
    closeSync(fd)
  }
}

function* entries(fd) {
  const { size } = fstatSync(fd)
  const tail = read(fd, Math.max(0, size - 65_557), Math.min(size, 65_557))
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || tail.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('not a zip archive')
  const count = tail.readUInt16LE(end + 10)
  const directory = read(fd, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  let at = 0
  for (let i = 0; i < count; i++) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('damaged zip directory')
    const nameLength = directory.readUInt16LE(at + 28)
    const unixMode = directory.readUInt32LE(at + 38) >>> 16
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      isLink: (unixMode & 0o170000) === 0o120000,
      mode: unixMode & 0o777 || 0o644,
    }
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
}

function contentOf(fd, entry) {
  const header = read(fd, entry.offset, 30)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = read(fd, start, entry.packedSize)
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${entry.name}: unknown packing ${entry.method}`)
  const content = entry.method === 0 ? packed : inflateRawSync(packed)
  if (content.length !== entry.size) throw new Error(`${entry.name}: damaged`)
  return content
}

function read(fd, position, length) {
  const buffer = Buffer.alloc(length)
  if (readSync(fd, buffer, 0, length, position) !== length) throw new Error('zip archive ends too early')
  return buffer
}
