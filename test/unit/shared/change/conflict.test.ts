import { expect, it } from 'vitest'
import { conflictOver } from '../../../../shared/change/conflict'
import type { FieldEdit } from '../../../../shared/user/types'

it('a conflict keeps the values to decide by, and nothing of how the edit came about', () => {
  const edit = { path: 'title', base: 'Nurse', mine: 'Matron', moved: true } as FieldEdit
  expect(conflictOver(edit, 'Doctor')).toEqual({
    path: 'title',
    base: 'Nurse',
    theirs: 'Doctor',
    mine: 'Matron',
  })
  expect(Object.keys(conflictOver({ path: 'title', mine: 'Matron' }, 'Doctor'))).not.toContain('base')
})
