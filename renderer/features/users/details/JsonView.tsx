import { useId, useState } from 'react'
import { basisOf } from '../../../../shared/change/basis'
import { type CopyForm, callAs } from '../../../../shared/history/copy-as'
import type { UserDetails } from '../../../../shared/ipc/contract'
import { bodyFor, editsFrom, nested } from '../../../../shared/user/patch'
import { validateField } from '../../../../shared/user/validate'
import { say } from '../../../kernel/messages'
import { lockedBecause, useStatus } from '../../../kernel/status'
import { copyText } from '../../../ui/clipboard'
import { MenuButton } from '../../../ui/MenuButton'
import { useConnections } from '../../connections/store'
import { changeDrafts, useDraft } from '../drafts/draftStore'
import { type Draft, type UserEdit, withEdits, withoutUser } from '../drafts/drafts'
import { shownName } from '../shownValue'

/** The change that is not saved yet as the body of its call. Edits with a mistake are not in it. */
function pendingBody(details: UserDetails, draft: Draft | undefined) {
  const edits = Object.entries(draft?.edits ?? {}).flatMap(([path, { mine, problem }]) =>
    problem === undefined ? [{ path, mine }] : [],
  )
  return bodyFor(details.key, edits)
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** The user and the change as the API has them, the change to be written as well. */
export function JsonView({ details }: { details: UserDetails }) {
  const draft = useDraft(details.key.userId)
  const id = useId()
  const [writing, setWriting] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const origin = useOrigin()
  const body = pendingBody(details, draft)

  const take = (text: string) => {
    setWriting(text)
    setProblem(applied(details, text))
  }
  const copy = (form: CopyForm) => {
    say(
      copyText(callAs(form, origin ?? 'https://HOST/api/v2', body))
        ? 'Copied.'
        : 'This computer did not allow copying.',
    )
  }
  return (
    <div className="json-view">
      <div className="json-head">
        <label className="grow" htmlFor={id}>
          Pending change
        </label>
        <MenuButton
          choices={[
            { id: 'odins_spear', label: 'odins_spear (Python)', run: () => copy('odins_spear') },
            { id: 'curl', label: 'curl', run: () => copy('curl') },
          ]}
        >
          Copy as
        </MenuButton>
      </div>
      <textarea
        id={id}
        className="input input-lines code"
        rows={10}
        spellCheck={false}
        value={writing ?? pretty(body)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => take(event.target.value)}
        onBlur={() => {
          if (problem === undefined) setWriting(undefined)
        }}
      />
      <p id={`${id}-note`} className={problem === undefined ? 'small quiet' : 'problem'}>
        {problem ?? 'The body of PUT /users. A field left out stays as it is, null clears it. Save sends it.'}
      </p>
      <h3>As last read</h3>
      <pre className="code selectable">
        {pretty({ ...details.key, ...nested(details.fields), ...details.extra })}
      </pre>
    </div>
  )
}

function useOrigin(): string | undefined {
  const id = useStatus(({ status }) => status?.connectionId)
  return useConnections(({ list }) => list?.find((connection) => connection.id === id)?.baseUrl)
}

/** Takes a written body as the user's unsaved edits, all or none; says what is wrong with it. */
function applied(details: UserDetails, text: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    return `This is not JSON yet: ${error instanceof Error ? error.message : ''}`
  }
  const edits = editsFrom(details.key, body as never)
  if ('problem' in edits) return edits.problem
  const user = { key: details.key, name: shownName(details, undefined) }
  const taken: UserEdit[] = []
  for (const { path, mine } of edits) {
    const checked = validateField(path, mine)
    if ('problem' in checked) return checked.problem
    const locked = lockedBecause(path)
    if (locked !== undefined) return locked
    taken.push({ user, path, edit: { mine: checked.value, ...basisOf(details, path) } })
  }
  changeDrafts((drafts) => withEdits(withoutUser(drafts, details.key.userId), taken), {
    what: `${details.key.userId}\nJSON`,
  })
  return undefined
}
