import { describe, expect, test } from 'vitest'
import {
  afterSave,
  countEdits,
  firstProblem,
  noDrafts,
  readDrafts,
  storedDrafts,
  wasBefore,
  withEdit,
  withoutEdit,
  withoutOptions,
} from '../../../../renderer/features/users/drafts/drafts'

const ana = { key: { serviceProviderId: 'sp', groupId: 'g', userId: 'ana@x' }, name: 'Ana Ødegård' }
const bo = { key: { serviceProviderId: 'sp', groupId: 'g', userId: 'bo@x' }, name: 'Bo' }

describe('drafts', () => {
  test('gather edits by user and count them', () => {
    let drafts = withEdit(noDrafts, ana, 'extension', { base: '1234', mine: '1235' })
    drafts = withEdit(drafts, ana, 'title', { base: null, mine: 'Clerk' })
    drafts = withEdit(drafts, bo, 'title', { base: null, mine: 'Clerk' })
    expect(countEdits(drafts)).toEqual({ edits: 3, users: 2, problems: 0 })
  })

  test('of services stay when those of options are made anew', () => {
    const service = withEdit(noDrafts, ana, 'doNotDisturb.isActive', { base: false, mine: true })
    const both = withEdit(service, ana, 'title', { base: null, mine: 'Clerk' })
    expect(withoutOptions(both, 'ana@x')).toEqual(service)
    expect(withoutOptions(withEdit(noDrafts, ana, 'title', { mine: 'Clerk' }), 'ana@x').size).toBe(0)
  })

  test('keep the first base, whatever the server has meanwhile', () => {
    let drafts = withEdit(noDrafts, ana, 'extension', { base: '1234', mine: '1235' })
    drafts = withEdit(drafts, ana, 'extension', { base: '9999', mine: '1236' })
    expect(drafts.get('ana@x')?.edits.extension).toEqual({ base: '1234', mine: '1236' })
  })

  test('keep an empty base too, and learn one that was unknown', () => {
    let drafts = withEdit(noDrafts, ana, 'title', { base: null, mine: 'Clerk' })
    drafts = withEdit(drafts, ana, 'title', { base: 'Boss', mine: 'Head' })
    expect(drafts.get('ana@x')?.edits.title?.base).toBeNull()
    drafts = withEdit(noDrafts, ana, 'title', { mine: 'Clerk' })
    expect(Object.hasOwn(drafts.get('ana@x')?.edits.title ?? {}, 'base')).toBe(false)
    drafts = withEdit(drafts, ana, 'title', { base: 'Boss', mine: 'Clerk' })
    expect(drafts.get('ana@x')?.edits.title?.base).toBe('Boss')
  })

  test('an edit that goes back to its base is none, and a user without edits leaves', () => {
    let drafts = withEdit(noDrafts, ana, 'firstName', { base: 'Ana', mine: 'Anna' })
    drafts = withEdit(drafts, ana, 'firstName', { base: 'Ana', mine: ' Ana ' })
    expect(drafts.size).toBe(0)
    expect(withEdit(noDrafts, ana, 'title', { base: null, mine: null }).size).toBe(0)
  })

  test('a mistake stays until it is mended, and is found', () => {
    const drafts = withEdit(noDrafts, ana, 'extension', {
      base: '1',
      mine: '1',
      problem: 'Too short.',
      typed: '1',
    })
    expect(countEdits(drafts).problems).toBe(1)
    expect(firstProblem(drafts)).toMatchObject({ path: 'extension', problem: 'Too short.' })
    const mended = withEdit(drafts, ana, 'extension', { base: '1', mine: '1235' })
    expect(firstProblem(mended)).toBeUndefined()
    expect(mended.get('ana@x')?.edits.extension).toEqual({ base: '1', mine: '1235' })
  })

  test('what changed while it was being saved stays, based on what was saved', () => {
    const saved = withEdit(
      withEdit(noDrafts, ana, 'extension', { base: '1234', mine: '1235' }),
      bo,
      'title',
      { base: null, mine: 'Clerk' },
    )
    const meanwhile = withEdit(saved, ana, 'extension', { mine: '1236' })
    const left = afterSave(meanwhile, saved)
    expect([...left.keys()]).toEqual(['ana@x'])
    expect(left.get('ana@x')?.edits).toEqual({
      extension: { base: '1235', own: { old: '1234' }, mine: '1236' },
    })
    expect(afterSave(saved, saved).size).toBe(0)
  })

  test('dropping one edit keeps the others', () => {
    let drafts = withEdit(noDrafts, ana, 'extension', { base: '1234', mine: '1235' })
    drafts = withEdit(drafts, ana, 'title', { base: null, mine: 'Clerk' })
    expect(Object.keys(withoutEdit(drafts, 'ana@x', 'title').get('ana@x')?.edits ?? {})).toEqual([
      'extension',
    ])
    expect(withoutEdit(drafts, 'nobody', 'title')).toBe(drafts)
  })

  test('are read back as they were stored, and nothing else is', () => {
    const drafts = withEdit(noDrafts, ana, 'aliases', { base: [], mine: ['a@b'] })
    expect(readDrafts(storedDrafts(drafts))).toEqual(drafts)
    expect(readDrafts('{}')).toEqual(noDrafts)
    expect(readDrafts([null, { key: {} }, { key: ana.key, name: 'x', edits: { a: 1 } }])).toEqual(noDrafts)
  })

  test('over a value of ours that waited and was then discarded, an edit back to that value is still one', () => {
    const waiting = { base: 'Ours', own: { old: 'Theirs' } }
    let drafts = withEdit(noDrafts, ana, 'title', { ...waiting, mine: 'Newer' })
    expect(drafts.get('ana@x')?.edits.title).toEqual({ ...waiting, mine: 'Newer' })
    // Discarded: the row shows what the server has.
    drafts = withEdit(drafts, ana, 'title', { base: 'Theirs', mine: 'Ours' })
    expect(drafts.get('ana@x')?.edits.title).toEqual({ base: 'Theirs', mine: 'Ours' })
    expect(withEdit(drafts, ana, 'title', { base: 'Theirs', mine: 'Theirs' }).size).toBe(0)
  })

  test('what the server had under a waiting value was never seen: it is none after a discard either', () => {
    let drafts = withEdit(noDrafts, ana, 'title', { base: 'Ours', own: {}, mine: 'Newer' })
    drafts = withEdit(drafts, ana, 'title', { base: 'Theirs', mine: 'Ours' })
    expect(drafts.get('ana@x')?.edits.title).toEqual({ mine: 'Ours' })
  })

  test('a waiting value that has arrived is a base like any other', () => {
    const first = withEdit(noDrafts, ana, 'title', { base: 'Ours', own: { old: null }, mine: 'Newer' })
    const then = withEdit(first, ana, 'title', { base: 'Ours', mine: 'Newest' })
    expect(then.get('ana@x')?.edits.title).toEqual({ base: 'Ours', mine: 'Newest' })
    expect(withEdit(first, ana, 'title', { base: 'Ours', mine: 'Ours' }).size).toBe(0)
  })

  test('says what a field was before: not a value of ours that was discarded', () => {
    const edit = { base: 'Ours', own: { old: 'Theirs' }, mine: 'Newer' }
    expect(wasBefore(edit, { base: 'Ours', own: { old: 'Theirs' } })).toBe('Ours')
    expect(wasBefore(edit, { base: 'Ours' })).toBe('Ours')
    expect(wasBefore(edit, { base: 'Theirs' })).toBe('Theirs')
  })
})
