import { Plus, X } from 'lucide-react'
import { type FocusEvent, useEffect, useId, useRef, useState } from 'react'
import type { Json, JsonObject } from '../../../../shared/json'
import type { Field, Part } from '../../../../shared/user/catalogue'
import { displayValue, plainText } from '../../../../shared/user/value'
import { Button, IconButton } from '../../../ui/Button'
import type { ControlProps } from './control'
import { Frame, noteId } from './Frame'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What a person is in the middle of writing: it stays as written, half-empty items included, until the focus
 * leaves the control.
 */
function useWriting(value: Json, onValue: (value: Json) => void) {
  const [writing, setWriting] = useState<Json>()
  return {
    shown: writing ?? value,
    write: (next: Json) => {
      setWriting(next)
      onValue(next)
    },
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setWriting(undefined)
    },
  }
}

const partsOf = (field: Field): readonly Part[] => (field.parts ?? []).filter((part) => !part.readOnly)

/** A few texts, or a few things of several parts, in order. */
export function ListControl({ field, value, problem, was, look, onValue }: ControlProps) {
  const id = useId()
  const { shown, write, onBlur } = useWriting(value ?? [], onValue)
  const items: readonly Json[] = Array.isArray(shown) ? shown : []
  const most = field.items ?? 100
  const set = (at: number, item: Json) => write(items.map((old, index) => (index === at ? item : old)))
  return (
    <Frame group id={id} label={field.label} look={look} was={was} problem={problem}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand beside its label. */}
      <div role="group" aria-labelledby={id} aria-describedby={noteId(id)} className="items" onBlur={onBlur}>
        {value === undefined && items.length === 0 && <span className="quiet">Not read yet</span>}
        {items.map((item, at) => (
          <div key={at} className="item">
            <Item field={field} item={item} number={at + 1} onItem={(next) => set(at, next)} />
            <IconButton
              icon={X}
              name={`Remove ${field.label} ${at + 1}`}
              onPress={() => write(items.filter((_, index) => index !== at))}
            />
          </div>
        ))}
        {items.length < most && (
          <Button
            look="quiet"
            icon={Plus}
            aria-label={`Add to ${field.label}`}
            onPress={() => write([...items, field.parts ? {} : ''])}
          >
            Add
          </Button>
        )}
      </div>
    </Frame>
  )
}

interface ItemProps {
  readonly field: Field
  readonly item: Json
  readonly number: number
  readonly onItem: (item: Json) => void
}

function Item({ field, item, number, onItem }: ItemProps) {
  if (!field.parts) {
    return (
      <input
        dir="auto"
        className="input"
        aria-label={`${field.label} ${number}`}
        value={typeof item === 'string' ? item : JSON.stringify(item)}
        spellCheck={false}
        onChange={(event) => onItem(event.target.value)}
      />
    )
  }
  return <Parts parts={partsOf(field)} value={item} prefix={`${field.label} ${number}`} onValue={onItem} />
}

/**
 * Something that the server replaces whole. Its parts are opened to be changed; with every part empty it is
 * cleared.
 */
export function PartsControl({ field, value, problem, was, look, onValue }: ControlProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const { shown, write, onBlur } = useWriting(value ?? null, onValue)
  if (!open && problem === undefined) {
    const text = value === undefined ? '' : displayValue(field.path, value)
    return (
      <Frame id={id} label={field.label} look={look} was={was} problem={undefined}>
        <div className="item">
          <input
            dir="auto"
            id={id}
            className="input input-plain"
            readOnly
            value={text}
            placeholder={value === undefined ? 'Not read yet' : 'empty'}
            title={text}
          />
          <Button look="quiet" aria-label={`Change ${field.label}`} onPress={() => setOpen(true)}>
            Change
          </Button>
        </div>
      </Frame>
    )
  }
  const empty = (next: JsonObject) => Object.values(next).every((part) => part === '' || part === null)
  return (
    <Frame group id={id} label={field.label} look={look} was={was} problem={problem}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand beside its label. */}
      <div role="group" aria-labelledby={id} aria-describedby={noteId(id)} className="items" onBlur={onBlur}>
        <Parts
          autoFocus={open}
          parts={partsOf(field)}
          value={shown}
          prefix={field.label}
          onValue={(next) => write(empty(next) ? null : next)}
        />
      </div>
    </Frame>
  )
}

interface PartsProps {
  readonly parts: readonly Part[]
  readonly value: Json
  readonly prefix: string
  /** For parts that were opened just now: the focus goes to the first. */
  readonly autoFocus?: boolean
  readonly onValue: (value: JsonObject) => void
}

function Parts({ parts, value, prefix, autoFocus = false, onValue }: PartsProps) {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (autoFocus) first.current?.focus()
  }, [autoFocus])
  const object: JsonObject = isObject(value) ? value : {}
  const text = (name: string) => plainText(Object.hasOwn(object, name) ? object[name] : undefined)
  return (
    <div className="parts">
      {parts.map((part, at) => {
        const label = `${prefix}: ${part.label}`
        const set = (next: string | boolean) => onValue({ ...object, [part.name]: next })
        if (part.flag !== undefined) {
          return (
            <label key={part.name} className="tick">
              <input
                type="checkbox"
                aria-label={label}
                checked={object[part.name] === true}
                onChange={(event) => set(event.target.checked)}
              />
              <span>{part.label}</span>
            </label>
          )
        }
        return (
          <div key={part.name}>
            <span className="part-label" aria-hidden>
              {part.label}
            </span>
            {part.choices ? (
              <select
                className="input"
                aria-label={label}
                value={text(part.name)}
                onChange={(event) => set(event.target.value)}
              >
                <option value="">Not set</option>
                {part.choices.map((choice) => (
                  <option key={choice.value} value={choice.value}>
                    {choice.label}
                  </option>
                ))}
              </select>
            ) : (
              <input
                dir="auto"
                ref={at === 0 ? first : undefined}
                className="input"
                aria-label={label}
                value={text(part.name)}
                spellCheck={false}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </div>
        )
      })}
    </div>
  )
}
