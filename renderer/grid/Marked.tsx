import { drawn, turnsAround } from '../../shared/user/value'
import { segments } from './marks'

/** The text with the searched words in it marked. */
export function Marked({ text, marks }: { text: string; marks: readonly string[] }) {
  const parts = marked(text, marks)
  return turnsAround(text) ? <bdi>{parts}</bdi> : parts
}

function marked(text: string, marks: readonly string[]) {
  if (marks.length === 0) return drawn(text)
  return segments(text, marks).map((segment, at) =>
    segment.marked ? (
      <mark key={at}>{drawn(segment.text)}</mark>
    ) : (
      <span key={at}>{drawn(segment.text)}</span>
    ),
  )
}
