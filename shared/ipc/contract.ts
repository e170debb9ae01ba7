import * as z from 'zod'
import { serviceIds } from '../calls/catalogue'
import { entryState, fieldConflict } from '../change/shapes'
import {
  historyEntry,
  historyLine,
  historyLines,
  historyReport,
  historyScope,
  historySummary,
  historyWindow,
  revertPlan,
} from '../history/shapes'
import { json } from '../json'
import { fieldEdit, fieldValues, userKey, userRow } from '../user/shapes'
import type { channels, eventNames } from './channels'

/**
 * The one list of what the renderer may ask of the main process, and of what the main process may tell it.
 * Every input and output is parsed at the door in `electron/ipc`.
 */

/** One sentence for people (`message`), what to do next (`next`), and the raw text for those who want it. */
export const ipcError = z.object({
  kind: z.string(),
  message: z.string(),
  next: z.string().optional(),
  raw: z.string().optional(),
})
export type IpcError = z.infer<typeof ipcError>

/** The server and the account under which a person did something: it is done there, or not at all. */
export const identity = z.object({
  connectionId: z.string().max(100),
  origin: z.string().max(2000),
  account: z.string().max(200),
})
export type Identity = z.infer<typeof identity>

// --- connections -------------------------------------------------------------------------------------------

/** Certificates that a person chose from a file. */
export const authority = z.object({
  /** Of its text, as it was when it was chosen. */
  id: z.string().max(100),
  /** The file's name, without its folder. */
  file: z.string().max(300),
  /** Whom the certificates name, and their SHA-256 fingerprints. */
  certificates: z.array(z.object({ name: z.string().max(500), fingerprint: z.string().max(100) })).max(500),
  /** The file on the disk says something else by now; what was chosen is what counts. */
  changed: z.boolean().optional(),
})
export type Authority = z.infer<typeof authority>

export const connection = z.object({
  id: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  username: z.string(),
  callsPerSecond: z.number(),
  /** What is trusted besides the system's authorities. */
  ca: authority.optional(),
  /** A person agreed that the password goes there without encryption. */
  unencrypted: z.boolean().optional(),
  /** A person has switched it to read-only: nothing is changed on its server from here. */
  readOnly: z.boolean().optional(),
  /** The way to it: `none`, or the address of a proxy; left out, the system's. */
  proxy: z.string().optional(),
  /** Changed fields alone are sent, also of services that are otherwise written whole. */
  partialBodies: z.boolean().optional(),
  demo: z.boolean(),
  hasPassword: z.boolean(),
  /** Who has set it, in words: it cannot be changed or removed, but for its password. */
  setBy: z.string().optional(),
  /** It is set, and each person types a username of their own. */
  ownUsername: z.boolean().optional(),
})
export type Connection = z.infer<typeof connection>

export const connectionDraft = z.object({
  id: z.string().optional(),
  name: z.string().max(100),
  baseUrl: z.string().max(2000),
  username: z.string().max(200),
  /** Left out: the one in the keychain stays. */
  password: z.string().max(1000).optional(),
  callsPerSecond: z.number().min(0.5).max(100),
  /** The id of an authority that was chosen, or that the connection has. */
  ca: z.string().max(100).optional(),
  unencrypted: z.boolean().optional(),
  proxy: z.string().max(300).optional(),
  partialBodies: z.boolean().optional(),
})
export type ConnectionDraft = z.infer<typeof connectionDraft>

/** What a file of connections would bring in. */
export const connectionsPlan = z.object({
  id: z.string().max(100),
  /** The file's name, without its folder. */
  file: z.string(),
  connections: z.array(
    connection
      .pick({ baseUrl: true, username: true, readOnly: true, ca: true, proxy: true, partialBodies: true })
      .partial()
      .extend({
        name: z.string(),
        /** Why it does not come in. */
        why: z.string().optional(),
      }),
  ),
})
export type ConnectionsPlan = z.infer<typeof connectionsPlan>

export const testResult = z.object({
  ok: z.boolean(),
  /** `ok`, `no-such-host`, `refused`, `timeout`, `tls`, `not-odin`, `wrong-password`, `password-expired`, `not-permitted`, … */
  cause: z.string(),
  message: z.string(),
  next: z.string().optional(),
  raw: z.string().optional(),
  /** The address of a proxy that wants a sign-in. */
  proxy: z.string().optional(),
})
export type TestResult = z.infer<typeof testResult>

/** What the status bar says, in facts. */
export const status = z.object({
  connectionId: z.string().optional(),
  connectionName: z.string().optional(),
  /** With the id and the account: whose users are on screen. */
  origin: z.string().optional(),
  account: z.string().optional(),
  /** What is said to the server can be read on the way. */
  unencrypted: z.boolean().optional(),
  loginType: z.string().optional(),
  /** Fields that this sign-in may not change, as far as it tells, each with the reason in words. */
  locked: z.record(z.string(), z.string()),
  /** Why nothing may be changed on this server from here, whoever is signed in, in words. */
  readOnly: z.string().optional(),
  network: z.enum(['none', 'connecting', 'online', 'offline', 'signed-out', 'captive-portal', 'server-down']),
  /** Why it is not online, in words. */
  why: z.string().optional(),
  /** Wall ms when a server that cannot be reached is asked again by itself. */
  nextTryWall: z.number().optional(),
  workOffline: z.boolean(),
  /** Whether the server can be asked now: it is there, somebody is signed in, and nobody works offline. */
  mayAsk: z.boolean(),
  /** Why secrets do not survive a restart, if they do not. */
  keychainWarning: z.string().optional(),
  /** Why nothing is kept on disk, if so. */
  storeWarning: z.string().optional(),
  /** A database is there that could not be opened: what a person may choose. */
  storeChoices: z.array(z.enum(['again', 'restore', 'anew'])).optional(),
  users: z.number(),
  /** Wall ms of the oldest group read that is shown. */
  dataAsOf: z.number().optional(),
  outbox: z.object({
    waiting: z.number(),
    needsPerson: z.number(),
    /** While more than one change of the chosen connection is on its way; `what`: the reason they share. */
    sending: z.object({ done: z.number(), of: z.number(), what: z.string().optional() }).optional(),
    /** Changes of the chosen connection that came to need a person while the app ran, and still do. */
    trouble: z
      .object({
        total: z.number(),
        first: z.array(
          z.object({ id: z.string(), userId: z.string(), conflict: z.boolean(), text: z.string() }),
        ),
      })
      .optional(),
  }),
})
export type Status = z.infer<typeof status>

