import { Copy, Plus, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { fieldAt, fields } from '../../../../shared/user/catalogue'
import { stepNames } from '../../../../shared/user/template'
import { Button, IconButton } from '../../../ui/Button'
import { MenuButton } from '../../../ui/MenuButton'
import { CopyFrom } from './CopyFrom'
import { openCopying } from './copying'
import { actsFor, actWords, draftProblem, newRule, type RuleDraft, ruleFields } from './rules'
import { changeRules, useBatch } from './store'

/** The rules, one under the other. */
export function RuleEditor() {
  const rules = useBatch((state) => state.rules)
  const problems = useBatch((state) => state.summary?.ruleProblems)
  return (
    <div className="rules">
      {rules.map((rule, at) => (
        <Rule
          key={rule.id}
          rule={rule}
          number={at + 1}
          only={rules.length === 1}
          problem={draftProblem(rule) ?? (rule.path === '' ? undefined : problems?.[rule.path])}
        />
      ))}
      <div>
        <Button look="quiet" icon={Plus} onPress={() => changeRules((all) => [...all, newRule()])}>
          Add a field
        </Button>
        <Button look="quiet" icon={Copy} onPress={openCopying}>
          Copy options from…
        </Button>
      </div>
      <CopyFrom />
    </div>
  )
}

interface Props {
  readonly rule: RuleDraft
  readonly number: number
  readonly only: boolean
  readonly problem: string | undefined
}

function Rule({ rule, number, only, problem }: Props) {
  const note = useId()
  const taken = useBatch((state) => state.rules)
    .filter(({ id }) => id !== rule.id)
    .map(({ path }) => path)
  const set = (change: Partial<RuleDraft>) =>
    changeRules((all) => all.map((each) => (each.id === rule.id ? { ...each, ...change } : each)))
  const fields = ruleFields()
  const sections = [...new Set(fields.map(({ section }) => section))]
  const label = fieldAt(rule.path)?.label ?? `Field ${number}`
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row.
    <div role="group" aria-label={label} className="rule">
      <select
        className="input"
        aria-label="Field"
        // biome-ignore lint/a11y/noAutofocus: what a person does first, in a new dialog as in a new line of it.
        autoFocus={rule.path === ''}
        value={rule.path}
        onChange={(event) => {
          const path = event.target.value
          const act = actsFor(path).includes(rule.act) ? rule.act : 'set'
          set({ path, act, text: act === 'set' ? '' : rule.text })
        }}
      >
        <option value="">Choose a field</option>
        {sections.map((section) => (
          <optgroup key={section} label={section}>
            {fields
              .filter((field) => field.section === section && !taken.includes(field.path))
              .map(({ path, label: name }) => (
                <option key={path} value={path}>
                  {name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <select
        className="input"
        aria-label="What to do"
        value={rule.act}
        disabled={rule.path === ''}
        onChange={(event) => set({ act: event.target.value as RuleDraft['act'] })}
      >
        {actsFor(rule.path).map((act) => (
          <option key={act} value={act}>
            {actWords[act]}
          </option>
        ))}
      </select>
      <div className="rule-what">
        <What rule={rule} set={set} noteId={note} problem={problem} />
        <div id={note}>
          {problem !== undefined && <p className="problem">{problem}</p>}
          {rule.act === 'build' && problem === undefined && <TemplateHelp />}
        </div>
      </div>
      <IconButton
        icon={X}
        name={`Remove ${label}`}
        isDisabled={only}
        onPress={() => changeRules((all) => all.filter(({ id }) => id !== rule.id))}
      />
    </div>
  )
}

const TemplateHelp = () => (
  <p className="small quiet">
    Such as <code>{'{{firstName|lower}}.{{lastName|plain}}@corp.example'}</code>,{' '}
    <code>{'{{dn:last4}}'}</code> or <code>{'{{seq:1000}}'}</code>. Steps: {stepNames.join(', ')}.
  </p>
)

interface WhatProps {
  readonly rule: RuleDraft
  readonly set: (change: Partial<RuleDraft>) => void
  readonly noteId: string
  readonly problem: string | undefined
}

/** A template, with the fields that can stand in it to be chosen: nobody knows their names by heart. */
function Template({ rule, set, common }: Pick<WhatProps, 'rule' | 'set'> & { readonly common: object }) {
  const box = useRef<HTMLInputElement>(null)
  const insert = (path: string) => {
    const { selectionStart, selectionEnd } = box.current ?? {}
    const from = selectionStart ?? rule.text.length
    const part = `{{${path}}}`
    set({ text: rule.text.slice(0, from) + part + rule.text.slice(selectionEnd ?? from) })
    requestAnimationFrame(() => {
      box.current?.focus()
      box.current?.setSelectionRange(from + part.length, from + part.length)
    })
  }
  return (
    <div className="rule-line">
      <input
        dir="auto"
        {...common}
        ref={box}
        aria-label="Template"
        onChange={(event) => set({ text: event.target.value })}
      />
      <MenuButton
        choices={fields
          .filter(({ kind }) => kind !== 'list' && kind !== 'object')
          .map(({ path, label }) => ({ id: path, label, run: () => insert(path) }))}
      >
        Insert field
      </MenuButton>
    </div>
  )
}

/** The value, template or search of a rule. */
function What({ rule, set, noteId, problem }: WhatProps) {
  const field = fieldAt(rule.path)
  const common = {
    className: 'input',
    value: rule.text,
    disabled: rule.path === '',
    spellCheck: false,
    'aria-invalid': problem !== undefined,
    'aria-describedby': noteId,
  }
  const choices =
    field?.kind === 'boolean'
      ? [
          { value: 'Yes', label: 'Yes' },
          { value: 'No', label: 'No' },
        ]
      : field?.choices
  switch (rule.act) {
    case 'clear':
      return <p className="quiet">Will be empty.</p>
    case 'build':
      return <Template rule={rule} set={set} common={common} />
    case 'replace':
      return (
        <>
          <div className="rule-line">
            <input
              dir="auto"
              {...common}
              aria-label="Find"
              placeholder="Find"
              onChange={(event) => set({ text: event.target.value })}
            />
            <input
              dir="auto"
              className="input"
              aria-label="Replace by"
              placeholder="Replace by"
              spellCheck={false}
              value={rule.by}
              onChange={(event) => set({ by: event.target.value })}
            />
          </div>
          <div className="rule-line">
            <label className="tick small">
              <input
                type="checkbox"
                checked={rule.matchCase}
                onChange={(event) => set({ matchCase: event.target.checked })}
              />
              Match case
            </label>
            <label className="tick small">
              <input
                type="checkbox"
                checked={rule.pattern}
                onChange={(event) => set({ pattern: event.target.checked })}
              />
              Regular expression
            </label>
          </div>
        </>
      )
    case 'set':
      if (choices) {
        return (
          <select {...common} aria-label="Value" onChange={(event) => set({ text: event.target.value })}>
            <option value="">Choose</option>
            {choices.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )
      }
      return field?.kind === 'list' ? (
        <textarea
          dir="auto"
          {...common}
          className="input input-lines"
          rows={2}
          aria-label="Value"
          placeholder="One in a line"
          onChange={(event) => set({ text: event.target.value })}
        />
      ) : (
        <input
          dir="auto"
          {...common}
          aria-label="Value"
          onChange={(event) => set({ text: event.target.value })}
        />
      )
  }
}
