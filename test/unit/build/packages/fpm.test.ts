import { describe, expect, it } from 'vitest'
import { controlFile, parseArguments, specFile } from '../../../../build/packages/fpm.mjs'

/** As electron-builder gives them. */
const args = [
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libgtk-3-0 | libgtk-3-0t64'],
  ...['--deb-recommends', 'gnome-keyring', '--deb-compression', 'xz', '--architecture', 'amd64'],
  ...[
    '--description',
    'Looks after phone users\n One line that is long enough to be broken somewhere near its eightieth sign, as lists of packages want it.',
  ],
  ...[
    '--version',
    '1.2.0',
    '--package',
    '/out/gungnir.deb',
    '--name',
    'gungnir',
    '--maintainer',
    'A <a@b.example>',
  ],
  ...['/app/=/opt/Gungnir', '/icon.png=/usr/share/icons/hicolor/16x16/apps/gungnir.png'],
]

describe('arguments', () => {
  it('are taken as they come, lists in their order', () => {
    const { options, lists, files } = parseArguments(args)
    expect(options['--version']).toBe('1.2.0')
    expect(lists['-d']).toEqual(['libnss3', 'libgtk-3-0 | libgtk-3-0t64'])
    expect(files).toEqual([
      { from: '/app/', to: '/opt/Gungnir' },
      { from: '/icon.png', to: '/usr/share/icons/hicolor/16x16/apps/gungnir.png' },
    ])
  })

  it.each([
    [[...args, '--deb-systemd', 'x'], /--deb-systemd is not known here/],
    [[...args, 'nowhere'], /nowhere is not FROM=\/TO/],
    [args.filter((arg) => arg !== '--name' && arg !== 'gungnir'), /--name is missing/],
    [[...args, '--url'], /--url needs a value/],
  ])('are refused when something would be left out without a word: %#', (given, words) => {
    expect(() => parseArguments(given)).toThrow(words)
  })
})

it('the control file of a deb says what it needs, and its description in lines of 80', () => {
  const text = controlFile(parseArguments(args), 1234)
  expect(text).toContain('Depends: libnss3, libgtk-3-0 | libgtk-3-0t64\n')
  expect(text).toContain('Recommends: gnome-keyring\n')
  expect(text).toContain('Installed-Size: 1234\n')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text.endsWith('\n')).toBe(true)
})

it('the spec of an rpm takes no text of ours for a macro, and sorts a pre-release before its release', () => {
  const parsed = parseArguments(
    [...args, '--license', 'Proprietary'].map((arg) => (arg === '1.2.0' ? '1.2.0-beta.1' : arg)),
  )
  const text = specFile(parsed, {
    summary: '100% yours',
    scripts: { post: '#!/bin/sh\necho %{name}\n' },
    files: [
      { path: '/opt/Gungnir', folder: true },
      { path: '/opt/Gungnir/100%.txt', folder: false },
    ],
  })
  expect(text).toContain('Version: 1.2.0~beta.1\n')
  expect(text).toContain('Summary: 100%% yours\n')
  expect(text).toContain('echo %%{name}\n')
  expect(text).toContain('%dir "/opt/Gungnir"\n"/opt/Gungnir/100%%.txt"\n')
  expect(text).not.toContain('#!/bin/sh')
})