/** One file of a problem report. */
export const reportPart = z.object({
  name: z.enum(['report.txt', 'last-crash.txt', 'log.txt']),
  text: z.string().max(2_000_000),
})
export type ReportPart = z.infer<typeof reportPart>

/** What an organisation has set, for people. */
export const policyView = z.object({
  /** Each with what it is, in words, and who has set it. */
  settings: z.array(z.object({ key: z.string(), words: z.string(), by: z.string() })),
  /** What is wrong with it. */
  problems: z.array(z.string()),
  /** Why no connection can be added or removed. */
  connectionsLocked: z.string().optional(),
  /** Who has set the way to every server, in words. */
  proxySet: z.string().optional(),
  /** Why there is no demo server. */
  noDemo: z.string().optional(),
  /** Days of history that stay; left out where there is no limit or all of it stays. */
  historyMinimumDays: z.number().optional(),
  /** Why history of that age, or all of it, stays. */
  historyStays: z.string().optional(),
})
export type PolicyView = z.infer<typeof policyView>

/** How far it is with a newer version. */
export const updatesState = z.object({
  /** `off`: none is looked for; `idle`: none is known of; `ready`: it was fetched, and its digest is the one that was signed. */
  step: z.enum(['off', 'idle', 'checking', 'offered', 'downloading', 'ready', 'failed']),
  /** The version that runs. */
  version: z.string(),
  /** The newer one, and what is new in it. */
  offered: z.string().optional(),
  notes: z.string().optional(),
  /** Why it is off, or failed, in words. */
  why: z.string().optional(),
  percent: z.number().optional(),
  /** Wall ms of the last look that had an answer. */
  checkedWall: z.number().optional(),
  /** It is installed when the app ends. */
  agreed: z.boolean().optional(),
})
export type UpdatesState = z.infer<typeof updatesState>

/** Whether the window is locked, and whose password opens it. */
export const lockState = z.object({
  locked: z.boolean(),
  who: z.string().optional(),
  /** Who has set that it locks. */
  why: z.string().optional(),
})
export type LockState = z.infer<typeof lockState>

// --- users -------------------------------------------------------------------------------------------------

export const scope = z.object({ serviceProviderId: z.string().optional(), groupId: z.string().optional() })
export const sortKey = z.object({ path: z.string(), direction: z.enum(['ascending', 'descending']) })

export const usersQuery = z.object({
  search: z.string().max(1000),
  scope,
  sort: z.array(sortKey).max(4),
})
export type UsersQuery = z.infer<typeof usersQuery>

/** Chosen users; "all" is everything that a query finds, with what was taken out of it. */
export const userSelection = z.discriminatedUnion('all', [
  z.object({ all: z.literal(false), ids: z.array(z.string().max(400)).max(1_000_000) }),
  z.object({ all: z.literal(true), except: z.array(z.string().max(400)).max(1_000_000) }),
])
export type UserSelection = z.infer<typeof userSelection>

/** What came of a search on the server. */
export const foundOnServer = z.object({
  users: z.number(),
  /** Where the server looked, as people call it. */
  fields: z.array(z.string()),
  /** There may be more than were told. */
  more: z.boolean(),
  /** Answers that were not of the MAC address that was asked for, and were left out. */
  others: z.number(),
})
export type FoundOnServer = z.infer<typeof foundOnServer>

/** A search that was probably meant, and how many users it finds. */
export const nearestSearch = z.object({ search: z.string(), users: z.number() })
export type NearestSearch = z.infer<typeof nearestSearch>

/**
 * What of call handling has to be read for it: only what one call tells of a group, or user by user as well; `onlyCalls`: and
 * nothing of the full records.
 */
const callsWish = {
  calls: z.enum(['groups', 'users']).optional(),
  onlyCalls: z.boolean().optional(),
}

export const usersWindow = z.object({
  matched: z.number(),
  total: z.number(),
  start: z.number(),
  rows: z.array(userRow),
  /** Mistakes in the search text, in words; the rest still searched. */
  problems: z.array(z.string()),
  /** Lower-case, accent-free words to mark in the cells. */
  marks: z.array(z.string()),
  /** The country code of most users of the connection, whose numbers go without saying; '' when nobody's is known. */
  usualCountry: z.string().optional(),
  /** Where the users that were asked after stand in this very list, in their order; nothing for who is not in it. */
  places: z.array(z.number().optional()).optional(),
  /** Set when the search or the sort asks what was not read of every user. */
  unread: z
    .object({
      /** The fields asked for, as people call them; none when words without a field were looked for. */
      labels: z.array(z.string()),
      /** Users in the scope, and those of whom these fields are known. */
      users: z.number(),
      known: z.number(),
      /** Groups to be read for the rest, and the seconds that this takes; no time without a connection. */
      groups: z.number(),
      seconds: z.number().optional(),
      ...callsWish,
    })
    .optional(),
})
export type UsersWindow = z.infer<typeof usersWindow>

