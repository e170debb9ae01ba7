import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { RowSource } from '../../../../renderer/grid/rowSource'
import { nothingSelected, type Selection } from '../../../../renderer/grid/selection'
import { type Selecting, useSelecting } from '../../../../renderer/grid/useSelecting'

interface Person {
  readonly id: string
}

/** A list whose rows may change, and what is chosen in it. */
function setUp(...ids: string[]) {
  let rows: Person[] = ids.map((id) => ({ id }))
  let selection: Selection = nothingSelected
  const source = {
    row: (index: number) => rows[index],
    total: () => rows.length,
    read: (first: number, last: number) => Promise.resolve(rows.slice(first, last + 1)),
  } as unknown as RowSource<Person>
  let selecting: Selecting | undefined
  const List = () => {
    selecting = useSelecting(source, ({ id }) => id, {
      selection,
      onSelection: (next) => {
        selection = next
      },
    })
    return null
  }
  renderToString(createElement(List))
  return {
    selecting: selecting as unknown as Selecting,
    becomes: (...now: string[]) => {
      rows = now.map((id) => ({ id }))
    },
    chosen: () => (selection.all ? ['all'] : [...selection.ids].sort()),
  }
}

it('extends from the person it began with, wherever they stand by then', () => {
  const { selecting, becomes, chosen } = setUp('ana', 'bob', 'cem', 'dan')
  selecting.toggle(1)
  becomes('zoe', 'ana', 'bob', 'cem', 'dan')
  selecting.extend(2, 3)
  expect(chosen()).toEqual(['bob', 'cem'])
})

it('begins anew at the cursor when that person is not in the list any more', () => {
  const { selecting, becomes, chosen } = setUp('ana', 'bob', 'cem', 'dan')
  selecting.extend(1, 2)
  becomes('ana', 'cem', 'dan', 'eva')
  selecting.extend(2, 3)
  expect(chosen()).toEqual(['dan', 'eva'])
})
