import { describe, expect, test } from 'vitest'
import { type SheetFacts, sheetPage } from '../../../../electron/features/users/sheet/page'
import { createSheets } from '../../../../electron/features/users/sheet/save'
import type { StoredHistoryEntry } from '../../../../electron/store/repositories/history'
import type { HistoryEntry } from '../../../../shared/history/shapes'
import type { CallHandling, UserDetails } from '../../../../shared/ipc/contract'

const key = { serviceProviderId: 'ent', groupId: 'grp', userId: 'ana@x' }
const origin = 'https://odin.example/api/v2'
const at = Date.UTC(2026, 10, 15, 12, 30)

const details = (more: Partial<UserDetails> = {}): UserDetails => ({
  key,
  fields: { firstName: 'Ana', lastName: 'Smith', extension: '1334' },
  completeness: 'full',
  pending: {},
  state: 'clean',
  extra: {},
  readAt: at,
  ...more,
})
const calls = (more: Partial<CallHandling> = {}): CallHandling => ({
  ...details(),
  fields: {},
  services: {},
  readAt: 0,
  ...more,
})
const entry = (more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: 'h1',
  seq: 1,
  user: key,
  userName: 'Ana',
  action: 'change',
  fields: ['title'],
  outcome: 'done',
  words: 'Saved on the server.',
  account: 'admin',
  origin,
  startedWall: at,
  before: { title: 'Old title' },
  asked: { title: 'New title' },
  request: '{}',
  ...more,
})
const facts = (more: Partial<SheetFacts> = {}): SheetFacts => ({
  details: details(),
  calls: calls(),
  history: { items: [], total: 0 },
  origin,
  account: 'admin',
  madeAt: at + 60_000,
  ...more,
})

/** What a person reads: one line for each block. */
const read = (page: string): string =>
  page
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<\/th><td>/g, ': ')
    .replace(/<br>/g, ' ')
    .replace(/<[^>]+>/g, '')
const sheet = (more: Partial<SheetFacts> = {}) => read(sheetPage(facts(more)))

/** One room of the page. */
const room = (page: string, name: string): string =>
  new RegExp(`<h3>${name}</h3>([\\s\\S]*?)</section>`).exec(page)?.[1] ?? ''