/** Which full records are read ahead: of every user, of what a person opens, or of nobody. */
export const readingChoice = z.enum(['all', 'opened', 'nothing'])
export type ReadingChoice = z.infer<typeof readingChoice>

/** What is loaded of a connection's users: a provider or a group of one each. */
export const loadChoice = z.object({
  what: z.enum(['everything', 'chosen', 'nothing']),
  chosen: z
    .array(z.object({ serviceProviderId: z.string().max(400), groupId: z.string().max(400).optional() }))
    .max(10_000),
})
export type LoadChoice = z.infer<typeof loadChoice>

/** A service provider, or a group of one, that the sign-in sees. */
export const loadable = z.object({ id: z.string(), name: z.string().optional() })
export type Loadable = z.infer<typeof loadable>

/** How far the full records of a connection are here. */
export const completeness = z.object({
  users: z.number(),
  /** Users whose full record is here. */
  known: z.number(),
  /** Groups to be read for the rest, and the seconds that this takes; no time without a connection. */
  groups: z.number(),
  seconds: z.number().optional(),
  choice: readingChoice,
  /** A person stopped the reading by itself. */
  stopped: z.boolean(),
  /** They are being read. */
  reading: z.boolean(),
  /** The sign-in may see users that are not in the list. */
  partial: z.boolean(),
  /** What a person chose to load; left out while nobody has. */
  load: loadChoice.optional(),
  /** Nothing is loaded before a person says what. */
  asksWhatToLoad: z.boolean().optional(),
})
export type Completeness = z.infer<typeof completeness>

export const userDetails = userRow.extend({
  extra: fieldValues,
  readAt: z.number(),
  /** Set when a fresh read was asked for and could not be had. */
  staleBecause: z.string().optional(),
})
export type UserDetails = z.infer<typeof userDetails>

/** The call handling of one user: fields of the services by path; one left out is not known, `null` is empty. */
export const callHandling = userDetails.extend({
  /** By service, as far as was read; `readAt`: wall ms. */
  services: z.partialRecord(z.enum(serviceIds), z.object({ assigned: z.boolean(), readAt: z.number() })),
})
export type CallHandling = z.infer<typeof callHandling>

export const loadProgress = z.object({
  running: z.boolean(),
  /** Groups of which nothing more is needed from the server. */
  groupsHere: z.number(),
  /** Groups whose users are in the list, and the users of those. */
  groupsDone: z.number(),
  groupsTotal: z.number(),
  users: z.number(),
  /** Groups whose read failed, with the reason in words. */
  failed: z.array(z.object({ serviceProviderId: z.string(), groupId: z.string(), message: z.string() })),
  phase: z.enum(['list', 'details', 'calls']),
  /** Nobody waits for it: it gives way to everything else. */
  ahead: z.boolean().optional(),
})
export type LoadProgress = z.infer<typeof loadProgress>

export const groupScope = z.object({
  serviceProviderId: z.string(),
  serviceProviderName: z.string().optional(),
  groupId: z.string(),
  groupName: z.string().optional(),
  users: z.number(),
  /** Users of whom only a list row is here. */
  unread: z.number(),
  readAt: z.number().optional(),
  /** Wall ms of the last read of every full record. */
  detailedAt: z.number().optional(),
  /** Its full records are kept here and fresh. */
  offline: z.boolean().optional(),
})
export type GroupScope = z.infer<typeof groupScope>

// --- what one user can be given -----------------------------------------------------------------------------

export const lookupOption = z.object({ value: json, label: z.string(), note: z.string().optional() })
export type LookupOption = z.infer<typeof lookupOption>

/** What there is to choose from; `why` says why it could not be read just now. */
export const lookupAnswer = z.object({
  options: z.array(lookupOption),
  readAt: z.number().optional(),
  why: z.string().optional(),
})
export type LookupAnswer = z.infer<typeof lookupAnswer>

export const extensionFacts = z.object({
  /** The group's length rule. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Who has the extension that was asked for; not the user itself. */
  takenBy: z.string().optional(),
  nextFree: z.string().optional(),
  /** Hunt groups and the like could not be asked. */
  usersOnly: z.boolean(),
})
export type ExtensionFacts = z.infer<typeof extensionFacts>

/** Wall ms of the two reads between which it happened. */
export const sighting = z.object({
  since: z.number(),
  seenAt: z.number(),
  changes: z.array(z.object({ path: z.string(), before: json, after: json })),
})
export type Sighting = z.infer<typeof sighting>

export const secretRuleWords = z.object({ words: z.array(z.string()), why: z.string().optional() })
export type SecretRuleWords = z.infer<typeof secretRuleWords>

/** What the server says of a move, in its own words. */
export const moveCheck = z.object({ errors: z.array(z.string()), impacts: z.array(z.string()) })
export type MoveCheck = z.infer<typeof moveCheck>

// --- batches: changes of many users, looked at before they are saved ---------------------------------------

const rulePath = z.string().max(200)
export const editRule = z.discriminatedUnion('act', [
  z.object({ act: z.literal('set'), path: rulePath, value: json }),
  z.object({ act: z.literal('clear'), path: rulePath }),
  z.object({ act: z.literal('build'), path: rulePath, template: z.string().max(5000) }),
  z.object({
    act: z.literal('replace'),
    path: rulePath,
    find: z.string().max(1000),
    by: z.string().max(1000),
    pattern: z.boolean(),
    matchCase: z.boolean(),
  }),
])

/** Which users and fields a file is to hold; every field when none are named. */
export const exportInput = z.object({
  query: usersQuery,
  selection: userSelection,
  paths: z.array(z.string().max(200)).max(300).optional(),
})
export type ExportInput = z.infer<typeof exportInput>

