import { type ReactNode, useContext, useEffect } from 'react'
import { ComboBoxStateContext, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import { finds } from '../../shared/query/find'
import { fold } from '../../shared/query/fold'
import { count } from './words'

export interface Option {
  readonly id: string
  readonly label: string
  readonly note?: string
  /** What stands in the box once it is chosen; the label when left out. */
  readonly text?: string
}

/** Entries drawn at once; typing narrows the rest. */
const most = 200

/** The options that hold every typed word, as many as are drawn, and how many more there are. */
export function matchingOptions(options: readonly Option[], typed: string | undefined) {
  const text = typed ?? ''
  const all = fold(text) === ''
  const hits = all ? options : options.filter(({ label, note = '' }) => finds(`${label} ${note}`, text))
  return { items: hits.slice(0, most), more: Math.max(0, hits.length - most), all }
}

/** What a keyboard can reach, and the heading that says where one is. */
const reachable = 'a[href], button, input, select, textarea, [tabindex], h1'

/**
 * While its list is open the library hides the rest of the page from screen readers, though a keyboard still reaches
 * it and the list closes by itself when left. What can be reached is not hidden.
 */
function useNothingHidden(): void {
  useEffect(() => {
    // After the library, which does so once the list is in the page.
    const frame = requestAnimationFrame(() => {
      for (const each of document.querySelectorAll('[aria-hidden=true]')) {
        if (each.matches(reachable) || each.querySelector(reachable)) each.removeAttribute('aria-hidden')
      }
    })
    return () => cancelAnimationFrame(frame)
  })
}

function Open() {
  useNothingHidden()
  return null
}

/** What a box with a list is typed in. Escape closes an open list, and nothing that lies around the box. */
export function PickerBox({ children }: { children: ReactNode }) {
  const state = useContext(ComboBoxStateContext)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps a key from going further.
    <div
      className="picker-box"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && state?.isOpen) event.stopPropagation()
      }}
    >
      {children}
    </div>
  )
}

/** The part of the page that a list belongs to, so that it is not outside of them all. */
const partInUse = (): Element =>
  document.activeElement?.closest('[role=dialog], [role=alertdialog], main') ?? document.body

/** The list under a box to choose from; the box is a React Aria ComboBox, which gives it its items. */
export function OptionsList({ more, empty }: { readonly more: number; readonly empty: string }) {
  return (
    <Popover className="popover picker-list" offset={4} UNSTABLE_portalContainer={partInUse()}>
      <Open />
      <ListBox className="list" renderEmptyState={() => <div className="list-empty">{empty}</div>}>
        {(option: Option) => (
          <ListBoxItem id={option.id} textValue={option.text ?? option.label} className="list-item">
            <span className="list-label">{option.label}</span>
            {option.note && <span className="list-note"> {option.note}</span>}
          </ListBoxItem>
        )}
      </ListBox>
      {more > 0 && <div className="list-more">{count(more)} more: type to narrow them down</div>}
    </Popover>
  )
}
