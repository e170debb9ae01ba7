const two = (value: number) => String(value).padStart(2, '0')

/** The day of a moment where the person is, as 2026-01-31: by it they look for a file. */
export function localDay(wall: number): string {
  const at = new Date(wall)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