describe('what a sheet says', () => {
  test('whose it is, and when it was read by whom from where', () => {
    expect(sheet()).toContain('Ana Smith\nana@x · grp · ent\n')
    expect(sheet()).toContain(`Read 2026-11-15 12:30 UTC by admin from ${origin}. Made 2026-11-15 12:31 UTC.`)
    expect(sheet({ details: details({ completeness: 'row' }) })).toContain('Read in part 2026-11-15')
    expect(sheet({ details: details({ state: 'gone' }) })).toContain('no longer on the server')
  })

  test('the options under their headings, in the order of the details, the empty ones by name', () => {
    const page = sheetPage(facts())
    const profile = room(page, 'Profile')
    expect(read(profile)).toMatch(/First name: Ana\n.*Last name: Smith/)
    expect(profile).toMatch(/Empty: Title, E-mail,/)
    expect(profile.split('Empty:')[0]).not.toContain('Title')
    expect(page.indexOf('>First name<')).toBeLessThan(page.indexOf('>Extension<'))
    expect(page).not.toMatch(/IM&amp;P password|New password|Old password/)
  })

  test('what was not read is never called empty', () => {
    const page = sheetPage(facts({ details: details({ completeness: 'row' }) }))
    const profile = room(page, 'Profile')
    expect(profile).toMatch(/Not read: Title,/)
    expect(/Empty: ([^<]*)/.exec(profile)?.[1]).not.toContain('Title')
    // A row tells e-mail addresses: one without has none.
    expect(/Empty: ([^<]*)/.exec(profile)?.[1]).toContain('E-mail')
    expect(read(page)).toContain('What happens to a call was not read yet.')
    expect(read(page)).toMatch(/Services not read: .*Do not disturb/)
    expect(read(page)).not.toContain('Services that this user does not have')
  })

  test('what waits stands beside what the server has, marked, with what keeps it', () => {
    const page = sheetPage(
      facts({
        details: details({
          pending: {
            lastName: { old: 'Smith', new: 'Jones' },
            extension: {
              old: '1334',
              new: null,
              trouble: { entry: 'e', conflict: false, why: 'It is <taken>.' },
            },
          },
        }),
      }),
    )
    expect(read(page)).toContain('2 changes are waiting')
    expect(read(page)).toContain('Last name: Smith waiting Jones\n')
    expect(read(page)).toContain('Extension: 1334 waiting empty It is &lt;taken&gt;.\n')
    // What waits is not who the user is.
    expect(page).toContain('<h1><bdi>Ana Smith</bdi></h1>')
    const unseen = details({ completeness: 'row', pending: { title: { new: 'Boss' } } })
    expect(sheet({ details: unseen })).toContain('Title: not read waiting Boss\n')
    expect(sheetPage(facts())).not.toContain('class="waiting"')
  })

  test('what happens to a call, now and with what waits, and the services', () => {
    const read = { assigned: true, readAt: at }
    const page = sheet({
      calls: calls({
        fields: { 'doNotDisturb.isActive': false, 'doNotDisturb.ringSplash': false },
        services: { doNotDisturb: read, voiceMessaging: { assigned: false, readAt: at } },
        pending: { 'doNotDisturb.isActive': { old: false, new: true } },
      }),
    })
    const [now = '', then = ''] = page.slice(page.indexOf('\nCalls\n') + 7).split('\n')
    expect(now).not.toContain('isturb')
    expect(then).toMatch(/^waiting .+/)
    expect(page).toMatch(/: No waiting Yes\n/)
    expect(page).toMatch(/Services that this user does not have: Voice/i)
    expect(page).toMatch(/Services not read: /)
  })

  test('the history as it was given, what was left out by number, a value that nobody saw as such', () => {
    const seen = { since: at - 5000, seenAt: at, changes: [{ path: 'title', before: 'A', after: null }] }
    const page = sheet({
      history: { items: [entry(), entry({ before: {} }), seen], total: 240 },
    })
    expect(page).toContain('The newest 3 of 240 changes')
    expect(page).toContain('Saved on the server. · by admin')
    expect(page).toMatch(/Title: not known → New title/)
    expect(page).toContain('Changed elsewhere')
    expect(sheet()).toContain('Nothing is known to have changed.')
  })
})

