/**
 * The switches that the installed app may be started with: where its data lies, and what a screen, its driver or a desktop may
 * need. Chromium knows some thousand more, among them such that open the page to whoever asks (debugging by a port), load code
 * or take the walls down; and new ones come with each version.
 */
const allowed: ReadonlySet<string> = new Set([
  'user-data-dir',
  'lang',
  'log-level',
  'disable-dev-shm-usage',
  'disable-gpu',
  'disable-gpu-compositing',
  'disable-software-rasterizer',
  'use-angle',
  'use-gl',
  'ozone-platform',
  'ozone-platform-hint',
  'enable-wayland-ime',
  'wayland-text-input-version',
  'gtk-version',
  'force-device-scale-factor',
  'high-dpi-support',
  'force-color-profile',
  'force-renderer-accessibility',
])

/**
 * The switches in a command line with which the installed app does not start, by name.
 *
 * @param args what stands behind the program
 * @param more what is allowed beside the usual
 */
export function refusedSwitches(
  args: readonly string[],
  { platform, more = [] }: { readonly platform: NodeJS.Platform; readonly more?: readonly string[] },
): string[] {
  const refused = new Set<string>()
  for (const arg of args) {
    // What follows are names of files, whatever they look like.
    if (arg === '--') break
    // Chromium takes one dash for two, and does not mind spaces around.
    const name = /^(?:--?|\/)(?=.)([^=]*)/s.exec(arg.trim())?.[1]
    // Only Windows has switches that begin with a slash; elsewhere that is a path.
    if (name === undefined || (arg.trim().startsWith('/') && platform !== 'win32')) continue
    if (!allowed.has(name) && !more.includes(name)) refused.add(name)
  }
  return [...refused]
}

/** Why the app does not start with them, and what to do. */
export function whyRefused(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `--${name.slice(0, 60)}`)
    .join(', ')
  const others = names.length > 5 ? ` and ${names.length - 5} others` : ''
  return `It was started with ${shown}${others}, which the installed app does not take: such switches can open its window to other programs or take its protection away. Nothing was opened. Start it without, and look at who added that to the shortcut or command.`
}
