import type { EngineOptions } from './options'

/**
 * Full jitter: a uniformly random share of a doubling limit, so that many who failed together do not come back
 * together. `failures` counts from 1; `random` is uniform in [0, 1).
 */
export function backoffMs(
  failures: number,
  random: number,
  { backoffBaseMs, backoffCapMs }: Pick<EngineOptions, 'backoffBaseMs' | 'backoffCapMs'>,
): number {
  const limit = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(failures - 1, 30))
  // At least a little, so that a server that fails at once is not asked in a tight loop.
  return Math.max(Math.round(random * limit), Math.min(100, backoffBaseMs))
}
