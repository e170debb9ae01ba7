import { drawn } from '../../shared/user/value'

/** A value in a comparison: an empty or unknown one is said, in another voice than a text of the same letters. */
export function Said({ text }: { text: string | undefined }) {
  if (text === undefined) return <span className="not-said">not known</span>
  if (text === '') return <span className="not-said">empty</span>
  return <bdi>{drawn(text)}</bdi>
}
