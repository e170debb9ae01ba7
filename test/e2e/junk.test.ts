import { camelName } from '../../shared/ipc/bridge'
import { channels } from '../../shared/ipc/channels'
import { expect, type Gungnir, test } from './app'

type Answer = { readonly ok: boolean; readonly error?: { readonly kind: string; readonly message: string } }

/** No dialog waits for a person, and nothing starts the app anew: what junk opens is seen as a count. */
const withoutDialogs = (app: Gungnir) =>
  app.electron.evaluate(({ dialog, app: electron, shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { openedByJunk: opened })
    const note =
      <T>(name: string, answer: T) =>
      async () => {
        opened.push(name)
        return answer
      }
    dialog.showOpenDialog = note('open', { canceled: true, filePaths: [] })
    dialog.showSaveDialog = note('save', { canceled: true, filePath: '' })
    dialog.showMessageBox = note('message', { response: 0, checkboxChecked: false })
    electron.relaunch = () => void opened.push('relaunch')
    electron.quit = () => void opened.push('quit')
    shell.openExternal = note('link', undefined)
    shell.openPath = note('path', '')
  })

/** What each function of the bridge answers to each kind of junk; the kinds are made in the page, as by a page taken over. */
const answersTo = (app: Gungnir, name: string) =>
  app.page.evaluate(async (which) => {
    const nested = (depth: number): unknown => {
      let deep: unknown = 'x'
      for (let n = 0; n < depth; n++) deep = n % 2 === 0 ? [deep] : { deep }
      return deep
    }
    const junk: Record<string, () => unknown> = {
      null: () => null,
      number: () => Number.NaN,
      text: () => '../../../etc/passwd\0',
      'a list': () => [null, {}, '__proto__', -1],
      'an empty object': () => ({}),
      'keys of prototypes': () =>
        JSON.parse(
          '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":{"__proto__":{"polluted":true}},"key":"__proto__","value":{"__proto__":{"polluted":true}}}',
        ),
      'wrong types under right names': () => ({
        id: 7,
        ids: 'all',
        as: [],
        key: {},
        query: 'x',
        start: -1,
        count: Number.POSITIVE_INFINITY,
        changes: { length: 9 },
        edits: null,
        passphrase: ['x'],
        path: '/etc/passwd',
        format: '../x',
        choice: 0,
      }),
      depth: () => nested(300),
      'more depth than crosses': () => nested(50_000),
      width: () => Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, n])),
      '10 MB of text': () => 'x'.repeat(10_000_000),
      'a large text within': () => ({ id: 'x'.repeat(1_000_000), value: 'x'.repeat(1_000_000) }),
      bytes: () => new Uint8Array(1_000_000),
      'a map': () => new Map([['id', 'x']]),
      'a cycle': () => {
        const round: Record<string, unknown> = {}
        round.id = round
        return round
      },
    }
    const bridge = (globalThis as unknown as { gungnir: Record<string, Record<string, unknown>> }).gungnir
    const make = junk[which]
    const out: [string, Answer][] = []
    for (const [feature, functions] of Object.entries(bridge)) {
      if (feature === 'events') continue
      for (const [called, ask] of Object.entries(functions)) {
        const answer = await (async () => (ask as (input: unknown) => Promise<Answer>)(make?.()))().catch(
          (cause: Error) => ({
            ok: false,
            error: { kind: `rejected: ${cause.name}`, message: cause.message },
          }),
        )
        out.push([`${feature}.${called}`, answer])
      }
    }
    return { answers: out, kinds: Object.keys(junk) }
  }, name)

/** What is answered to a text: it is looked for, and what cannot be is said. */
const mayAnswer = new Set(['text'])
/** These the runtime itself throws back before anything crosses. */
const neverCross = new Set(['more depth than crosses'])

test('every function of the bridge refuses every kind of junk in words, and goes on', async ({ open }) => {
  // Ten megabytes cross to each of some ninety functions.
  test.setTimeout(900_000)
  const app = await open()
  await expect(app.page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await withoutDialogs(app)
  const { kinds } = await answersTo(app, 'null')
  for (const kind of kinds) {
    await test.step(kind, async () => {
      const { answers } = await answersTo(app, kind)
      expect(answers.map(([name]) => name).sort()).toEqual(
        channels.map((name) => name.split('.').map(camelName).join('.')).sort(),
      )
      const bad = answers.filter(
        ([, { ok, error }]) =>
          (ok && !mayAnswer.has(kind)) ||
          (!ok && (error === undefined || error.kind === 'internal')) ||
          (error?.kind.startsWith('rejected') ?? false) !== neverCross.has(kind),
      )
      expect(bad).toEqual([])
      for (const [name, { error }] of answers) {
        if (error !== undefined) expect(error.message, name).toMatch(/\w+ \w+/)
        // Nothing of the junk comes back, however long it was.
        if (error !== undefined) expect(error.message.length, name).toBeLessThan(2_000)
      }
    })
  }
  const polluted = () => (({}) as { polluted?: boolean }).polluted === undefined
  expect(await app.page.evaluate(polluted)).toBe(true)
  expect(await app.electron.evaluate(polluted)).toBe(true)
  const opened = () =>
    app.electron.evaluate(() => (globalThis as unknown as { openedByJunk: string[] }).openedByJunk)
  // No junk is worth a question where a file is to go.
  expect(await opened()).toEqual([])
  // The app is as before: it answers, and the page is the one that asked.
  await app.go('Connections')
  await expect(app.page.getByText('Try the demo server').first()).toBeVisible()
})
