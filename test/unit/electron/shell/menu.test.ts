import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../../electron/shell/menu'

function menu(platform: NodeJS.Platform, developer = false) {
  const commands: string[] = []
  const template = menuTemplate({
    platform,
    command: (name) => commands.push(name),
    openLogs: () => {},
    developer,
  })
  const items = template.flatMap(({ submenu }) => submenu as MenuItemConstructorOptions[])
  return { template, items, commands }
}

const names = (items: MenuItemConstructorOptions[]) =>
  items.map(({ label, role }) => (label ?? role)?.replace('&', ''))

describe('the menu', () => {
  it('stands in the order of its platform', () => {
    expect(names(menu('darwin').template)).toEqual(['Gungnir', 'File', 'Edit', 'View', 'windowMenu', 'Help'])
    expect(names(menu('linux').template)).toEqual(['File', 'Edit', 'View', 'Help'])
    expect(names(menu('win32').template)).toEqual(['File', 'Edit', 'View', 'Help'])
  })

  it('quits from the app menu on macOS and from File elsewhere', () => {
    const last = (platform: NodeJS.Platform, index: number) =>
      (menu(platform).template[index]?.submenu as MenuItemConstructorOptions[] | undefined)?.at(-1)?.role
    expect(last('darwin', 0)).toBe('quit')
    expect(last('darwin', 1)).toBe('close')
    expect(last('linux', 0)).toBe('quit')
  })

  it.each(['darwin', 'linux', 'win32'] as const)(
    'reaches every page and verb on %s, each key once',
    (platform) => {
      const { items, commands } = menu(platform)
      for (const item of items) item.click?.({} as never, undefined, {} as never)
      for (const command of [
        'page:users',
        'page:outbox',
        'page:history',
        'page:connections',
        'save',
        'search',
        'palette',
        'guide',
        'search-help',
        'report',
        'about',
        'backup',
        'restore',
        'undo',
        'redo',
      ]) {
        expect(commands).toContain(command)
      }
      const keys = items.map(({ accelerator }) => accelerator).filter((key) => key !== undefined)
      expect(new Set(keys).size).toBe(keys.length)
      const palette = items.find(({ accelerator }) => accelerator === 'CmdOrCtrl+K')
      expect(palette?.label).toContain('Palette')
      for (const role of ['cut', 'copy', 'paste', 'selectAll', 'zoomIn', 'togglefullscreen']) {
        expect(items.map((item) => item.role)).toContain(role)
      }
    },
  )

  it('shows the developer tools only where they are wanted', () => {
    expect(names(menu('linux').items)).not.toContain('toggleDevTools')
    expect(names(menu('linux', true).items)).toContain('toggleDevTools')
  })
})
