import { beforeAll, describe, expect, test, vi } from 'vitest'

type Keyboard = typeof import('../../../../renderer/ui/keyboard')
type Keys = typeof import('../../../../renderer/app/keys')

let keyboard: Keyboard
let keys: Keys

beforeAll(async () => {
  vi.stubGlobal('navigator', { platform: 'Linux x86_64' })
  vi.stubGlobal('HTMLElement', class {})
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('window', { addEventListener: () => undefined })
  keyboard = await import('../../../../renderer/ui/keyboard')
  keys = await import('../../../../renderer/app/keys')
})

const press = (
  key: string,
  code: string,
  held: { ctrl?: boolean; shift?: boolean; alt?: boolean; meta?: boolean; altGraph?: boolean } = {
    ctrl: true,
  },
) =>
  ({
    key,
    code,
    ctrlKey: held.ctrl === true,
    shiftKey: held.shift === true,
    altKey: held.alt === true,
    metaKey: held.meta === true,
    getModifierState: (name: string) => name === 'AltGraph' && held.altGraph === true,
    target: null,
  }) as unknown as KeyboardEvent

/** What each layout gives for the keys of the page, in the order z, y, s, k, f, 1, 2, 3, 4. */
const layouts: Record<string, readonly (readonly [key: string, code: string])[]> = {
  US: ['z KeyZ', 'y KeyY', 's KeyS', 'k KeyK', 'f KeyF', '1 Digit1', '2 Digit2', '3 Digit3', '4 Digit4'].map(
    pair,
  ),
  German: [
    'z KeyY',
    'y KeyZ',
    's KeyS',
    'k KeyK',
    'f KeyF',
    '1 Digit1',
    '2 Digit2',
    '3 Digit3',
    '4 Digit4',
  ].map(pair),
  AZERTY: [
    'z KeyW',
    'y KeyY',
    's KeyS',
    'k KeyK',
    'f KeyF',
    '& Digit1',
    'é Digit2',
    '" Digit3',
    "' Digit4",
  ].map(pair),
  Russian: [
    'я KeyZ',
    'н KeyY',
    'ы KeyS',
    'л KeyK',
    'а KeyF',
    '1 Digit1',
    '2 Digit2',
    '3 Digit3',
    '4 Digit4',
  ].map(pair),
  Greek: [
    'ζ KeyZ',
    'υ KeyY',
    'σ KeyS',
    'κ KeyK',
    'φ KeyF',
    '1 Digit1',
    '2 Digit2',
    '3 Digit3',
    '4 Digit4',
  ].map(pair),
  Hebrew: [
    'ז KeyZ',
    'ט KeyY',
    'ד KeyS',
    'ל KeyK',
    'כ KeyF',
    '1 Digit1',
    '2 Digit2',
    '3 Digit3',
    '4 Digit4',
  ].map(pair),
  Czech: [
    'z KeyY',
    'y KeyZ',
    's KeyS',
    'k KeyK',
    'f KeyF',
    '+ Digit1',
    'ě Digit2',
    'š Digit3',
    'č Digit4',
  ].map(pair),
  Arabic: [
    'ئ KeyZ',
    'غ KeyY',
    'س KeyS',
    'ن KeyK',
    'ب KeyF',
    '١ Digit1',
    '٢ Digit2',
    '٣ Digit3',
    '٤ Digit4',
  ].map(pair),
  Dvorak: [
    'z Slash',
    'y KeyT',
    's Semicolon',
    'k KeyV',
    'f KeyY',
    '1 Digit1',
    '2 Digit2',
    '3 Digit3',
    '4 Digit4',
  ].map(pair),
}

function pair(text: string): readonly [string, string] {
  const [key = '', code = ''] = text.split(' ')
  return [key, code]
}

describe.each(Object.entries(layouts))('shortcuts on a %s keyboard', (_, given) => {
  test('are those of a US keyboard', () => {
    const commands = given.map(([key, code]) => keys.pageCommand(press(key, code)))
    const pages = ['page:users', 'page:outbox', 'page:history', 'page:connections']
    expect(commands).toEqual(['undo', 'redo', 'save', 'palette', 'search', ...pages])
  })

  test('with Shift redo', () => {
    const [key, code] = given[0] ?? ['', '']
    expect(keys.pageCommand(press(key.toUpperCase(), code, { ctrl: true, shift: true }))).toBe('redo')
  })
})

test('what AltGr or Option writes is text, never a shortcut', () => {
  const polish = press('ż', 'KeyZ', { ctrl: true, alt: true, altGraph: true })
  const windows = press('@', 'KeyQ', { ctrl: true, alt: true, altGraph: true })
  const linux = press('ſ', 'KeyS', { altGraph: true })
  for (const each of [polish, windows, linux]) {
    expect(keys.pageCommand(each)).toBeUndefined()
    expect(keyboard.writesThirdLevel(each)).toBe(true)
    expect(keyboard.holdsCommand(each)).toBe(false)
  }
  expect(keyboard.writesThirdLevel(press('@', 'KeyL', { alt: true }), true)).toBe(true)
  expect(keyboard.writesThirdLevel(press('z', 'KeyZ'))).toBe(false)
  expect(keyboard.writesThirdLevel(press('ArrowLeft', 'ArrowLeft', { altGraph: true }))).toBe(false)
})

test('a Mac holds Cmd, not Ctrl', () => {
  expect(keyboard.holdsCommand(press('s', 'KeyS', { meta: true }), true)).toBe(true)
  expect(keyboard.holdsCommand(press('s', 'KeyS', { ctrl: true }), true)).toBe(false)
})
