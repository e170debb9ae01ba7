export type StoreErrorKind =
  /** The file is sound, but this key is not the one it was written with. */
  | 'wrong-key'
  /** The file, or a page of it, cannot be understood with the right key. */
  | 'corrupt'
  /** Written by a newer Gungnir than this one. */
  | 'newer'
  /** A migration that was applied to this file is not the one this build knows by that number. */
  | 'other-history'
  | 'disk-full'
  /** The disk or the permissions refused a read or a write. */
  | 'io'
  /** Another process holds the database. */
  | 'busy'
  /** A text with U+0000, which the driver would cut there. */
  | 'text'
  /** A constraint of the schema, or a mistake in our own SQL. */
  | 'internal'

/** The one error of the store. Its message is for people and carries no data from the database. */
export class StoreError extends Error {
  override readonly name = 'StoreError'

  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    /** SQLite's own code, such as `SQLITE_IOERR_FSYNC`. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const words: Record<StoreErrorKind, string> = {
  'wrong-key': 'The database cannot be opened with the key in the keychain.',
  corrupt: 'The database is damaged.',
  newer: 'The database was written by a newer version of Gungnir.',
  'other-history': 'The database was written by a different build of Gungnir.',
  'disk-full': 'The disk is full.',
  io: 'The database could not be read or written.',
  busy: 'Another program is using the database.',
  text: 'A text with the character U+0000 cannot be stored or looked for.',
  internal: 'The database refused a request.',
}

const kindOfCode = (code: string): StoreErrorKind => {
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) return 'corrupt'
  if (code.startsWith('SQLITE_FULL')) return 'disk-full'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'busy'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)|^E[A-Z]+$/.test(code)) return 'io'
  return 'internal'
}

/** SQLite's primary result codes, for the driver's open errors: those carry the number only in their text. */
const codeOfNumber: Readonly<Record<string, string>> = {
  '5': 'SQLITE_BUSY',
  '8': 'SQLITE_READONLY',
  '10': 'SQLITE_IOERR',
  '11': 'SQLITE_CORRUPT',
  '13': 'SQLITE_FULL',
  '14': 'SQLITE_CANTOPEN',
  '26': 'SQLITE_NOTADB',
}

/** Makes a {@link StoreError} of whatever the driver or the file system threw; one that is typed already is passed on. */
export const storeError = (cause: unknown): StoreError => {
  if (cause instanceof StoreError) return cause
  const { code, message } = cause as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message : ''
  const known =
    typeof code === 'string' && code !== '' ? code : codeOfNumber[/: (\d+)"\)$/.exec(text)?.[1] ?? '']
  if (known === undefined) return new StoreError('internal', words.internal, undefined, { cause })
  const kind = kindOfCode(known)
  return new StoreError(kind, words[kind], known, { cause })
}

export const storeErrorOf = (kind: StoreErrorKind): StoreError => new StoreError(kind, words[kind])
