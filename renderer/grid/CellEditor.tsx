import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'

/** Where the cursor goes when an editor closes; `elsewhere`: the focus has gone its own way, and stays there. */
export type Leave = 'down' | 'right' | 'left' | 'stay' | 'elsewhere'

interface Props {
  readonly label: string
  readonly text: string
  /** Why the text cannot be taken. */
  readonly problem: string | undefined
  /** Selects all of the text at first, so that typing replaces it; otherwise the caret stands at its end. */
  readonly selectAll: boolean
  readonly suggest?: (() => Promise<readonly string[]>) | undefined
  readonly onText: (text: string) => void
  /** Take the text and go; false when it could not be taken. */
  readonly onCommit: (leave: Leave) => boolean
  readonly onCancel: () => void
}

const mostOptions = 1000

/** A text box in a cell. Its keys are its own: none of them reaches the grid or the page. */
export function CellEditor({ label, text, problem, selectAll, suggest, onText, onCommit, onCancel }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const noteRef = useRef<HTMLDivElement>(null)
  const problemId = useId()
  const listId = useId()
  const [options, setOptions] = useState<readonly string[]>([])
  const question = useRef(suggest)

  // Asked once, as the editor opens. Without an answer a person types.
  useEffect(() => {
    let gone = false
    question.current?.().then(
      (answer) => !gone && setOptions(answer),
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [])

  useLayoutEffect(() => {
    const element = input.current
    if (!element) return
    element.focus({ preventScroll: true })
    if (selectAll) element.select()
    else element.setSelectionRange(element.value.length, element.value.length)
  }, [selectAll])

  // The reason stands below the cell, or above it where the grid ends.
  useLayoutEffect(() => {
    const note = noteRef.current
    const grid = note?.closest('[role=grid]')
    if (problem === undefined || !note || !grid) return
    delete note.dataset.above
    if (note.getBoundingClientRect().bottom > grid.getBoundingClientRect().bottom) note.dataset.above = ''
  }, [problem])

  return (
    <>
      <input
        dir="auto"
        ref={input}
        className="grid-input"
        aria-label={label}
        list={options.length > 0 ? listId : undefined}
        aria-invalid={problem !== undefined}
        aria-errormessage={problem === undefined ? undefined : problemId}
        aria-describedby={problem === undefined ? undefined : problemId}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onBlur={(event) => {
          // Going elsewhere takes the text along; if it cannot be taken, the editor waits here with the reason.
          const within = event.currentTarget.closest('[role=grid]')
          // A window that is left keeps its place for the return.
          const leave = document.hasFocus() ? 'elsewhere' : 'stay'
          if (!onCommit(leave) && within?.contains(event.relatedTarget)) event.currentTarget.focus()
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          const leave = leaveFor(event.key, event.shiftKey)
          if (event.key === 'Escape') onCancel()
          else if (leave) onCommit(leave)
          else {
            if (!event.ctrlKey && !event.metaKey) event.stopPropagation()
            return
          }
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      {options.length > 0 && (
        <datalist id={listId}>
          {options.slice(0, mostOptions).map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
      {problem !== undefined && (
        <div ref={noteRef} id={problemId} className="grid-problem" role="alert">
          {problem}
        </div>
      )}
    </>
  )
}

function leaveFor(key: string, shift: boolean): Leave | undefined {
  if (key === 'Enter') return 'down'
  if (key === 'Tab') return shift ? 'left' : 'right'
  return undefined
}