/** Users of whom something was not read, the groups to be read for them, and the seconds that this takes. */
export const unreadFacts = z.object({
  users: z.number(),
  unread: z.number(),
  groups: z.number(),
  seconds: z.number().optional(),
})
export type UnreadFacts = z.infer<typeof unreadFacts>

export const batchSummary = z.object({
  id: z.string(),
  kind: z.enum(['edit', 'import']),
  /** The file's name. */
  name: z.string().optional(),
  /** Users or lines that were looked at. */
  looked: z.number(),
  /** Users and fields that would change, and those that cannot. */
  users: z.number(),
  edits: z.number(),
  problems: z.number(),
  unchanged: z.number(),
  /** Fields that stay as they are although the file shows them in another way. */
  kept: z.number(),
  /** Users of whom a field in question was not read yet, and the seconds that reading them takes. */
  unread: z.number(),
  readSeconds: z.number().optional(),
  /** By field: how many would change and how many cannot. A doubtful one is not ticked before a person does so. */
  fields: z.array(
    z.object({
      path: z.string(),
      edits: z.number(),
      problems: z.number(),
      doubtful: z.boolean().optional(),
    }),
  ),
  /** What must be known before anything is saved, in words. */
  notices: z.array(z.string()),
  /** What was passed over, in words. */
  remarks: z.array(z.string()),
  /** How the letters of the file are read, where that was not certain, and how else they may be. */
  reading: z
    .object({ id: z.string(), choices: z.array(z.object({ id: z.string(), name: z.string() })) })
    .optional(),
  /** What the columns of the file are, to be changed by a person. */
  columns: z
    .object({
      /** Why nothing can be read before the columns are told, in words. */
      why: z.string().optional(),
      /** The line that names them. */
      line: z.number(),
      /** What each of them is; null: it is passed over. */
      paths: z.array(z.string().nullable()),
      /** The first lines of the file, cut short. */
      top: z.array(z.object({ number: z.number(), cells: z.array(z.string()) })),
    })
    .optional(),
  /** What is wrong with the rules themselves, by field. */
  ruleProblems: z.record(z.string(), z.string()),
})
export type BatchSummary = z.infer<typeof batchSummary>

/** One field of one user in a batch. Without a path: the user as a whole cannot be changed. */
export const batchRow = z.object({
  id: z.string(),
  user: userKey,
  userName: z.string(),
  line: z.number().optional(),
  path: z.string().optional(),
  old: json.optional(),
  new: json.optional(),
  typed: z.string().optional(),
  problem: z.string().optional(),
  /** Nothing is wrong with it: its user has to be read first. */
  unread: z.boolean().optional(),
  note: z.string().optional(),
  /** The field stays as it is: what the file shows is what a program made of it. */
  kept: z.boolean().optional(),
})
export type BatchRow = z.infer<typeof batchRow>

export const batchWindow = z.object({ total: z.number(), start: z.number(), rows: z.array(batchRow) })
export type BatchWindow = z.infer<typeof batchWindow>

export const batchProgress = z.object({
  work: z.enum(['read', 'look', 'compare', 'save', 'export']),
  done: z.number(),
  of: z.number(),
})
export type BatchProgress = z.infer<typeof batchProgress>

// --- outbox ------------------------------------------------------------------------------------------------

/** `own`: the base was a value of ours that the server did not have yet, which had `old` as far as was seen. */
export const saveEdit = fieldEdit.extend({ own: z.object({ old: json.optional() }).optional() })

export const saveInput = z.object({
  /** Where the person made the changes. */
  as: identity,
  changes: z
    .array(
      z.object({
        user: userKey,
        edits: z.array(saveEdit).min(1).max(200),
        /** The history entries that this change puts back. */
        reverts: z.array(z.string().max(100)).max(10_000).optional(),
      }),
    )
    .min(1)
    .max(100_000),
  reason: z.string().max(1000).optional(),
})
export type SaveInput = z.infer<typeof saveInput>

export const outboxRow = z.object({
  id: z.string(),
  seq: z.number(),
  user: userKey,
  userName: z.string(),
  connectionId: z.string(),
  connectionName: z.string(),
  edits: z.array(fieldEdit),
  reason: z.string().optional(),
  state: entryState,
  why: z.string(),
  nextTryWall: z.number().optional(),
  conflicts: z.array(fieldConflict),
  createdWall: z.number(),
  /** Fields that wait for another change which waits for this one: one of them has to be parked. */
  swaps: z.array(z.string()).optional(),
})
export type OutboxRow = z.infer<typeof outboxRow>

/** Changes that were saved together, as one line. */
export const outboxBatch = z.object({
  id: z.string(),
  connectionId: z.string(),
  reason: z.string().optional(),
  /** The paths that its first change is about. */
  fields: z.array(z.string()),
  /** What it sets those to, where that is the same for all that have not ended. */
  values: z.array(z.object({ path: z.string(), mine: json })),
  /** How many changes it had as far as is known, how many of them have not ended, and how many of those need a person. */
  of: z.number(),
  left: z.number(),
  troubled: z.number(),
})
export type OutboxBatch = z.infer<typeof outboxBatch>

export const outboxWindow = z.object({
  total: z.number(),
  start: z.number(),
  rows: z.array(outboxRow),
  paused: z.boolean(),
  /** Those of more than one change that have not ended, the oldest first. */
  batches: z.array(outboxBatch),
  /** Rough seconds until everything that can be sent has been sent. */
  secondsLeft: z.number().optional(),
})
export type OutboxWindow = z.infer<typeof outboxWindow>

/** A database that lies beside the one in use; `brought-over`: its work is here already. */
const asideName = z.string().max(300)
export const putAside = z.object({
  name: z.string(),
  why: z.enum(['damaged', 'kept', 'replaced', 'brought-over']),
  /** Wall ms. */
  at: z.number(),
  bytes: z.number(),
})
export type PutAside = z.infer<typeof putAside>

