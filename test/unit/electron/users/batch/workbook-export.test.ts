import { strFromU8, unzipSync } from 'fflate'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { usersWorkbook } from '../../../../../electron/features/users/batch/workbook-export'
import type { UserRow } from '../../../../../shared/user/shapes'

const paths = ['userId', 'groupId', 'serviceProviderId', 'firstName', 'extension', 'userIdShort']
const user: UserRow = {
  key: { serviceProviderId: 'acme', groupId: 'sales', userId: '+1@x' },
  fields: { firstName: '=1+1 & "Bo"', extension: '0417', userIdShort: '+1' },
  completeness: 'full',
  pending: {},
  state: 'clean',
}
const parts = unzipSync(Buffer.concat([...usersWorkbook(paths, [[user]])].map(({ text }) => text)))

interface Element {
  readonly name: string
  readonly at: Readonly<Record<string, string>>
  text: string
  readonly within: readonly string[]
}

/** Every element of a part that was written, in the order of the file. */
function elementsOf(part: string): Element[] {
  const all: Element[] = []
  const open: Element[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, at: attributes, text: '', within: open.map((outer) => outer.name) }
    all.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    for (const element of open) element.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.on('error', (error) => {
    throw error
  })
  parser.write(strFromU8(parts[part] as Uint8Array)).close()
  return all
}

const users = elementsOf('xl/worksheets/sheet1.xml')
const fields = elementsOf('xl/worksheets/sheet2.xml')
const named = (all: readonly Element[], name: string) => all.filter((element) => element.name === name)

/** By the number of a style: the format, and whether its cells are locked. */
const styles = (() => {
  const found: { format: string; locked: boolean }[] = []
  for (const { name, at, within } of elementsOf('xl/styles.xml')) {
    if (name === 'xf' && within.includes('cellXfs')) found.push({ format: at.numFmtId ?? '', locked: true })
    const last = found.at(-1)
    if (name === 'protection' && last) last.locked = at.locked !== '0'
  }
  return found
})()

describe('the workbook of an export', () => {
  it('has the names of the columns, and the user ids, in sight wherever one scrolls', () => {
    expect(named(users, 'pane').map(({ at }) => at)).toEqual([
      { xSplit: '1', ySplit: '1', topLeftCell: 'B2', activePane: 'bottomRight', state: 'frozen' },
    ])
    expect(named(fields, 'pane')[0]?.at).toMatchObject({ ySplit: '1', state: 'frozen' })
  })

  it('is protected, with every cell locked but those of fields that can be changed', () => {
    expect(named(users, 'sheetProtection').map(({ at }) => at.sheet)).toEqual(['1'])
    const locked = (style: string | undefined) => styles[Number(style)]?.locked
    // A cell that is not in the file is one of its column.
    expect(named(users, 'col').map(({ at }) => locked(at.style))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ])
    const cells = named(users, 'c').map(({ at }) => [at.r, locked(at.s)])
    expect(cells.slice(0, 6).every(([, isLocked]) => isLocked)).toBe(true)
    expect(cells.slice(6)).toEqual([
      ['A2', true],
      ['B2', true],
      ['C2', true],
      ['D2', false],
      ['E2', false],
      ['F2', true],
    ])
  })

  it('has every cell typed as text, and nothing that could be worked out', () => {
    const cells = named(users, 'c')
    expect(cells.map(({ at }) => [at.t, styles[Number(at.s)]?.format])).toEqual(
      cells.map(() => ['inlineStr', '49']),
    )
    expect(cells.slice(6).map(({ text }) => text)).toEqual([
      '+1@x',
      'sales',
      'acme',
      '=1+1 & "Bo"',
      '0417',
      '+1',
    ])
    expect(named(users, 'f')).toEqual([])
    expect(named(elementsOf('xl/workbook.xml'), 'sheet').map(({ at }) => at.name)).toEqual([
      'Users',
      'Fields',
    ])
  })

  it('explains the fields, their limits and the word that clears on a sheet of its own', () => {
    const rows = named(fields, 'row').map(({ text }) => text)
    expect(rows[0]).toBe('FieldIn this fileLimitsOne of')
    expect(rows.slice(1, 7)).toEqual([
      expect.stringMatching(/^User ID.*not changed/),
      expect.stringMatching(/^Group.*not changed/),
      expect.stringMatching(/^Service provider.*not changed/),
      'First nameCan be changedat most 30 characters',
      'ExtensionCan be changedat most 20 characters',
      expect.stringMatching(/^Short user IDOnly shown/),
    ])
    expect(rows).toContain('A cell with <clear> clears the field.')
  })
})
