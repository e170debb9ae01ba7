import { fold, isWord } from './fold'
import { callWordsOf, searchNameOf, stateLabels, userStates } from './names'
import { type Token, tokensOf } from './parse'

function inWords({ negate, name, value, quoted }: Token): string | undefined {
  const not = negate ? 'not ' : ''
  if (name === undefined) return isWord(value) ? `${not}“${value}” anywhere` : undefined
  const own = fold(name)
  if (own === 'is') {
    const state = userStates.find((each) => each === fold(value))
    return state && `${not}“${stateLabels[state]}”`
  }
  const field = searchNameOf(own === 'has' ? value : name)
  if (field === undefined) return value === '' ? undefined : `${not}“${name}:${value}” anywhere`
  const asked = callWordsOf(field).find(({ word }) => word === fold(value))
  if (own !== 'has' && asked !== undefined) return `${not}“${asked.label}”`
  if (own === 'has' || /^\*+$/.test(value)) return `${field.label} is ${negate ? '' : 'not '}empty`
  if (fold(value) === '') return undefined
  if (value.includes('*')) return `${field.label} ${negate ? 'is not' : 'is'} like “${value}”`
  // Numbers are found whole in their own field, texts by any part.
  if (quoted || /^[\d\s+().-]+$/.test(value)) return `${field.label} ${negate ? 'is not' : 'is'} “${value}”`
  return `${field.label} ${negate ? 'has no' : 'has'} “${value}”`
}

/** How a search was understood, one part after another; nothing when it is made of plain words only, which say it themselves. */
export function understood(search: string): readonly string[] {
  const tokens = tokensOf(search, [])
  if (tokens.every(({ negate, name }) => !negate && name === undefined)) return []
  return tokens.flatMap((token) => inWords(token) ?? [])
}
