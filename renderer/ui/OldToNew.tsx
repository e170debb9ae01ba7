import { drawn } from '../../shared/user/value'
import { said } from './words'

/** What a field was and what it becomes. Each value keeps its own direction of writing: none of it turns the arrow. */
export function OldToNew({ old, now }: { old: string; now: string }) {
  return (
    <>
      <bdi>{drawn(said(old))}</bdi> → <bdi>{drawn(said(now))}</bdi>
    </>
  )
}
