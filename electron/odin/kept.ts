/** Where caches say that they have answered by themselves. */
const cacheHeaders = [
  'x-cache',
  'x-cache-status',
  'x-proxy-cache',
  'cf-cache-status',
  'cache-status',
] as const

/**
 * Whether an answer is a copy that somebody on the way had kept: it has an age, a warning that it is stale, or says that it was
 * found in a cache. It tells what the server had once, so nothing may be decided by it.
 */
export function isKept(headers: Readonly<Record<string, string>>): boolean {
  if (Number(headers.age) > 0 || /(^|,)\s*11[0-3]\b/.test(headers.warning ?? '')) return true
  return cacheHeaders.some((name) => /(^|[^a-z])(hit|stale)\b/i.test(headers[name] ?? ''))
}