/** What became of a restore. */
export const restoring = z.object({
  restored: z.boolean(),
  /** Work that is on no server would not be here any more: a person is asked about it. */
  asks: z
    .object({
      /** Saved, and not sent. */
      changes: z.number(),
      /** Edits that are not saved. */
      unsaved: z.number(),
      /** Whether it can be opened afterwards; else it is gone. */
      kept: z.boolean(),
    })
    .optional(),
})
export type Restoring = z.infer<typeof restoring>

/** What is in one that could be opened. */
export const asideContent = z.object({
  /** Unsent changes by whom they were made as. */
  unsent: z.array(
    z.object({
      origin: z.string(),
      account: z.string(),
      changes: z.number(),
      /** Users with edits that were not saved. */
      unsaved: z.number(),
    }),
  ),
  history: z.number(),
  /** Entries of its history that are not here. */
  historyMissing: z.number(),
  /** What was damaged and could not be read. */
  lost: z.number(),
})
export type AsideContent = z.infer<typeof asideContent>

const unsentLeftOut = z.object({ who: z.string(), why: z.string() })

/** What a file of unsent changes would do. Its first fields are listed, those that need a choice before all others. */
export const unsentPlan = z.object({
  id: z.string(),
  /** The file's name, and who made it, where and when. */
  name: z.string(),
  origin: z.string(),
  account: z.string(),
  madeBy: z.string().optional(),
  madeAt: z.number(),
  /** It is no file but a database, put aside at `madeAt`. */
  aside: z.literal(true).optional(),
  /** Changes and fields that would be saved, and fields for which another value waits here. */
  changes: z.number(),
  fields: z.number(),
  clashes: z.number(),
  first: z.array(
    z.object({
      /** Its place in the file. */
      at: z.number(),
      user: userKey,
      userName: z.string(),
      madeAt: z.number().optional(),
      edits: z.array(fieldEdit.extend({ here: z.object({ mine: json, since: z.number() }).optional() })),
    }),
  ),
  leftOut: z.number(),
  firstLeftOut: z.array(unsentLeftOut),
})
export type UnsentPlan = z.infer<typeof unsentPlan>

/** What became of it: `stopped` says why the rest was not tried. */
export const unsentResult = z.object({
  saved: z.number(),
  of: z.number(),
  message: z.string(),
  stopped: z.string().optional(),
  leftOut: z.number(),
  firstLeftOut: z.array(unsentLeftOut),
})
export type UnsentResult = z.infer<typeof unsentResult>

const range = { start: z.number().int().min(0), count: z.number().int().min(0).max(500) }
const nothing = z.void()
const id = z.string().max(100)

/** Rows of a batch, by id, and fields that are left out of it as a whole. */
const batchPick = z.object({
  id,
  rows: userSelection,
  withoutFields: z.array(z.string().max(200)).max(200),
})

