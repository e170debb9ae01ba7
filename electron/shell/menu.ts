import type { MenuItemConstructorOptions } from 'electron'

type Item = MenuItemConstructorOptions

/**
 * The native menu, in the order that each platform's people expect. Items of ours send a `command` to the page; the
 * page hears the same keys first and may take them for itself.
 */
export function menuTemplate(options: {
  platform: NodeJS.Platform
  /** Sends a `command` event: `palette`, `search`, `save`, `shortcuts`, `page:users`, … */
  command: (name: string) => void
  openLogs: () => void
  developer: boolean
}): Item[] {
  const { platform, command, openLogs, developer } = options
  const mac = platform === 'darwin'
  const ask = (label: string, name: string, accelerator?: string): Item => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => command(name),
  })
  const line: Item = { type: 'separator' }

  const app: Item = {
    role: 'appMenu',
    label: 'Gungnir',
    submenu: [
      ask('About Gungnir', 'about'),
      line,
      ask('Connections…', 'page:connections', 'Cmd+,'),
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  }
  const file: Item = {
    label: '&File',
    submenu: [
      ask('&Save all', 'save', 'CmdOrCtrl+S'),
      ask('Sync &Now', 'sync', 'CmdOrCtrl+Shift+S'),
      line,
      ask('&Refresh Users', 'refresh', 'CmdOrCtrl+R'),
      line,
      ask('&Back Up Everything…', 'backup'),
      ask('Res&tore a Back-up…', 'restore'),
      line,
      mac ? { role: 'close' } : { role: 'quit' },
    ],
  }
  const edit: Item = {
    label: '&Edit',
    submenu: [
      // The page knows whether a text or an edit of a user is meant.
      ask('&Undo', 'undo', 'CmdOrCtrl+Z'),
      ask('&Redo', 'redo', mac ? 'Shift+Cmd+Z' : 'Ctrl+Y'),
      line,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      line,
      { role: 'selectAll' },
      line,
      ask('&Find', 'search', 'CmdOrCtrl+F'),
    ],
  }
  const view: Item = {
    label: '&View',
    submenu: [
      ask('&Users', 'page:users', 'CmdOrCtrl+1'),
      ask('&Outbox', 'page:outbox', 'CmdOrCtrl+2'),
      ask('&History', 'page:history', 'CmdOrCtrl+3'),
      ask('&Connections', 'page:connections', 'CmdOrCtrl+4'),
      line,
      ask('Command &Palette…', 'palette', 'CmdOrCtrl+K'),
      line,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(developer ? [line, { role: 'toggleDevTools' } as Item] : []),
    ],
  }
  const window: Item = {
    role: 'windowMenu',
    submenu: [{ role: 'minimize' }, { role: 'zoom' }, line, { role: 'front' }],
  }
  const help: Item = {
    role: 'help',
    label: '&Help',
    submenu: [
      ask('&Guide', 'guide'),
      ask('&Search Language', 'search-help'),
      ask('&Keyboard Shortcuts', 'shortcuts'),
      line,
      ask('&Report a Problem…', 'report'),
      ask('Check for &Updates…', 'updates'),
      { label: 'Open &Log Folder', click: openLogs },
      ...(mac ? [] : [line, ask('&About Gungnir', 'about')]),
    ],
  }
  return mac ? [app, file, edit, view, window, help] : [file, edit, view, help]
}
