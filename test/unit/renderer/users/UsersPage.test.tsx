// @vitest-environment happy-dom
import { userEvent } from '@testing-library/user-event'
import fc from 'fast-check'
import { createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { fields } from '../../../../shared/user/catalogue'
import { type Mistake, mistakes, plant } from '../../../planting'
import { createFakeMain } from './fake-main'
import { serverA, serverB } from './page'

vi.hoisted(() => {
  // The page is drawn as people get it, at its own pace: a test build draws all at once, and takes twice as long.
  process.env.NODE_ENV = 'production'
})
vi.mock('../../../../shared/user/catalogue', async (original) => {
  const real = await original<typeof import('../../../../shared/user/catalogue')>()
  // A few fields of each kind: eighty controls more would show nothing else, and thousands of sequences would take a day.
  const some = ['firstName', 'lastName', 'title', 'extension', 'emailAddress', 'userId', 'groupId']
  return { ...real, fields: real.fields.filter(({ path }) => some.includes(path)) }
})
// Groups are chosen without their box, and nothing is done to a user but what is typed.
vi.mock('../../../../renderer/ui/Picker', () => ({ Picker: () => null }))
vi.mock('../../../../renderer/features/users/actions/ActionsButton', () => ({ ActionsButton: () => null }))
vi.mock('../../../../renderer/grid/ColumnsButton', () => ({ ColumnsButton: () => null }))

/** How many sequences are tried; `npm run sequences -- 5000` asks for more than the tests do each time. */
const runs = Number(process.env.SEQUENCES ?? 15)
const seed = process.env.SEQUENCES_SEED
/** In ms: only what hangs takes so long. */
const longest = 36_000_000

const main = createFakeMain([serverA, serverB])
const columns = ['lastName', 'firstName', 'userId', 'extension', 'title']

async function modules() {
  Object.assign(window, { gungnir: main.bridge })
  // A wide window: list and details stand side by side.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }))
  // A view of a few rows, so that people come in and go out of sight.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 28 * 5 })
  const { listen } = await import('../../../../renderer/app/listen')
  const { followConnection } = await import('../../../../renderer/features/users/listen')
  const { UsersPage } = await import('../../../../renderer/features/users/UsersPage')
  const drafts = await import('../../../../renderer/features/users/drafts/draftStore')
  const saving = await import('../../../../renderer/features/users/drafts/saving')
  const store = await import('../../../../renderer/features/users/store')
  const settings = await import('../../../../renderer/kernel/settings')
  const status = await import('../../../../renderer/kernel/status')
  listen()
  followConnection()
  return { UsersPage, ...drafts, ...saving, ...store, ...settings, ...status }
}
let app: Awaited<ReturnType<typeof modules>>
let root: Root
/** What the page threw; it is empty then. */
let broken: unknown
let user: ReturnType<typeof userEvent.setup>

beforeAll(async () => {
  app = await modules()
}, longest)
afterEach(() => vi.useRealTimers())

/** Everything that is ready to be drawn and to happen without a clock. */
async function drawn(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const shownColumns = {
  order: columns,
  shown: Object.fromEntries([...fields.map(({ path }) => [path, columns.includes(path)]), ['state', false]]),
  widths: {},
}

// --- what a person sees -------------------------------------------------------------------------------------

const query = (selector: string) => document.querySelector<HTMLElement>(selector)
const rowsSeen = () => [...document.querySelectorAll<HTMLElement>('.grid-body [role=row]')]
const cellsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>('[role=gridcell]')]
/** The column of check boxes comes first. */
const columnOf = (cell: Element) => columns[Number(cell.getAttribute('aria-colindex')) - 2]
const idColumn = columns.indexOf('userId') + 1
/** Whose row it is, as written in it; nothing while it is a skeleton. */
const personIn = (row: Element | null | undefined): string | undefined => {
  const text = row ? cellsOf(row)[idColumn]?.textContent : undefined
  return text || undefined
}
const panelPerson = (): string | undefined => /u\d{3}/.exec(query('.details-head')?.textContent ?? '')?.[0]
const labelOf = (element: Element): string | undefined =>
  [...document.querySelectorAll('label')].find((label) => label.htmlFor === element.id)?.textContent ??
  undefined
const pathOf = (label: string | undefined) => fields.find((field) => field.label === label)?.path

type Focus =
  | { readonly in: 'cell' | 'editor'; readonly person: string | undefined; readonly path: string | undefined }
  | { readonly in: 'panel'; readonly person: string | undefined; readonly path: string | undefined }
  | { readonly in: 'search' | 'elsewhere' }

function focused(): Focus {
  const active = document.activeElement
  if (!(active instanceof HTMLElement)) return { in: 'elsewhere' }
  const cell = active.closest('.grid-body [role=gridcell]')
  if (cell) {
    return {
      in: active === cell ? 'cell' : 'editor',
      person: personIn(cell.closest('[role=row]')),
      path: columnOf(cell),
    }
  }
  if (active instanceof HTMLInputElement && active.closest('.field-section'))
    return { in: 'panel', person: panelPerson(), path: pathOf(labelOf(active)) }
  return { in: active.id === 'users-search' ? 'search' : 'elsewhere' }
}

// --- what is written ----------------------------------------------------------------------------------------

type Written = string[]
/** Every edit there is: server, person, field and value. */
const edits = (): Written =>
  [serverA, serverB].flatMap((identity) =>
    [...app.draftsAt(app.placeOf(identity))].flatMap(([userId, { edits: of }]) =>
      Object.entries(of).map(
        ([path, { mine, typed }]) => `${identity.connectionId} ${userId} ${path} ${typed ?? String(mine)}`,
      ),
    ),
  )
/** Whom and what the edits that are new belong to. */
const newSince = (before: Written): Written => [
  ...new Set(
    edits()
      .filter((edit) => !before.includes(edit))
      .map((edit) => edit.split(' ').slice(0, 3).join(' ')),
  ),
]

/** The person and field a key would change now, found by pressing one; everything is then as before. */
async function wouldChange(): Promise<{ readonly seen: Focus; readonly wrote: Written }> {
  const place = app.placeNow()
  const kept = app.draftsAt(place)
  const before = edits()
  const seen = focused()
  await user.keyboard('7')
  await drawn()
  const editor = focused()
  if (editor.in === 'editor') {
    // Whose editor it is, as seen; a text that cannot be taken stays in it and is written nowhere.
    if (app.usersGrid.current?.commitEdit() === false) await user.keyboard('{Escape}')
    await drawn()
  }
  const wrote = newSince(before)
  app.changeDrafts(() => kept, { place })
  await drawn()
  return { seen, wrote }
}

// --- what happens -------------------------------------------------------------------------------------------

type Step =
  | {
      readonly do: 'click'
      readonly row: number
      readonly column: number
      readonly how: '' | 'Shift' | 'Control'
    }
  | {
      /** A click during which the list changes: between its two halves, or between the two of a double click. */
      readonly do: 'press'
      readonly row: number
      readonly column: number
      readonly twice: boolean
      readonly meanwhile: 'arrive' | 'leave'
      readonly at: number
    }
  | { readonly do: 'field'; readonly at: number }
  | { readonly do: 'keys'; readonly keys: string }
  | { readonly do: 'find'; readonly text: string; readonly enter: boolean }
  | { readonly do: 'sort'; readonly column: number }
  | { readonly do: 'group'; readonly group: string | undefined }
  | { readonly do: 'server'; readonly at: number }
  | { readonly do: 'arrive' | 'leave' | 'deliver' | 'prepare' | 'fail'; readonly at: number }
  | { readonly do: 'alter'; readonly at: number; readonly path: string }
  | { readonly do: 'save' | 'send' | 'changed' | 'undo' | 'settle' }
  | { readonly do: 'wait'; readonly ms: number }

const nat = fc.nat(40)
const stepOf = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      row: nat,
      column: fc.integer({ min: 1, max: columns.length }),
      how: fc.constantFrom('', '', '', '', 'Shift', 'Control') as fc.Arbitrary<'' | 'Shift' | 'Control'>,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      row: nat,
      column: fc.integer({ min: 1, max: columns.length }),
      twice: fc.boolean(),
      meanwhile: fc.constantFrom('arrive' as const, 'leave' as const),
      at: nat,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('field' as const), at: nat }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('keys' as const),
      keys: fc.constantFrom(
        '{ArrowDown}',
        '{ArrowUp}',
        '{ArrowRight}',
        '{ArrowLeft}',
        '{Control>}{Home}{/Control}',
        '{Control>}{End}{/Control}',
        '{PageDown}',
        '{Enter}',
        '{F2}',
        '{Escape}',
        '{Tab}',
        'x',
        'x',
        '{F2}',
        '{F2}y',
        'x{Enter}',
        '12',
        '{F2}Zoe{Enter}',
        '{Delete}',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('find' as const),
      text: fc.constantFrom('', 'u0', 'ana', 'smith', 'u013', 'u009', 'nobody at all', 'nurse'),
      enter: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('sort' as const), column: fc.nat(columns.length - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('group' as const),
      group: fc.constantFrom(undefined, 'even', 'odd'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('server' as const), at: fc.nat(1) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'arrive' as const,
        'arrive' as const,
        'leave' as const,
        'deliver' as const,
        'deliver' as const,
        'prepare' as const,
        'fail' as const,
      ),
      at: nat,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('alter' as const),
      at: nat,
      path: fc.constantFrom('lastName', 'title', 'extension'),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'save' as const,
        'send' as const,
        'changed' as const,
        'undo' as const,
        'settle' as const,
        'settle' as const,
        'settle' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(130, 400, 1100) }),
  },
) as fc.Arbitrary<Step>

