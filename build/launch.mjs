import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { top } from './run.mjs'

/**
 * Playwright's preload of the main process, for `electron -r`: it holds the app back until Playwright listens. Without
 * it a window that opens while Playwright is still connecting now and then leaves both waiting for ever.
 */
export const playwrightLoader = join(top, 'node_modules/playwright-core/lib/server/electron/loader.js')

/**
 * The Chromium switches that this machine needs to run Electron at all, or quietly. Nothing on a usual desktop.
 *
 * @param {{ virtual?: boolean }} [options] virtual: the display is one that nobody looks at
 * @returns {string[]}
 */
export function launchSwitches({ virtual = false } = {}) {
  const switches = []
  if (process.platform !== 'linux') return switches
  // Chromium refuses to start its sandbox for root.
  if (process.getuid?.() === 0) switches.push('--no-sandbox')
  if (!existsSync('/dev/dri')) switches.push('--disable-gpu')
  // Where nobody looks there is often no system bus either, and Chromium says so every few seconds.
  if (virtual) switches.push('--log-level=3')
  return switches
}

/** Whether a window could be seen: always on Windows and macOS, on Linux only with a display server. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
