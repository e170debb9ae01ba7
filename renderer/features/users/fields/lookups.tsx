import { ChevronDown } from 'lucide-react'
import { useContext, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Button as AriaButton, ComboBox, ComboBoxStateContext, Input } from 'react-aria-components'
import type { ExtensionFacts } from '../../../../shared/ipc/contract'
import type { Json } from '../../../../shared/json'
import { cellValue } from '../../../../shared/user/cell'
import type { UserKey } from '../../../../shared/user/types'
import { isEmptyValue, plainText, sameValue } from '../../../../shared/user/value'
import { ask, gungnir } from '../../../kernel/bridge'
import { identityNow } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { matchingOptions, OptionsList, PickerBox } from '../../../ui/OptionsList'
import { shownWords } from '../list/shownWords'
import type { ControlProps } from './control'
import { Frame, noteId } from './Frame'
import { TextControl } from './texts'
import { useLookup } from './useLookup'

interface Props extends ControlProps {
  readonly user: UserKey
}

const settleMs = 250

/** One of what the server has, which searches as one types. What is not in the list can be written all the same. */
export function LookupControl(props: Props & { readonly lookup: Parameters<typeof useLookup>[0] }) {
  const { field, value, typed, problem, was, look, onValue, user, lookup } = props
  const id = useId()
  const { answer, load } = useLookup(lookup, user)
  const [writing, setWriting] = useState<string>()
  const [picked, setPicked] = useState(0)
  const shown = (option: Json) => shownWords(field.path, option)
  const text = writing ?? typed ?? shown(value ?? null)
  const options = answer?.options ?? []
  const { items, more } = useMemo(
    () =>
      matchingOptions(
        (answer?.options ?? []).map(({ value: option, label, note }, at) => ({
          id: String(at),
          label,
          text: shownWords(field.path, option),
          ...(note === undefined ? {} : { note }),
        })),
        writing,
      ),
    [answer, field.path, writing],
  )
  const chosen = options.find((option) => value !== undefined && sameValue(field.path, option.value, value))

  const take = (next: string) => {
    setWriting(next)
    const option = options.find((each) => each.label === next || shown(each.value) === next)
    onValue(
      option?.value ??
        (field.kind === 'object' && next.trim() !== '' ? cellValue(field.path, next, user) : next),
    )
  }

  const hint =
    answer?.why !== undefined
      ? `The list: ${answer.why}`
      : writing === undefined && field.kind !== 'object'
        ? chosen?.note
        : undefined
  return (
    <Frame id={id} label={field.label} look={look} was={was} problem={problem} hint={hint}>
      <ComboBox
        className="picker picker-field"
        aria-label={field.label}
        items={items}
        inputValue={text}
        // A chosen key that turns up when the list arrives would close it; so none is told, and it is closed by hand.
        value={null}
        allowsCustomValue
        allowsEmptyCollection
        onFocus={load}
        onInputChange={(next) => next !== text && take(next)}
        onChange={(key) => {
          const option = key === null ? undefined : options[Number(key)]
          if (!option) return
          setPicked((times) => times + 1)
          setWriting(undefined)
          onValue(option.value)
        }}
        onBlur={() => setWriting(undefined)}
      >
        <CloseAfter picked={picked} />
        <PickerBox>
          <Input
            id={id}
            dir="auto"
            className="input"
            placeholder={value === undefined ? 'Not read yet' : ''}
            spellCheck={false}
            aria-invalid={problem !== undefined}
            aria-describedby={noteId(id)}
          />
          <AriaButton className="picker-open" aria-label={`Show ${field.label.toLowerCase()} list`}>
            <ChevronDown size={14} aria-hidden />
          </AriaButton>
        </PickerBox>
        <OptionsList more={more} empty={answer === undefined ? 'Reading…' : 'No match'} />
      </ComboBox>
      {field.clear !== 'no' && value !== undefined && !isEmptyValue(value) && field.kind === 'object' && (
        <Button look="quiet" aria-label={`Clear ${field.label}`} onPress={() => onValue(null)}>
          Clear
        </Button>
      )}
    </Frame>
  )
}

/** Closes the list each time something was picked. */
function CloseAfter({ picked }: { picked: number }) {
  const state = useContext(ComboBoxStateContext)
  const latest = useRef(state)
  latest.current = state
  useEffect(() => {
    if (picked > 0) latest.current?.close()
  }, [picked])
  return null
}

/** An extension, with what the group allows, who has it already, and the next that is free. */
export function ExtensionControl({ user, ...props }: Props) {
  const { value, typed, onValue } = props
  const written = typed ?? plainText(value)
  const changed = props.look === 'changed' || props.look === 'invalid'
  const [known, setKnown] = useState<{ readonly of: string; readonly facts: ExtensionFacts }>()
  const [asked, setAsked] = useState(false)
  const { serviceProviderId, groupId, userId } = user

  useEffect(() => {
    if (!asked && !changed) return
    let gone = false
    const timer = setTimeout(() => {
      const key = { serviceProviderId, groupId, userId }
      const digits = /^[0-9]{1,30}$/.test(written) ? { value: written } : {}
      const as = identityNow()
      if (as === undefined) return
      ask(gungnir.users.extension({ as, key, ...digits })).then(
        (facts) => !gone && setKnown({ of: written, facts }),
        () => undefined,
      )
    }, settleMs)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [asked, changed, written, serviceProviderId, groupId, userId])

  const facts = known?.facts
  const rule =
    facts?.min === undefined
      ? undefined
      : facts.min === facts.max
        ? `${facts.min} digits in this group.`
        : `${facts.min} to ${facts.max} digits in this group.`
  const short =
    facts?.min !== undefined && facts.max !== undefined && written !== '' && changed
      ? written.length < facts.min || written.length > facts.max
      : false
  const taken =
    facts?.takenBy === undefined || known?.of !== written
      ? undefined
      : `${written} is taken by ${facts.takenBy}.`
  return (
    <TextControl
      {...props}
      warning={taken ?? (short ? rule : undefined)}
      hint={asked ? [rule, facts?.usersOnly && 'Known of users only.'].filter(Boolean).join(' ') : undefined}
      onFocus={() => setAsked(true)}
      beside={
        facts?.nextFree !== undefined && (
          <Button look="quiet" onPress={() => onValue(facts.nextFree ?? '')}>
            {`Next free extension: ${facts.nextFree}`}
          </Button>
        )
      }
    />
  )
}