/** Every question is answered, and nothing is to come. */
async function settle(): Promise<void> {
  for (let round = 0; round < 40; round++) {
    while (main.waiting() > 0) {
      main.deliver(0)
      await Promise.resolve()
    }
    await vi.advanceTimersByTimeAsync(130)
    await drawn()
    if (main.waiting() === 0 && main.hasFailed()) main.changed()
    else if (main.waiting() === 0 && round > 3) return
  }
  throw new Error('The page asks without end.')
}

/** @returns whether an option in the details was clicked, or who was pressed */
async function perform(step: Step): Promise<unknown> {
  switch (step.do) {
    case 'click': {
      const rows = rowsSeen()
      const cell = rows.length > 0 ? cellsOf(rows[step.row % rows.length] as Element)[step.column] : undefined
      if (!cell) return
      if (step.how) await user.keyboard(`{${step.how}>}`)
      await user.click(cell)
      if (step.how) await user.keyboard(`{/${step.how}}`)
      return
    }
    case 'press': {
      const rows = rowsSeen()
      const row = rows.length > 0 ? rows[step.row % rows.length] : undefined
      const cell = row && cellsOf(row)[step.column]
      if (!cell) return
      const person = personIn(row)
      // Between the two presses of a double click, or while the button is down.
      let until = step.twice ? 2 : 1
      const pressing = userEvent.setup({
        delay: 0,
        pointerEventsCheck: 0,
        advanceTimers: async () => {
          if (until-- === 0) {
            main[step.meanwhile](step.at)
            await settle()
          } else await vi.advanceTimersByTimeAsync(0)
        },
      })
      await pressing.pointer({
        keys: step.twice ? '[MouseLeft][MouseLeft]' : '[MouseLeft>][/MouseLeft]',
        target: cell,
      })
      return person
    }
    case 'field': {
      const inputs = [...document.querySelectorAll<HTMLElement>('.field-section input.input:not([readonly])')]
      // The first ones are names, whose value any text can be.
      const input = inputs[step.at % Math.min(inputs.length, 8)]
      if (input) await user.click(input)
      return input !== undefined
    }
    case 'keys':
      return user.keyboard(step.keys)
    case 'find': {
      const box = query('#users-search') as HTMLInputElement
      await user.click(box)
      await user.keyboard('{Control>}a{/Control}')
      box.select()
      if (step.text === '') await user.keyboard('{Delete}')
      else await user.keyboard(step.text)
      if (step.enter) await user.keyboard('{Enter}')
      return
    }
    case 'sort': {
      const header = document.querySelectorAll<HTMLElement>('[role=columnheader]')[step.column + 1]
      if (header) await user.click(header)
      return
    }
    case 'group':
      return app.setScope(step.group === undefined ? {} : { serviceProviderId: 'ent', groupId: step.group })
    case 'server':
      return main.choose(step.at)
    case 'save':
      void app.saveAll()
      return
    case 'undo':
      app.travel('undo')
      return
    case 'arrive':
      return main.arrive(step.at)
    case 'leave':
      return main.leave(step.at)
    case 'alter':
      return main.alter(step.at, step.path, step.path === 'extension' ? '4321' : 'Aaa')
    case 'send':
      return main.send()
    case 'changed':
      return main.changed()
    case 'prepare':
      return main.prepare(step.at)
    case 'deliver':
      return main.deliver(step.at)
    case 'fail':
      return main.fail(step.at)
    case 'wait':
      await vi.advanceTimersByTimeAsync(step.ms)
      return
    case 'settle':
  }
}