/** channel → what goes in and what comes out. */
export const contract = {
  'app.status': { input: nothing, output: status },
  'app.info': {
    input: nothing,
    output: z.object({ version: z.string(), platform: z.string(), electron: z.string() }),
  },
  /** The third-party notices of what is in the app, as text. */
  'app.notices': { input: nothing, output: z.string().max(5_000_000) },
  'app.policy': { input: nothing, output: policyView },
  'updates.state': { input: nothing, output: updatesState },
  'updates.check': { input: nothing, output: updatesState },
  'updates.download': { input: nothing, output: updatesState },
  /** Installs when the app ends, or at once; changes that wait are kept, and only their exact number is agreed to. */
  'updates.install': {
    input: z.object({ waiting: z.number().optional(), restart: z.boolean() }),
    output: z.object({ agreed: z.boolean(), waiting: z.number() }),
  },
  'lock.state': { input: nothing, output: lockState },
  /** Opens a locked window; refused in words when it is not the password. */
  'lock.open': { input: z.object({ password: z.string().max(1000) }), output: lockState },
  /** Puts a secret on the clipboard; it is taken off again after a while. */
  'app.copySecret': { input: z.string().min(1).max(1000), output: nothing },
  /** What helps to find out what went wrong, without secrets, to be looked through by a person. */
  'app.report': { input: nothing, output: z.array(reportPart) },
  /** Asks where to, and writes these texts there as one zip; no path when a person cancels. */
  'app.saveReport': { input: z.array(reportPart).max(3), output: z.object({ path: z.string().optional() }) },

  'connections.list': { input: nothing, output: z.array(connection) },
  'connections.save': { input: connectionDraft, output: connection },
  'connections.test': { input: connectionDraft, output: testResult },
  /** With the kept password, or with one that is kept once the server has taken it. */
  'connections.connect': {
    input: z.union([id, z.object({ id, password: z.string().min(1).max(1000) })]),
    output: testResult,
  },
  'connections.signOut': { input: id, output: nothing },
  /** After `connect` ended in `password-expired`. The old password left out is the kept one. */
  'connections.changePassword': {
    input: z.object({ id, newPassword: z.string().max(1000), oldPassword: z.string().max(1000).optional() }),
    output: testResult,
  },
  /**
   * Changes that have not reached the server go only when their exact number is given, and those among them that have
   * been sent, with an outcome that is not known yet, only when theirs is, too. All of them go, or nothing does.
   */
  'connections.remove': {
    input: z.object({ id, discardUnsent: z.number().optional(), discardSent: z.number().optional() }),
    output: z.object({ removed: z.boolean(), unsent: z.number(), sent: z.number() }),
  },
  'connections.tryDemo': { input: nothing, output: connection },
  /** Keeps who one is at a proxy, in the keychain. */
  'connections.signInAtProxy': {
    input: z.object({
      proxy: z.string().max(300),
      username: z.string().min(1).max(200),
      password: z.string().max(1000),
    }),
    output: nothing,
  },
  'connections.chooseCaFile': { input: nothing, output: authority.optional() },
  /** Writes all but the demo, without passwords, to a file that a person chooses. */
  'connections.export': {
    input: nothing,
    output: z.object({ path: z.string().optional(), connections: z.number() }),
  },
  /** Asks for such a file and says what would come in. */
  'connections.import': { input: nothing, output: connectionsPlan.optional() },
  /** Takes in the chosen ones, as new ones; one that is here by now stays as it is. Says how many came in. */
  'connections.importSave': {
    input: z.object({ id, take: z.array(z.number().int().min(0)).max(500) }),
    output: z.number(),
  },
  'connections.setReadOnly': { input: z.object({ id, on: z.boolean() }), output: connection },

  /** With `as`, of that server and account or none. `find` asks after users: user ids. */
  'users.window': {
    input: z.object({
      query: usersQuery,
      as: identity.optional(),
      find: z.array(z.string().max(400)).max(100).optional(),
      ...range,
    }),
    output: usersWindow,
  },
  /** Asks the server for what was typed. Who is found joins the list. */
  'users.find': {
    input: z.object({ query: usersQuery.pick({ search: true, scope: true }), as: identity.optional() }),
    output: foundOnServer,
  },
  /** The service providers that the sign-in sees, or the groups of one. */
  'users.loadable': {
    input: z.object({ serviceProviderId: z.string().max(400).optional(), as: identity }),
    output: z.array(loadable),
  },
  /** What is loaded of this server from now on; what should be here is read at once. */
  'users.chooseLoad': { input: z.object({ choice: loadChoice, as: identity }), output: nothing },
  /** What a search that finds hardly anybody may have meant: names that are near to a word of it. */
  'users.nearest': {
    input: z.object({ query: usersQuery, as: identity.optional() }),
    output: z.array(nearestSearch),
  },
  /** The position of a user in a query's result, to keep the cursor over a refresh. */
  'users.indexOf': {
    input: z.object({ query: usersQuery, userId: z.string(), as: identity.optional() }),
    output: z.number().optional(),
  },
  /** With `as`, a user of that server or none: another server may have one of the same id. */
  'users.details': {
    input: z.object({ key: userKey, fresh: z.boolean(), as: identity.optional() }),
    output: userDetails,
  },
  /** The same of the user's call-handling services; `fresh` asks the server for all of them. */
  'users.callHandling': {
    input: z.object({ key: userKey, fresh: z.boolean(), as: identity.optional() }),
    output: callHandling,
  },
  'users.scopes': { input: nothing, output: z.array(groupScope) },
  'users.refresh': { input: scope, output: nothing },
  /** Keeps the full records of a scope's groups here and fresh, or stops doing so. */
  'users.takeOffline': { input: scope.extend({ on: z.boolean() }), output: nothing },
  /** Reads the full records of a scope that are not here, with one call a group, or what happens to the calls of its users. */
  'users.readFull': { input: scope.extend(callsWish), output: nothing },
  /** A person looks at one group: its full records are read when that is what was chosen. */
  'users.groupOpened': {
    input: z.object({ serviceProviderId: z.string(), groupId: z.string() }),
    output: nothing,
  },
  'users.completeness': { input: nothing, output: completeness },
  'users.chooseReading': { input: z.object({ choice: readingChoice }), output: nothing },
  /** Forgets the users that are marked gone; how many. */
  'users.dismissGone': { input: nothing, output: z.number() },
  /** What a field of this user can be chosen from. */
  'users.lookup': {
    input: z.object({
      as: identity,
      lookup: z.enum([
        'departments',
        'languages',
        'timeZones',
        'states',
        'networkClasses',
        'services',
        'numbers',
        'domains',
        'devices',
        'trunkGroups',
        'enterpriseTrunks',
      ]),
      key: userKey,
    }),
    output: lookupAnswer,
  },
  'users.extension': {
    input: z.object({ as: identity, key: userKey, value: z.string().max(40).optional() }),
    output: extensionFacts,
  },
  /** What was seen to change on the server between two reads, and was not done here; newest first. */
  'users.sightings': { input: z.object({ userId: z.string().max(400) }), output: z.array(sighting) },
  /** The rest needs the server: it is done at once or not at all, and stands in history. */
  'users.secretRules': {
    input: z.object({ as: identity, key: userKey, kind: z.enum(['password', 'passcode']) }),
    output: secretRuleWords,
  },
  'users.generateSecret': {
    input: z.object({ as: identity, key: userKey, kind: z.enum(['password', 'passcode']) }),
    output: z.string(),
  },
  'users.setPassword': {
    input: z.object({ as: identity, key: userKey, newPassword: z.string().min(1).max(200) }),
    output: nothing,
  },
  'users.setPasscode': {
    input: z.object({ as: identity, key: userKey, newPasscode: z.string().min(1).max(100) }),
    output: nothing,
  },
  'users.rename': {
    input: z.object({ as: identity, key: userKey, newUserId: z.string().max(400) }),
    output: userKey,
  },
  'users.checkMove': {
    input: z.object({ as: identity, key: userKey, newGroupId: z.string().max(200) }),
    output: moveCheck,
  },
  'users.move': {
    input: z.object({ as: identity, key: userKey, newGroupId: z.string().max(200) }),
    output: userKey,
  },
  /** Tells the one device of a user, by the name that was on screen, to make its files anew or to restart. */
  'users.commandDevice': {
    input: z.object({
      as: identity,
      key: userKey,
      command: z.enum(['rebuild', 'reset']),
      deviceName: z.string().min(1).max(200),
    }),
    output: nothing,
  },
  /** Takes the place of the list that was on screen, if it is still that. */
  'users.setAlternateIds': {
    input: z.object({ as: identity, key: userKey, ids: json, seen: json }),
    output: nothing,
  },
  /** Writes one user as a page to read and to print, to a file that the person chooses; no path when they cancel. */
  'users.exportSheet': {
    input: z.object({ as: identity, key: userKey }),
    output: z.object({ path: z.string().optional() }),
  },
  'users.cancelLoading': { input: nothing, output: nothing },
  'users.progress': { input: nothing, output: loadProgress },

  /** Looks at what the rules would make of the chosen users; takes the place of the batch that was open. */
  'batch.edit': {
    input: z.object({
      as: identity,
      query: usersQuery,
      selection: userSelection,
      rules: z.array(editRule).max(100),
    }),
    output: batchSummary,
  },
  /** Asks for a CSV file and looks at what it would change; nothing when a person cancels. */
  'batch.import': { input: nothing, output: batchSummary.optional() },
  /** Reads the users of the batch from the server and looks again. */
  'batch.compare': {
    input: z.object({ id, which: z.enum(['all', 'unread']) }),
    output: z.object({ summary: batchSummary, why: z.string().optional() }),
  },
  'batch.window': { input: z.object({ id, problemsOnly: z.boolean(), ...range }), output: batchWindow },
  /** Another text for one field of one user, given by the row's id. */
  'batch.fix': {
    input: z.object({ id, row: z.string().max(300), text: z.string().max(20_000) }),
    output: batchSummary,
  },
  /** Takes the columns of the file for what a person says and looks at it again; the same columns are known next time. */
  'batch.mapColumns': {
    input: z.object({
      id,
      line: z.number().int().min(1),
      paths: z.array(z.string().max(200).nullable()).max(2_000),
    }),
    output: batchSummary,
  },
  /** Reads the letters of the file in another way and looks at it again; what was mended by hand is forgotten. */
  'batch.readAs': { input: z.object({ id, reading: z.string().max(100) }), output: batchSummary },
  /** How many users and fields would be saved. */
  'batch.count': { input: batchPick, output: z.object({ users: z.number(), edits: z.number() }) },
  /** Saves what can be saved and was picked. What has a problem stays in the batch. */
  'batch.save': {
    input: batchPick.extend({ reason: z.string().max(1000).optional() }),
    output: z.object({ saved: z.number(), message: z.string(), summary: batchSummary }),
  },
  /** Writes what has become of every line to a file that a person chooses. */
  'batch.result': { input: id, output: z.object({ path: z.string().optional(), lines: z.number() }) },
  /** Stops what is being done; with an id, forgets that batch. */
  'batch.cancel': { input: id.optional(), output: nothing },
  /** Of how many of the chosen users not each of these fields (or all) was read, and what reading them takes. */
  'batch.unread': { input: exportInput, output: unreadFacts },
  /** Reads those from the server; `why` says what could not be read. */
  'batch.readUnread': { input: exportInput, output: z.object({ why: z.string().optional() }) },
  /** Writes users to a CSV file that a person chooses: these fields, or all. */
  'batch.exportUsers': {
    input: exportInput,
    output: z.object({ path: z.string().optional(), users: z.number() }),
  },

  'outbox.save': {
    input: saveInput,
    output: z.object({ saved: z.number(), message: z.string(), entries: z.array(id) }),
  },
  'outbox.window': { input: z.object(range), output: outboxWindow },
  'outbox.syncNow': { input: nothing, output: nothing },
  'outbox.pause': { input: z.boolean(), output: nothing },
  'outbox.workOffline': { input: z.boolean(), output: nothing },
  'outbox.retry': { input: z.array(id), output: nothing },
  /** What has been sent, with an outcome that is not known yet, stays. Says how many went. */
  'outbox.discard': { input: z.array(id), output: z.number() },
  /** The same, and also forgets what has been sent: history keeps it, and the server may have carried it out. */
  'outbox.abandon': { input: z.array(id), output: z.number() },
  /** Writes the unsent changes of the chosen connection to a file that a person chooses. They stay here, too. */
  'outbox.export': {
    input: nothing,
    output: z.object({ path: z.string().optional(), changes: z.number() }),
  },
  /** Asks for such a file and says what it would change: only under the account and server that it was made for. */
  'outbox.import': { input: nothing, output: unsentPlan.optional() },
  /**
   * Saves the plan without these changes. A value that waits here stays where a field is not among `take`: both were shown,
   * and a person chose.
   */
  'outbox.importSave': {
    input: z.object({
      id,
      without: z.array(z.number()).max(10_000),
      take: z.array(z.object({ at: z.number(), path: z.string().max(200) })).max(10_000),
    }),
    output: unsentResult,
  },
  'outbox.importCancel': { input: id, output: nothing },
  /** Parks a field of a change on another value for a moment. */
  'outbox.detour': { input: z.object({ id, path: z.string().max(200), by: json }), output: nothing },
  'outbox.resolve': {
    input: z.object({ id, choices: z.array(z.object({ path: z.string(), theirs: json, value: json })) }),
    output: nothing,
  },

  'history.window': {
    input: z.object({ search: z.string().max(1000), userId: z.string().optional(), ...range }),
    output: historyWindow,
  },
  /** As `history.window`, with each larger batch as one line; below those that are `open`, their changes. */
  'history.lines': {
    input: z.object({ search: z.string().max(1000), open: z.array(id).max(1000), ...range }),
    output: historyLines,
  },
  /** The line of one batch, as far as the search finds it. */
  'history.batch': { input: z.object({ search: z.string().max(1000), id }), output: historyLine },
  /**
   * Where a change stands in what `history.lines` gives without a search, from 0. If it is of a batch with a line, this is
   * named and is open there, too.
   */
  'history.place': {
    input: z.object({ id, open: z.array(id).max(1000) }),
    output: z.object({ row: z.number(), batch: z.string().optional() }),
  },
  /** Whether the search finds this change. */
  'history.finds': { input: z.object({ search: z.string().max(1000), id }), output: z.boolean() },
  'history.entry': { input: id, output: historyEntry },
  /** Entries by day and by outcome. */
  'history.summary': { input: historyScope, output: historySummary },
  /**
   * The entries by id, those that outbox entries have led to, or all that a search finds. With what was `saved` as those
   * outbox entries, what of it has not arrived yet is planned, too.
   */
  'history.revertPlan': {
    input: z.union([
      z.object({ as: identity, ids: z.array(id).min(1).max(10_000) }),
      z.object({
        as: identity,
        outboxIds: z.array(id).max(10_000),
        saved: z
          .array(z.object({ user: userKey, userName: z.string(), edits: z.array(fieldEdit).max(200) }))
          .max(10_000)
          .optional(),
      }),
      /** All but `except`. */
      historyScope.extend({ as: identity, except: z.array(id).max(1_000_000).optional() }),
    ]),
    output: revertPlan,
  },
  /** Asks where to, and writes a file there; no path when a person cancels. Progress: the event `history.progress`. */
  'history.export': {
    input: historyScope.extend({
      format: z.enum(['csv', 'jsonl', 'html']),
      /** Only these of what is found. */
      only: z.array(id).min(1).max(1_000_000).optional(),
      /** Not these. */
      except: z.array(id).max(1_000_000).optional(),
    }),
    output: z.object({ path: z.string().optional(), entries: z.number() }),
  },
  'history.copyAs': {
    input: z.object({ id, form: z.enum(['odins_spear', 'curl']) }),
    output: z.string(),
  },
  /** Checks the whole hash chain. Progress: the event `history.progress`. */
  'history.verify': { input: nothing, output: historyReport },
  /** Removes settled entries older than so many days, leaving a mark in the chain; how many. */
  'history.trim': {
    input: z.object({ olderThanDays: z.number().int().min(1).max(36_500) }),
    output: z.number(),
  },

  /** What is to become of a database that could not be opened; the app then starts anew. */
  /** Opens the folder of a file that was just written, with the file pointed out. Of other files it shows none. */
  'app.showInFolder': { input: z.string().max(10_000), output: nothing },
  'app.storage': { input: z.enum(['again', 'anew']), output: nothing },
  'settings.get': { input: nothing, output: z.record(z.string(), json) },
  /** Everything that is kept here, sealed with a passphrase, to a file that a person chooses. */
  'settings.backup': {
    input: z.object({ passphrase: z.string().max(1000) }),
    output: z.object({ path: z.string().optional() }),
  },
  /** Puts a back-up in place of everything; the app then starts anew. With `asks` it waits for `settings.replace`. */
  'settings.restore': { input: z.object({ passphrase: z.string().max(1000) }), output: restoring },
  /** Whether the back-up that waits is to be put in place. It asks again about what came meanwhile. */
  'settings.replace': { input: z.boolean(), output: restoring },
  /** The databases that were put aside, the newest first. */
  'aside.list': { input: nothing, output: z.array(putAside) },
  /** Looks into one with the keys in the keychain, or with one that a person has. */
  'aside.open': {
    input: z.object({ name: asideName, key: z.string().max(200).optional() }),
    output: asideContent,
  },
  /** Its unsent changes of one account as a plan, as of a file: `outbox.importSave` saves what is wanted of it. */
  'aside.unsent': {
    input: z.object({ name: asideName, origin: z.string().max(2000), account: z.string().max(400) }),
    output: unsentPlan,
  },
  /** Adds the entries of its history that are not here. */
  'aside.addHistory': {
    input: z.object({ name: asideName }),
    output: z.object({ added: z.number(), lost: z.number() }),
  },
  'settings.set': { input: z.object({ key: z.string().max(100), value: json }), output: nothing },
} as const satisfies Record<(typeof channels)[number], { input: z.ZodType; output: z.ZodType }>