describe('what a sheet never does', () => {
  const hostile = '</style></title><script>alert(1)</script><img src=x onerror=alert(1)>"\'&\u202eevil\u2066'

  test('a text of somebody else is a text, wherever it stands, and turns nothing around', () => {
    const strange = { serviceProviderId: hostile, groupId: hostile, userId: hostile }
    const page = sheetPage(
      facts({
        details: details({
          key: strange,
          fields: { firstName: hostile, lastName: hostile, title: hostile, aliases: [hostile] },
          pending: {
            title: { new: hostile, trouble: { entry: 'e', conflict: true, why: hostile } },
          },
        }),
        calls: calls({
          fields: {
            'callForwardingAlways.isActive': true,
            'callForwardingAlways.forwardToPhoneNumber': hostile,
          },
          services: { callForwardingAlways: { assigned: true, readAt: at } },
        }),
        history: {
          items: [
            entry({
              userName: hostile,
              words: hostile,
              account: hostile,
              outcome: hostile,
              reason: hostile,
              fields: ['title', hostile],
              before: { title: hostile, [hostile]: hostile },
              asked: { title: `${hostile} more`, [hostile]: 'x' },
              after: { title: hostile },
            }),
            { since: at, seenAt: at, changes: [{ path: hostile, before: hostile, after: hostile }] },
          ],
          total: 2,
        },
        origin: hostile,
        account: hostile,
      }),
    )
    expect(page).not.toMatch(/<(script|img|link|iframe|object|embed|base|form|a)\b/i)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    expect(page.match(/<\/title>/g)).toHaveLength(1)
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    expect(page).toContain('[U+202E]evil')
    expect(page).toContain('<bdi>&lt;/style&gt;')
  })

  test('a letter of another direction keeps it, by itself', () => {
    const page = sheetPage(facts({ details: details({ fields: { firstName: 'דנה', lastName: 'לוי' } }) }))
    expect(page).toContain('<h1><bdi>דנה לוי</bdi></h1>')
    expect(page).toContain('<td><bdi>דנה</bdi></td>')
  })

  test('it asks nothing of anywhere, and holds no secret', () => {
    const page = sheetPage(
      facts({
        details: details({
          fields: { lastName: 'Smith', impPassword: 'tell-nobody', password: 'tell-nobody' },
          extra: { sipPassword: 'tell-nobody' },
        }),
        history: {
          items: [
            entry({
              fields: ['newPassword'],
              before: {},
              asked: { newPassword: 'tell-nobody' },
              request: '{"newPassword":"tell-nobody"}',
            }),
          ],
          total: 1,
        },
      }),
    )
    expect(page).not.toContain('tell-nobody')
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`)
    expect(page).not.toMatch(/\b(src|href|action)=|@import|url\(/)
  })
})

describe('where it comes from', () => {
  const stored = (seq: number, of = origin) =>
    ({
      ...entry({ id: `h${seq}`, seq, startedWall: at + seq, words: `Change ${seq}.`, origin: of }),
    }) as StoredHistoryEntry

  const sheets = (history: readonly StoredHistoryEntry[], written: string[] | undefined) => {
    const asked: boolean[] = []
    return {
      asked,
      ...createSheets({
        directory: {
          details: async (_, fresh) => {
            asked.push(fresh)
            return details()
          },
          sightings: () => [
            { since: at, seenAt: at + 239.5, changes: [{ path: 'title', before: null, after: 'x' }] },
          ],
        },
        callHandling: {
          of: async (_, fresh) => {
            asked.push(fresh)
            return calls()
          },
        },
        history: {
          *each({ userId }) {
            expect(userId).toBe(key.userId)
            for (let from = 0; from < history.length; from += 50) yield history.slice(from, from + 50)
          },
        },
        clock: { wall: () => at },
        saveFile: async ({ name, extension }) =>
          written && {
            path: `/chosen/${name}.${extension}`,
            write: async (text) => void written.push(String(text)),
            finish: async () => void written.push('whole'),
            discard: async () => {},
          },
      }),
    }
  }
  const identity = { connectionId: 'c', origin, account: 'admin' }

  test('the newest hundred changes on this very server, and the server is asked nothing', async () => {
    const here = Array.from({ length: 240 }, (_, index) => stored(240 - index))
    const { page, asked } = sheets([stored(999, 'https://other.example/api/v2'), ...here], undefined)
    const made = read(await page(identity, key))
    expect(made).toContain('The newest 100 of 241 changes')
    expect(made).not.toContain('Change 999.')
    expect(made.indexOf('Change 240.')).toBeLessThan(made.indexOf('Changed elsewhere'))
    expect(made.indexOf('Changed elsewhere')).toBeLessThan(made.indexOf('Change 239.'))
    expect(made).toContain('Change 142.')
    expect(made).not.toContain('Change 141.')
    expect(asked).toEqual([false, false])
  })

  test('a file that is called by the user, whatever the id is made of; none when a person cancels', async () => {
    const written: string[] = []
    const { save } = sheets([], written)
    expect(await save('the page', { ...key, userId: '../a/b\\c:d@x.example' })).toEqual({
      path: '/chosen/gungnir-user-..-a-b-c-d-x.example.html',
    })
    expect(written).toEqual(['the page', 'whole'])
    expect(await sheets([], undefined).save('the page', key)).toEqual({})
  })
})