/** What a person does with their hands; the rest happens by itself. */
const hands: ReadonlySet<Step['do']> = new Set(['click', 'press', 'field', 'keys'])
/** What asks for another list, and means whoever comes first in it. */
const otherList: ReadonlySet<Step['do']> = new Set(['find', 'sort', 'group', 'server'])

async function begin(): Promise<void> {
  broken = undefined
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
  main.reset(14)
  user = userEvent.setup({ delay: null, pointerEventsCheck: 0 })
  app.useStatus.setState({ status: main.status() })
  app.useSettings.setState({ values: { 'users-columns': shownColumns } })
  app.restoreDrafts()
  app.useSaving.setState({ busy: false, error: undefined })
  Object.assign(app.usersGridMemory, { at: { row: 0, column: 0 }, scroll: 0, id: undefined, pointings: 0 })
  document.body.innerHTML = '<div id="root"></div>'
  root = createRoot(query('#root') as HTMLElement, {
    onUncaughtError: (error) => {
      broken = error
    },
  })
  root.render(createElement(app.UsersPage))
  await drawn()
  main.choose(0)
  await settle()
}

async function end(): Promise<void> {
  root.unmount()
  await drawn()
  vi.clearAllTimers()
}

/** Whom and what an edit made now belongs to: where the focus is, and the editor that is open somewhere else. */
function own(): string[] {
  const server = app.identityNow()?.connectionId
  const editor = query('.grid-input')?.closest('[role=gridcell]')
  const open = editor && [personIn(editor.closest('[role=row]')), columnOf(editor)]
  const now = focused()
  return [...(open ? [open] : []), ...('person' in now ? [[now.person, now.path]] : [])].map(
    (whose) => `${server} ${whose.join(' ')}`,
  )
}