export type Channel = keyof typeof contract
export type Input<C extends Channel> = z.input<(typeof contract)[C]['input']>
export type Output<C extends Channel> = z.output<(typeof contract)[C]['output']>

/** What can be done about a message: show the changes in History, or plan to put back what outbox entries did. */
const messageAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('history'), search: z.string() }),
  z.object({ do: z.literal('undo'), entries: z.array(z.string()) }),
  /** A file that was written. */
  z.object({ do: z.literal('folder'), path: z.string() }),
  z.object({ do: z.literal('online') }),
])
export type MessageAction = z.infer<typeof messageAction>

/** What the main process tells the page without being asked. */
export const events = {
  status: status,
  /** The users on screen may differ from what was fetched: ask for the window again. */
  'users.changed': z.object({ generation: z.number() }),
  'users.progress': loadProgress,
  'batch.progress': batchProgress,
  'outbox.changed': z.object({ generation: z.number() }),
  'history.changed': z.object({ generation: z.number() }),
  'history.progress': z.object({ work: z.enum(['verify', 'export']), done: z.number(), of: z.number() }),
  /** A line for the Messages status, or an alert. */
  message: z.object({
    tone: z.enum(['info', 'error']),
    text: z.string(),
    /** The connection it is about: it is not shown under another. */
    connectionId: z.string().optional(),
    actions: z.array(messageAction).optional(),
  }),
  /** A menu or shortcut asks the page for something: `palette`, `search`, `save`, `page:users`, … */
  command: z.string(),
  'lock.changed': lockState,
  'updates.changed': updatesState,
} as const satisfies Record<(typeof eventNames)[number], z.ZodType>

export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>

/** What crosses for every call: the value, or an error that a person can read. */
export type IpcAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: IpcError }