/** Values on screen that were replaced by a saved one, which is on its way: nobody is to see them again. */
function gone(): string[] {
  const drafts = app.currentDrafts()
  const shown: [string | undefined, string | undefined, string][] = rowsSeen().flatMap((row) =>
    cellsOf(row)
      .filter((cell) => !cell.querySelector('input'))
      .map((cell): [string | undefined, string | undefined, string] => [
        personIn(row),
        columnOf(cell),
        cell.textContent ?? '',
      ]),
  )
  const inPanel = [...document.querySelectorAll<HTMLInputElement>('.field-section input.input')]
  for (const input of inPanel) shown.push([panelPerson(), pathOf(labelOf(input)), input.value])
  return shown.flatMap(([person, path, text]) => {
    if (person === undefined || path === undefined || drafts.get(person)?.edits[path]) return []
    const waits = main.pending(person, path)
    return waits && waits.old !== waits.new && text === waits.old ? [`${person} ${path} ${text}`] : []
  })
}

/** How often a key was pressed to see what it changes, by where the focus was, and it changed something. */
const pressed = { cell: 0, editor: 0, panel: 0, search: 0, elsewhere: 0 }

async function follow(steps: readonly { readonly step: Step; readonly look: boolean }[]): Promise<void> {
  await begin()
  try {
    /** The person that was last pointed at, by a click or a key; nothing when that is not known. */
    let pointed: string | undefined
    /** What was shown when another list was asked for: until that is here, its first person is not known. */
    let before: unknown
    /** Where the person went with the pointer, out of the list: only they go back. */
    let aimed: 'panel' | 'search' | undefined
    /** Undone while it was being saved: the old value is then what was asked for. */
    let undone = false
    for (const [at, { step, look }] of steps.entries()) {
      const told = () => `step ${at + 1}: ${JSON.stringify(step)}`
      const mayChange = own()
      const had = edits()
      const clicked = await perform(step)
      if (step.do === 'settle') await settle()
      await drawn()
      if (broken !== undefined) throw broken
      if (step.do === 'undo') undone = true
      else if (!(step.do === 'keys' && step.keys === '{Delete}')) {
        // A block of cells is cleared as a whole; everything else is about one field.
        for (const each of newSince(had)) expect([...mayChange, ...own()], told()).toContain(each)
      }
      if (!undone) expect(gone(), `${told()}: values from before they were saved`).toEqual([])
      const now = focused()
      if (otherList.has(step.do)) {
        before = app.usersSource.latest()
        pointed = undefined
      } else if (hands.has(step.do)) {
        // A cell editor that cannot be left keeps the focus.
        const person = step.do === 'press' && now.in === 'cell' ? clicked : undefined
        pointed = typeof person === 'string' ? person : 'person' in now ? now.person : undefined
        before = undefined
      } else if (pointed === undefined && 'person' in now && app.usersSource.latest() !== before)
        pointed = now.person
      if (step.do === 'field') aimed = clicked === true ? 'panel' : aimed
      else if (step.do === 'find') aimed = step.enter ? undefined : 'search'
      else if (hands.has(step.do) || step.do === 'sort') aimed = undefined
      if (aimed !== undefined)
        expect(['cell', 'editor'], `${told()}: the focus after a click on the ${aimed}`).not.toContain(now.in)
      if (step.do === 'settle' && app.identityNow()) {
        const list = main.listed(app.useUsers.getState().query)
        const there = rowsSeen().map((row) => [Number(row.getAttribute('aria-rowindex')) - 2, personIn(row)])
        for (const [index, person] of there)
          if (person !== undefined) expect(person, `${told()}: row ${index}`).toBe(list[Number(index)])
        if (list.length > 0) expect(there.length, told()).toBeGreaterThan(0)
      }
      if (!look && at < steps.length - 1) continue
      const server = app.identityNow()?.connectionId
      const { seen, wrote } = await wouldChange()
      if (wrote.length > 0) pressed[seen.in]++
      if ('person' in seen) {
        for (const each of wrote) expect(each, told()).toBe(`${server} ${seen.person} ${seen.path}`)
        if (wrote.length > 0) {
          if (pointed !== undefined)
            expect(seen.person, `${told()}: the person that was pointed at`).toBe(pointed)
          expect(panelPerson() ?? seen.person, `${told()}: the details`).toBe(seen.person)
        }
      } else expect(wrote, told()).toEqual([])
      if (step.do === 'settle') {
        const cursor = query('.grid-body [role=gridcell][tabindex="0"]')
        const there = personIn(cursor?.closest('[role=row]'))
        if (there !== undefined && now.in === 'cell')
          expect(panelPerson(), `${told()}: the details`).toBe(there)
      }
    }
  } finally {
    await end()
  }
}

const sequences = fc.array(fc.record({ step: stepOf, look: fc.boolean() }), { minLength: 4, maxLength: 16 })

/** Sequences that went wrong once. */
const met: { step: Step; look: boolean }[][] = [
  // A list that is as long as the one before, with none in between, was not drawn.
  [
    { do: 'server', at: 1 } as const,
    { do: 'find', text: 'u0', enter: false } as const,
    { do: 'settle' } as const,
  ].map((step) => ({ step, look: false })),
]

test(
  'a key changes the person and the field that the screen shows as current, whatever has happened',
  async () => {
    let followed = 0
    const property = fc.asyncProperty(sequences, async (steps) => {
      await follow(steps)
      if (++followed % 100 === 0) console.log(`${followed} of ${runs} sequences`)
    })
    await fc.assert(property, {
      numRuns: runs,
      examples: met.map((steps) => [steps]),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    })
    // It was not quiet because nothing could be changed.
    for (const where of ['cell', 'editor', 'panel'] as const)
      expect(pressed[where], `keys in the ${where} that changed something`).toBeGreaterThanOrEqual(
        Math.floor(runs / 30),
      )
  },
  longest,
)

/** More than enough for each mistake: it is found in the first dozens or hundreds. */
const most = 3000
test.runIf(process.env.SEQUENCES_PLANTED).each(Object.keys(mistakes) as Mistake[])(
  '%s is found',
  async (mistake) => {
    plant(mistake)
    try {
      const found = await fc.check(fc.asyncProperty(sequences, follow), {
        numRuns: most,
        endOnFailure: true,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      })
      console.log(
        `${mistake}: ${found.failed ? '' : 'not '}found in ${found.numRuns} sequences. ${found.errorInstance}`,
      )
      expect(found.failed).toBe(true)
    } finally {
      plant(undefined)
    }
  },
  36_000_000,
)
